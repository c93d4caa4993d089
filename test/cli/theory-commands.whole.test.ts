/** The questions about a net, asked of the built command: numbers that are known, keys scripts rely on, words, refusals. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyDirectory, reaches, requireBuild, runKindling, startKindling } from './run-kindling.js';

let folder = '';

beforeAll(async () => {
  requireBuild();
  folder = await emptyDirectory();
});

afterAll(async () => {
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

/** What a command says to people; it must end well, and say nothing on stderr but how far it is. */
async function text(line: string): Promise<string> {
  const { code, stdout, stderr } = await runKindling(line.split(' '), folder);
  expect(stderr).toMatch(/^( *\d+ % [^\n]*\n)*$/);
  expect(code).toBe(0);
  return stdout;
}

/** What a command says to scripts. */
async function json<Answer>(line: string): Promise<Answer> {
  return JSON.parse(await text(`${line} --json`)) as Answer;
}

interface Layer {
  readonly layer: number;
  readonly width: number;
  readonly meanLength: number;
  readonly secondMoment: number | null;
  readonly meanLogLength: number;
}

interface Prediction {
  readonly sumReciprocalWidths: number;
  readonly layers: readonly Layer[];
  readonly lengthVarianceAcrossLayers: number | null;
  readonly bornDead: { readonly lower?: number; readonly upper: number };
  readonly notes: readonly string[];
}

interface Probability {
  readonly probability: number;
  readonly standardError: number;
}

interface Measurement extends Omit<Prediction, 'notes'> {
  readonly layers: readonly (Layer & {
    readonly standardError: number;
    readonly secondMomentStandardError: number | null;
    readonly meanLogLengthStandardError: number;
    readonly deadTrials: number;
  })[];
  readonly bornDead: Prediction['bornDead'] & { readonly measured: Probability | null };
  readonly trials: number;
  readonly deadTrials: number;
  readonly method: string;
  readonly seed: number;
  readonly refusals: readonly { readonly quantity: string; readonly reason: string }[];
}

describe('kindling predict', () => {
  it('has the values of the formulas', async () => {
    const answer = await json<Prediction>('predict --widths 20,20*10 --init he-normal');
    expect(answer.layers.at(-1)?.secondMoment).toBeCloseTo(9.31323, 5);
    expect(answer.lengthVarianceAcrossLayers).toBeCloseTo(1.41566, 5);
    expect(Math.exp(answer.layers.at(-1)?.meanLogLength ?? 0)).toBeCloseTo(0.2536, 4);
    expect(answer.sumReciprocalWidths).toBeCloseTo(0.5, 12);
    expect((await json<Prediction>('predict --widths 1,2*9 --init he-normal')).bornDead).toEqual({
      lower: expect.closeTo(0.87026, 5),
      upper: expect.closeTo(0.92492, 5),
    });
  });

  it('draws mean and typical length for people', async () => {
    const answer = await text('predict --widths 784,100*50 --init he-normal');
    expect(answer).toMatch(/^He normal keeps the mean length/);
    expect(answer).toMatch(/┤─+/);
    expect(answer).toContain('╌╌ typical net');
  });
});

describe('kindling measure', () => {
  const net = '--widths 20,20*10 --init he-normal';
  const lengths = `measure ${net} --trials 2000 --seed 1`;

  it.each(['matrices', 'exact-law'])('by %s agrees with theory', async (method) => {
    const [found, theory] = await Promise.all([
      json<Measurement>(`${lengths} --method ${method}`),
      json<Prediction>(`predict ${net}`),
    ]);
    expect(found).toMatchObject({ trials: 2000, method, seed: 1 });
    for (const [i, layer] of found.layers.entries()) {
      const expected = theory.layers[i];
      if (expected === undefined || expected.secondMoment === null)
        throw new Error('theory has no such layer');
      // Of a mean, from theory: √((E[M²] − 1) / trials).
      const error = Math.sqrt((expected.secondMoment - 1) / found.trials);
      expect(Math.abs(layer.meanLength - 1)).toBeLessThan(4 * error);
      expect(Math.abs(layer.meanLogLength - expected.meanLogLength)).toBeLessThan(
        4 * layer.meanLogLengthStandardError,
      );
    }
  });

  it('has the keys of a prediction, standard errors and counts of dead nets', async () => {
    const answer = await json<Measurement>(`measure ${net} --trials 100 --seed 1`);
    expect(Object.keys(answer)).toEqual([
      ...['sumReciprocalWidths', 'layers', 'lengthVarianceAcrossLayers', 'lengthVarianceStandardError'],
      ...['bornDead', 'trials', 'deadTrials', 'method', 'seed', 'refusals', 'notes'],
    ]);
    expect(Object.keys(answer.layers[0] ?? {})).toEqual([
      ...['layer', 'width', 'meanLength', 'standardError', 'secondMoment', 'secondMomentStandardError'],
      ...['meanLogLength', 'meanLogLengthStandardError', 'deadTrials'],
    ]);
  });

  it('is the same for the same seed, and another for another', async () => {
    const [once, again, other] = await Promise.all(
      [1, 1, 2].map((seed) => text(`measure ${net} --trials 50 --seed ${seed} --json`)),
    );
    expect(again).toBe(once);
    expect(other).not.toBe(once);
  });

  it('tells how many nets are born dead, between the bounds', async () => {
    const { bornDead, deadTrials } = await json<Measurement>(
      'measure --widths 1,2*9 --init he-normal --trials 4000',
    );
    const { probability, standardError } = bornDead.measured ?? { probability: Number.NaN, standardError: 0 };
    expect(Math.abs(probability - 0.8809)).toBeLessThan(4 * standardError + 0.001);
    expect(deadTrials).toBeGreaterThan(0.87 * 4000);
  });

  it('refuses what its nets cannot tell, and shows log lengths', async () => {
    const { refusals, layers } = await json<Measurement>(
      'measure --widths 10,10*50 --init he-normal --method exact-law',
    );
    expect(refusals.map(({ reason }) => reason).join()).toMatch(
      /^S = 5: a mean over 1,000 nets says nothing/,
    );
    expect(layers.at(-1)).toMatchObject({ secondMoment: null, secondMomentStandardError: null });
    expect(layers.at(-1)?.meanLogLength).toBeLessThan(-10);
    const words = await text('measure --widths 10,10*50 --init he-normal --method exact-law');
    expect(words).toContain('says nothing about');
    expect(words).toContain('typical');
  });

  it('passes images where data are named, also for initializers that look at them', async () => {
    const answer = await json<Measurement>(
      'measure --widths 784,30*3 --init lsuv --data embedded --trials 20',
    );
    expect(answer.layers).toHaveLength(3);
    expect(answer.bornDead.measured).toBeNull();
    // Deviation 1 before ReLU leaves a mean square near ½, and a mean that is not 0 more.
    for (const { meanLength } of answer.layers) expect(meanLength).toBeGreaterThan(0.2);
    const words = await text('measure --widths 784,30*3 --init he-normal --data embedded --trials 20');
    expect(words).toMatch(/1,500 images of embedded/);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops at %s with exit code %i and prints no numbers', async (signal, exit) => {
    const running = startKindling(
      ['measure', '--widths', '200,200*20', '--init', 'he-normal', '--trials', '1000000'],
      folder,
    );
    let said = '';
    running.child.stderr?.on('data', (chunk: string) => {
      said += chunk;
    });
    expect(await reaches(running, () => said.includes(' of 1,000,000 trials'))).toBe(true);
    running.child.kill(signal);
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(exit);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/ of 1,000,000 trials – nets of he-normal\n/);
    expect(stderr).toMatch(/Interrupted after [\d,]+ of 1,000,000 trials; [^\n]+\n$/);
  });
});

describe('kindling diagnose', () => {
  interface Diagnosis {
    readonly verdict: string;
    readonly verdicts: readonly string[];
    readonly evidence: readonly { readonly code: string; readonly value: number }[];
    readonly remedy: readonly { readonly text: string; readonly after: { readonly verdict: string } }[];
  }

  const failing = 'diagnose --widths 784,100*50 --init pytorch:linear --outputs 10';

  it('names the failure, the numbers and a remedy that works', async () => {
    const answer = await json<Diagnosis>(failing);
    expect(Object.keys(answer)).toEqual([
      ...['verdict', 'verdicts', 'startingShare', 'evidence', 'remedy'],
      ...['method', 'trials', 'notes'],
    ]);
    expect(answer.verdict).toBe('fm1-vanishing');
    expect(answer.verdicts).toContain('fm1-vanishing');
    expect(answer.evidence.length).toBeGreaterThan(0);
    expect(answer.remedy[0]?.after.verdict).toBe('starts');
    const words = await text(failing);
    expect(words).toMatch(/^✗ Training does not start: signals vanish/);
    expect(words).toMatch(/What to change\n {2}1\. /);
  });

  it('ends with 0 whatever the verdict, and with 3 where that is asked for', async () => {
    const ready = 'diagnose --widths 784,100*5 --init he-normal';
    expect(await text(ready)).toMatch(/^✓ Training should start\.\n/);
    const fail = async (line: string) =>
      (await runKindling([...line.split(' '), '--fail-on-verdict'], folder)).code;
    expect(await fail(failing)).toBe(3);
    expect(await fail(ready)).toBe(0);
  });
});

describe('kindling trainability', () => {
  it('has the published values', async () => {
    const line = 'trainability --input-dim 1 --radius 1.7320508 --width 8 --needed 4';
    const answer = await json<Readonly<Record<string, number>>>(line);
    expect(answer).toMatchObject({
      deadProbability: expect.closeTo(1 / 6, 6),
      trainability: expect.closeTo(0.9954, 4),
    });
    expect(await text(line)).toMatch(/At least 4 of 8 neurons/);
  });
});

describe('kindling born-dead', () => {
  interface BornDead {
    readonly lower?: number;
    readonly upper: number;
    readonly measured: Probability;
  }

  it('measures between its bounds', async () => {
    const answer = await json<BornDead>('born-dead --input-dim 1 --hidden 2*9');
    expect(Object.keys(answer)).toEqual(['lower', 'upper', 'measured']);
    expect(answer.lower).toBeCloseTo(0.87026, 5);
    expect(answer.upper).toBeCloseTo(0.92492, 5);
    const { probability, standardError } = answer.measured;
    // The published simulation has four digits of its own.
    expect(Math.abs(probability - 0.8809)).toBeLessThan(4 * standardError + 0.001);
  });

  it('shows what randomized asymmetric initialization is for', async () => {
    const [rai, words] = await Promise.all([
      json<BornDead>('born-dead --input-dim 1 --hidden 2*9 --init rai'),
      text('born-dead --input-dim 1 --hidden 2*9 --init rai'),
    ]);
    expect(rai.upper).toBe(1);
    expect(Math.abs(rai.measured.probability - 0.24)).toBeLessThan(4 * rai.measured.standardError + 0.01);
    expect(words).toMatch(/^Randomized asymmetric \(RAI\): 2\d/);
  });
});

describe('kindling initializers', () => {
  it('tells what each delivers', async () => {
    const { initializers } = await json<{
      readonly initializers: readonly {
        readonly name: string;
        readonly varianceRatio: number | null;
        readonly critical: boolean | null;
      }[];
    }>('initializers');
    const of = (name: string) => initializers.find((entry) => entry.name === name);
    expect(of('he-normal')).toMatchObject({ varianceRatio: 1, critical: true });
    expect(of('tfjs:he-normal')?.varianceRatio).toBeCloseTo(0.7737413, 7);
    expect(await text('initializers')).toMatch(/^pytorch:linear +0\.167 +−1\.20 +vanish +0\.00333/m);
    expect(await text('initializers pytorch:linear')).toMatch(/^PyTorch Linear/);
  });
});

describe('bad input', () => {
  it.each([
    ['predict --widths NaN,100 --init he-normal', '--widths'],
    ['predict --widths 784,0 --init he-normal', '--widths'],
    ['predict --init he-normal', '--widths'],
    ['measure --widths 784,100 --init he-normal --trials 1000000000', '--trials'],
    ['diagnose --widths 784,100 --init normal:variance=-1', '--init'],
    ['diagnose --widths 784,100 --init pytorch:conv', '--init'],
    ['trainability --input-dim 1 --radius NaN --width 8 --needed 4', '--radius'],
    ['born-dead --input-dim 1 --hidden 0*9', '--hidden'],
    ['initializers keras:dens', 'did you mean keras:dense?'],
  ])('kindling %s is refused in one line', async (line, argument) => {
    const { code, stdout, stderr } = await runKindling(line.split(' '), folder);
    expect(stderr).toMatch(/^kindling: [^\n]+\n$/);
    expect(stderr).toContain(argument);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
