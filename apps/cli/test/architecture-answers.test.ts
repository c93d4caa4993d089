/** Answers on residual, convolutional and any other nets where numbers are refused, zero, or beyond every number. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArchitecture } from '@kindling/core';
import { afterAll, describe, expect, it } from 'vitest';
import { json, run } from './run-command.js';

const folder = mkdtempSync(join(tmpdir(), 'kindling-answers-'));
afterAll(async () => await rm(folder, { recursive: true }));

let files = 0;

function netFile(architecture: unknown): string {
  const path = join(folder, `${files++}.json`);
  writeFileSync(path, typeof architecture === 'string' ? architecture : JSON.stringify(architecture));
  return path;
}

interface LayerJson {
  readonly layer: number;
  readonly meanLength: number | null;
  readonly logLowerBound: number;
  readonly logUpperBound: number;
  readonly logEstimate: number;
}

interface RefusalJson {
  readonly quantity: string;
  readonly layers: readonly (readonly [number, number])[];
}

const layersOf = (answer: Record<string, unknown>) => answer['layers'] as readonly LayerJson[];

describe('means that the sample cannot tell', () => {
  it('are refused from one layer on, as one range', async () => {
    const answer = await json('measure --conv 8x8x1,2*30 --init he-normal --trials 40');
    const told = layersOf(answer).findIndex(({ meanLength }) => meanLength === null);
    expect(told).toBeGreaterThan(0);
    const refusals = answer['refusals'] as readonly RefusalJson[];
    expect(refusals.find(({ quantity }) => quantity === 'meanLength')?.layers).toEqual([[told + 1, 30]]);
  });

  it('are in the text what they are in JSON', async () => {
    const line = 'measure --residual 8*1000 --init he-normal --trials 20';
    const untold = layersOf(await json(line)).findIndex(({ meanLength }) => meanLength === null) + 1;
    const { stdout } = await run(line, 100);
    for (const [, module = '', mean] of stdout.matchAll(/^ *([\d,]+) {2,}1 {2,}(\S+)/gm)) {
      expect(mean === '–').toBe(Number(module.replace(',', '')) >= untold);
    }
    expect(stdout).toContain(`Modules ${untold} to `);
    expect(stdout.replaceAll('\n', ' ')).toContain('20 nets are too few for the mean.');
    // Theory stands beyond every f64.
    expect(stdout).not.toContain('∞');
    expect(stdout).toMatch(/^ *1,000 .* × 10⁴/m);
  });
});

describe('numbers at the ends of their range', () => {
  const dead = netFile({
    input: { height: 4, width: 4, channels: 2 },
    layers: [
      { kind: 'conv2d', filters: 4, kernel: [3, 3], stride: 1, padding: 'zero', activation: 'linear' },
      { kind: 'max-pool', window: [2, 2], stride: 2 },
      { kind: 'activation', activation: 'relu' },
      { kind: 'flatten' },
      { kind: 'dense', units: 3, activation: 'linear' },
    ],
  });

  it.each([
    ['predict', /^ +4 +flatten +\d+ +0 /m],
    ['measure --trials 20', /between 0 and/],
  ])('%s prints a bound of 0 as 0', async (command, bound) => {
    const { stdout, code } = await run(`${command} --arch ${dead} --init he-normal`, 100);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/NaN|Infinity/);
    expect(stdout).toMatch(bound);
  });

  it('bounds have logarithms that are finite where the bounds are not', async () => {
    const last = layersOf(await json('predict --residual 16*1000 --init he-normal')).at(-1);
    expect(last).toMatchObject({ lowerBound: 'Infinity', upperBound: 'Infinity' });
    const { logLowerBound = 0, logEstimate = 0, logUpperBound = 0 } = last ?? {};
    expect(logLowerBound).toBeGreaterThan(700);
    expect(logEstimate).toBeGreaterThan(logLowerBound);
    expect(logUpperBound).toBeGreaterThan(logEstimate);
    expect(logUpperBound).toBeLessThan(2000);
  });
});

describe('JSON', () => {
  it('says why keys are null, of convolutions too', async () => {
    const { notes } = await json('predict --conv 4x4x1,2*3 --init he-normal');
    expect(notes).toEqual([
      expect.stringMatching(/^No formula for secondMoment from layer 1 on and lengthVarianceAcrossLayers/),
      expect.stringMatching(/^No formula for sumReciprocalWidths, meanLogLength and bornDead/),
    ]);
  });

  it.each(['--conv 4x4x1,2*3', '--residual 4*3', '--widths 4,4*3'])(
    'of measure has the keys of predict: %s',
    async (net) => {
      const predicted = await json(`predict ${net} --init he-normal`);
      const measured = await json(`measure ${net} --init he-normal --trials 20`);
      expect(Object.keys(measured)).toEqual(expect.arrayContaining(Object.keys(predicted)));
      const keys = (answer: Record<string, unknown>) => Object.keys(layersOf(answer)[0] ?? {});
      expect(keys(measured)).toEqual(expect.arrayContaining(keys(predicted)));
      expect(measured['notes']).toEqual(predicted['notes']);
    },
  );
});

describe('headlines', () => {
  it.each(['--stride 2', '--kernel 2', '--kernel 2x3'])(
    'name what zero padding costs with %s',
    async (flags) => {
      const { stdout } = await run(`predict --conv 16x16x3,8*4 ${flags} --init he-normal`, 100);
      expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/Zero padding leaks [\d.]+ % of it at the borders/);
    },
  );

  it('say nothing of padding where there is none', async () => {
    const { stdout } = await run(
      'predict --conv 16x16x3,8*4 --stride 2 --padding circular --init he-normal',
      100,
    );
    expect(stdout).not.toContain('leaks');
  });

  it('speak of one net in the singular', async () => {
    const { stdout } = await run('measure --residual 4*3 --init he-normal --trials 1', 100);
    expect(stdout).toContain('1 net is too few');
  });
});

describe('--arch', () => {
  const layer = { kind: 'dense', units: 4, activation: 'relu' };
  const block = (scale: unknown) => ({ kind: 'residual', branch: [layer], scale, shortcut: 'identity' });
  const predict = async (architecture: unknown, more = '') =>
    await run(`predict --arch ${netFile(architecture)} --init he-normal${more}`, 100);

  it('says how leaky ReLU is written', async () => {
    const { code, stderr } = await predict({
      input: { width: 4 },
      layers: [{ ...layer, activation: 'leaky-relu' }],
    });
    expect(stderr).toContain('expected "relu", "linear" or {"kind":"leaky-relu","slope":0.1}');
    expect(code).toBe(2);
  });

  it('takes every layer that its help and the README show', async () => {
    const { stdout } = await run('arch --help', 100);
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    for (const text of [stdout.replace('[layers]', `[${JSON.stringify(layer)}]`), readme]) {
      const shown = text
        .replaceAll(/,\n +"/g, ',"')
        .split('\n')
        .filter((line) => /^ *\{"kind":/.test(line) && !line.endsWith(','));
      const parsed = shown.map((line) => JSON.parse(line) as { readonly kind: string });
      expect(new Set(parsed.map(({ kind }) => kind)).size).toBe(9);
      for (const each of parsed) {
        const flat = each.kind === 'dense' || each.kind === 'residual';
        const input = flat ? { width: 4 } : { height: 8, width: 8, channels: 1 };
        expect(parseArchitecture({ input, layers: [each] }).layers).toEqual([each]);
      }
    }
  });

  it('says in words which activations a net has', async () => {
    const leaky = { ...layer, activation: { kind: 'leaky-relu', slope: 0.1 } };
    const { stdout } = await predict({ input: { width: 4 }, layers: [leaky, leaky, layer] });
    expect(stdout).toContain('4 inputs → 2 dense layers (leaky ReLU of slope 0.1) → 1 dense layer (ReLU)');
  });

  it('refuses a key that is given twice, where it stands', async () => {
    const text =
      '{"input":{"width":4},\n "layers":[{"kind":"dense","units":4,"units":5,"activation":"relu"}]}';
    const { code, stderr } = await predict(text);
    expect(stderr).toContain(':2:38 has the key "units" again; expected it once');
    expect(code).toBe(2);
    expect((await predict(text.replace('"units":5,', ''))).code).toBe(0);
  });

  it('says why no sum decides where branches are subtracted', async () => {
    const { stdout } = await predict({ input: { width: 4 }, layers: [block(-1), block(1)] });
    expect(stdout).toMatch(/Σ η_l +decides nothing here: some η_l are negative/);
  });
});

describe('what is refused at once', () => {
  it.each([
    ['predict --residual 64*100000', '--residual asks for 100,000 modules; expected at most 20,000'],
    ['measure --residual 8*20001', 'expected at most 20,000'],
    ['predict --conv 2048x2048x3,8*20', 'pixels behind its layers together; expected at most 33,554,432'],
    ['predict --residual 3*2 --input 1e-300,1e-300,0', '--input is too close to zero'],
    ['predict --conv 8x8x1,4 --kernel 3x', '--kernel is "3x": "3x" lacks a size; expected one or two'],
  ])('kindling %s', async (line, message) => {
    const { code, stdout, stderr } = await run(`${line} --init he-normal`);
    expect(stderr).toMatch(/^kindling: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('is a file of 200,000 layers', async () => {
    const layers = new Array(200_000).fill({ kind: 'activation', activation: 'relu' });
    const { stderr } = await run(
      `predict --arch ${netFile({ input: { width: 2 }, layers })} --init he-normal`,
    );
    expect(stderr).toContain('--arch asks for 200,000 layers; expected at most 20,000');
  });
});
