/** diagnose and measure from arguments to exit code, in this process: no surer than the nets they drew. */
import { describe, expect, it } from 'vitest';
import { sumText } from '../src/answers/length-text.js';
import { sampledShareText } from '../src/output/probability-text.js';
import { json, run } from './run-command.js';

describe('diagnose', () => {
  const failing = 'diagnose --widths 784,100*50 --init pytorch:linear --outputs 10';
  const ready = 'diagnose --widths 784,100*5 --init he-normal';

  it('has exactly the keys scripts rely on', async () => {
    const answer = await json(failing);
    expect(Object.keys(answer)).toEqual([
      ...['verdict', 'verdicts', 'startingShare', 'evidence', 'remedy'],
      ...['method', 'trials', 'notes'],
    ]);
    expect(answer['startingShare']).toBeLessThan(0.01);
    expect(answer['notes']).toEqual(expect.arrayContaining([expect.stringContaining('plain SGD')]));
    expect(answer['verdict']).toBe('fm1-vanishing');
  });

  it('tells people why, and what to change, with a command that asks again', async () => {
    const { stdout } = await run('diagnose --widths 784,10*50 --init he-normal', 80);
    expect(stdout).toMatch(/^✗ Training starts late, if at all: lengths scatter/);
    expect(stdout).toMatch(/^ {2}verdict +fm2-length-variance$/m);
    expect(stdout).toMatch(/\nWhy\n {2}✗ /);
    expect(stdout).toMatch(/\nWhat to change\n {2}1\. [A-Z]/);
    const command = /\$ kindling (diagnose --widths '784,\d+\*\d+' .*)/.exec(stdout)?.[1] ?? '';
    const again = await run(command.replaceAll("'", ''));
    expect(again.stderr).toBe('');
    expect(again.stdout).toMatch(/^✓ Training should start\./);
  });

  it('tells a share of random nets no surer than so many can', async () => {
    const { stdout } = await run('diagnose --widths 784,10*5 --init lsuv --data embedded', 80);
    const line = /^ {2}nets that start in time +over ([\d.]+) %, by theory and ([\d,]+) random nets$/m;
    const [, least = '', trials = ''] = line.exec(stdout) ?? [];
    const count = Number(trials.replace(',', ''));
    // The lower end of Wilson's 95 % interval for all of them.
    expect(Number(least) / 100).toBeCloseTo(count / (count + 1.96 * 1.96), 3);
  });

  it('calls a failure likely only when it is', async () => {
    const { stdout } = await run('diagnose --widths 784,5*20 --init he-normal-2x', 100);
    expect(stdout).toMatch(/^✗ Training is unlikely to start: /);
    expect(stdout.replaceAll('\n', ' ')).toMatch(/the net is often \([34]\d(\.\d)? %\) a constant function/);
    expect(stdout).not.toContain('likely a constant function');
  });

  it('leaves changes out that nobody can see', async () => {
    const { stdout } = await run('diagnose --widths 784,100*50 --init pytorch:linear', 100);
    expect(stdout).toContain('nets that start in time under 0.1 % → ');
    expect(stdout).not.toMatch(/born dead .* → /);
  });

  it.each([
    'diagnose --residual 10*60 --init he-normal',
    'diagnose --widths 784,5*20 --init he-normal-2x',
    'diagnose --conv 4x4x2,4*20 --init lecun-normal --outputs 3',
  ])('tells one share of the net as it is: %s', async (line) => {
    const { stdout } = await run(line, 160);
    const [, told = ''] = /^ {2}nets that start in time +((?:under |over )?[\d.]+ %),/m.exec(stdout) ?? [];
    const before = [...stdout.matchAll(/nets that start in time ((?:under |over )?[\d.]+ %) →/g)];
    expect(before.length).toBeGreaterThan(0);
    for (const [, share] of before) expect(share).toBe(told);
  });

  it('counts modules and their sums alike', async () => {
    const predicted = await run('predict --residual 3*1000 --init he-normal', 160);
    expect(predicted.stdout).toMatch(/Σ η_l +1,000 over 1,000 modules/);
    expect([sumText(1000), sumText(1234.5), sumText(999), sumText(2.5), sumText(null)]).toEqual([
      ...['1,000', '1,235', '999', '2.50', '–'],
    ]);
  });

  it('ends with 0 whatever the verdict, and with 3 where that is asked for', async () => {
    expect((await run(failing)).code).toBe(0);
    expect((await run(`${failing} --fail-on-verdict`)).code).toBe(3);
    expect((await run(`${ready} --fail-on-verdict`)).code).toBe(0);
  });
});

describe('measure', () => {
  it('has the keys of a prediction, and what nets can tell of them', async () => {
    const answer = await json('measure --widths 5,4*3 --init he-normal --trials 50');
    expect(Object.keys(answer)).toEqual([
      ...['sumReciprocalWidths', 'layers', 'lengthVarianceAcrossLayers', 'lengthVarianceStandardError'],
      ...['bornDead', 'trials', 'deadTrials', 'method', 'seed', 'refusals', 'notes'],
    ]);
    expect(answer).toMatchObject({ trials: 50, method: 'matrices', seed: 1 });
    expect(answer['bornDead']).toMatchObject({ measured: { probability: expect.any(Number) } });
  });

  it('looks for dead nets only where theory leaves room for one', async () => {
    const wide = await json('measure --widths 5,64*2 --init he-normal --trials 10');
    expect(wide['bornDead']).toEqual({ upper: expect.closeTo(2 * 2 ** -64, 25), measured: null });
    const lengths = await json('measure --widths 5,4*3 --init he-normal --trials 10 --method exact-law');
    expect(lengths['bornDead']).toMatchObject({ measured: null });
  });

  it('tells in words what so few nets cannot say', async () => {
    const { stdout } = await run('measure --widths 10,10*50 --init he-normal --method exact-law', 120);
    expect(stdout).toMatch(
      /^He normal: after 50 layers a typical length is [\d.]+ × 10⁻⁷ \(×\/÷ 1\.\d+\); theory says 2\.11 × 10⁻⁷/,
    );
    expect(stdout).toContain('S = 5: a mean over 1,000 nets says nothing about E[M²]');
    expect(stdout).toContain('── theory, mean');
    expect(stdout).toContain('●');
  });

  it('does not speak of a typical net of three', async () => {
    const { stdout } = await run('measure --widths 784,1*5 --init he-normal --trials 50', 100);
    expect(stdout).toMatch(
      /^He normal: after 5 layers lengths cannot be told: \d of 50 nets alive are too few\.$/m,
    );
    const { stdout: one } = await run('measure --widths 3,1*60 --init he-normal --trials 1', 100);
    expect(one).toContain('the only net is dead.');
  });

  it('says why it did not tell a number, and of which layers', async () => {
    const answer = await json('measure --widths 10,10*50 --init he-normal --trials 20 --method exact-law');
    const refusals = answer['refusals'] as readonly {
      quantity: string;
      layers: readonly number[];
      reason: string;
    }[];
    const of = (quantity: string) => refusals.find((refusal) => refusal.quantity === quantity);
    expect(of('lengthVarianceAcrossLayers')?.layers).toEqual([]);
    expect(of('bornDead')).toMatchObject({ layers: [], reason: 'the exact law draws no nets' });
  });

  it('of an unlucky exact law names the argument', async () => {
    const { code, stderr } = await run('measure --widths 5,4 --init he-uniform --method exact-law');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^kindling: --method [^\n]+\n$/);
  });
});

describe('a share of random nets', () => {
  it.each([
    [1, 16, 'over 80.6 %'],
    [0, 16, 'under 19.4 %'],
    [1, 1000, 'over 99.6 %'],
    [0.5, 16, '50 %'],
  ])('%f of %i is %s', (share, trials, told) => {
    expect(sampledShareText(share, trials)).toBe(told);
  });
});
