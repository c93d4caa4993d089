/** Commands on residual, convolutional and any other nets, from arguments to exit code: their numbers, their words, their refusals. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { textWidth } from '../src/output/wrap-text.js';
import { json, run } from './run-command.js';

const folder = mkdtempSync(join(tmpdir(), 'kindling-commands-'));
afterAll(async () => await rm(folder, { recursive: true }));

let files = 0;

function fileOf(content: string): string {
  const path = join(folder, `${files++}.json`);
  writeFileSync(path, content);
  return path;
}

interface LayerJson {
  readonly layer: number;
  readonly width: number;
  readonly meanLength: number | null;
  readonly secondMoment: number | null;
  readonly scale: number | null;
  readonly keptShare: number | null;
  readonly lowerBound: number;
  readonly upperBound: number;
  readonly estimate: number;
  readonly standardError: number;
}

const layersOf = (answer: Record<string, unknown>) => answer['layers'] as readonly LayerJson[];

/** What `arch` prints, in a file. */
async function archFile(flags: string): Promise<string> {
  const { code, stdout } = await run(`arch ${flags}`);
  expect(code).toBe(0);
  return fileOf(stdout);
}

const residual = '--residual 5*30 --scale 0.75^l --init he-normal';

describe('predict --residual', () => {
  it('has the keys of fully connected nets, and what modules have besides', async () => {
    const answer = await json(`predict ${residual}`);
    expect(Object.keys(answer)).toEqual([
      ...['sumReciprocalWidths', 'layers', 'lengthVarianceAcrossLayers', 'bornDead'],
      ...['inputLength', 'growth', 'notes'],
    ]);
    expect(Object.keys(layersOf(answer)[0] ?? {})).toEqual([
      ...['layer', 'width', 'meanLength', 'secondMoment', 'meanLogLength', 'path', 'kind', 'shape'],
      ...['scale', 'keptShare', 'lowerBound', 'logLowerBound', 'upperBound', 'logUpperBound'],
      ...['estimate', 'logEstimate'],
    ]);
    expect(layersOf(answer)).toHaveLength(30);
  });

  it('is exact behind the first ReLU module, 1 + η², and has bounds behind the others', async () => {
    const answer = await json(`predict ${residual}`);
    const [first, ...others] = layersOf(answer);
    expect(first?.meanLength).toBeCloseTo(1 + 0.75 ** 2, 12);
    for (const { meanLength, lowerBound, estimate, upperBound } of others) {
      expect(meanLength).toBeNull();
      expect(lowerBound).toBeLessThan(estimate);
      expect(estimate).toBeLessThan(upperBound);
    }
    expect(answer['notes']).toEqual([
      expect.stringMatching(/^From module 2 on there are only bounds/),
      expect.stringMatching(/^No formula for secondMoment from layer 1 on and lengthVarianceAcrossLayers/),
      expect.stringMatching(/^No formula for sumReciprocalWidths, meanLogLength and bornDead/),
    ]);
  });

  it.each([
    ['0.75^l --module relu', { decisive: 'sum', limit: 3, bounded: true }],
    ['1 --module relu', { decisive: 'sum', sum: 30, limit: 'Infinity', bounded: false }],
    ['1/L', { decisive: 'sum', limit: 1, bounded: true }],
    ['1/sqrt(L)', { decisive: 'sum', limit: 'Infinity', bounded: false }],
    ['1/sqrt(L) --module linear', { decisive: 'sum-of-squares', limit: 1, bounded: true }],
    ['0.5 --module linear', { decisive: 'sum-of-squares', sumOfSquares: 7.5, bounded: false }],
    ['rezero', { sum: 0, limit: 0, bounded: true }],
    ['1*15,0.5*15', { sum: 22.5, limit: null, bounded: null }],
  ])('--scale %s grows like %j', async (flags, growth) => {
    const answer = await json(`predict --residual 5*30 --scale ${flags} --init he-normal`);
    expect(answer['growth']).toMatchObject(growth);
  });

  it('has the closed form of linear-ending modules: (1 + 2η²)^L for He', async () => {
    const answer = await json('predict --residual 64*20 --module linear --scale 0.3 --init he-normal');
    expect(layersOf(answer).at(-1)?.meanLength).toBeCloseTo((1 + 2 * 0.09) ** 20, 9);
    expect(layersOf(answer).at(-1)?.secondMoment).toBeGreaterThan((1 + 2 * 0.09) ** 40);
    expect(answer['lengthVarianceAcrossLayers']).toBeGreaterThan(0);
  });

  it('takes an input, to whose squared norm lengths are proportional', async () => {
    const flags = 'predict --residual 4*6 --module linear --scale 0.5 --init he-normal';
    const one = layersOf(await json(flags)).at(-1)?.meanLength ?? 0;
    const given = await json(`${flags} --input 1,-2,2,4`);
    expect(given['inputLength']).toBe(25);
    expect(layersOf(given).at(-1)?.meanLength).toBeCloseTo(25 * one, 9);
    const file = fileOf('[1, -2, 2, 4]');
    expect(await json(`${flags} --input ${file}`)).toEqual(given);
  });

  it('tells people what more modules would do', async () => {
    const bounded = (await run(`predict ${residual}`, 100)).stdout;
    expect(bounded).toContain('Σ η_l never passes 3.');
    expect(bounded).toMatch(/^ {2}net +30 ReLU modules of width 5, η_l = 0.75\^l$/m);
    expect(bounded).toMatch(/^module +η +at least +mean, about +at most$/m);
    expect(bounded).toContain("$ kindling diagnose --residual '5*30' --scale '0.75^l' --init he-normal");
    const growing = (await run('predict --residual 5*30 --init he-normal', 100)).stdout;
    expect(growing).toContain('grows exponentially with every module: nothing bounds Σ η_l.');
    // 1/√100 is 0.1, and yet no constant.
    const root = 'predict --residual 8*100 --module linear --scale 1/sqrt(L) --init he-normal';
    const { stdout } = await run(root, 100);
    expect(stdout).toMatch(/^ {2}net +100 linear-ending modules of width 8, η = 1\/√L$/m);
    expect(stdout).toMatch(/^ {2}Σ η_l² +1 over 100 modules; at most 1 for any number of modules$/m);
  });

  it('goes beyond the range of f64', async () => {
    const answer = await json('predict --residual 5*3000 --module linear --scale 1 --init he-normal');
    expect(layersOf(answer).at(-1)?.meanLength).toBe('Infinity');
    const { stdout } = await run('predict --residual 5*3000 --module linear --init he-normal', 100);
    expect(stdout).toMatch(/grows to \d\.\d+ × 10¹⁴³¹ in 3,000 modules/);
  });

  it('knows that Fixup starts as the identity', async () => {
    const answer = await json('predict --residual 8*5 --module linear --scale fixup');
    expect(layersOf(answer).map(({ meanLength }) => meanLength)).toEqual([1, 1, 1, 1, 1]);
    const named = await json('predict --residual 8*5 --module linear --scale fixup --init fixup');
    expect(named).toEqual(answer);
  });
});

describe('predict --conv', () => {
  it('keeps the mean with circular padding, and leaks with zero padding as in theory', async () => {
    const circular = await json('predict --conv 32x32x3,10*5 --padding circular --init he-normal');
    for (const { meanLength, keptShare } of layersOf(circular)) {
      expect(meanLength).toBeCloseTo(1, 12);
      expect(keptShare).toBeCloseTo(1, 12);
    }
    const zero = layersOf(await json('predict --conv 32x32x3,10*5 --init he-normal'));
    // Of 32 windows in a row the first and the last see two pixels of three.
    expect(zero[0]?.keptShare).toBeCloseTo((1 - 2 / 3 / 32) ** 2, 12);
    expect(zero.at(-1)?.meanLength).toBeLessThan(zero[0]?.meanLength ?? 0);
    expect((await run('predict --conv 32x32x3,10*50 --init he-normal', 120)).stdout).toMatch(
      /Zero padding leaks 45 % of it/,
    );
  });

  it('takes kernels, strides and valid padding', async () => {
    const found = await json(
      'predict --conv 9x20x1,4,2 --kernel 3x5 --padding valid --stride 2 --init he-normal',
    );
    expect(found['layers']).toMatchObject([
      { width: 4, shape: { height: 4, width: 8, channels: 4 }, kind: 'conv2d', path: 'layers[0]' },
      { width: 2, shape: { height: 1, width: 2, channels: 2 }, kind: 'conv2d', path: 'layers[1]' },
    ]);
  });
});

describe('arch', () => {
  it('prints what --arch reads', async () => {
    for (const flags of [
      '--residual 5*3 --scale 1/L --module linear --outputs 10',
      '--conv 8x8x3,4,5 --kernel 3 --padding circular --outputs 2',
      '--widths 784,100*2 --outputs 10',
    ]) {
      const { stdout, stderr, code } = await run(`arch ${flags}`);
      expect(code).toBe(0);
      expect(stderr).toMatch(/^[^\n]+: [\d,]+ parameters\n$/);
      expect((await run(`arch --arch ${fileOf(stdout)}`)).stdout).toBe(stdout);
    }
  });

  it('gives the same answers as the shorthand', async () => {
    const file = await archFile('--residual 5*30 --scale 0.75^l');
    expect(await json(`predict --arch ${file} --init he-normal`)).toEqual(await json(`predict ${residual}`));
    const conv = await archFile('--conv 8x8x3,4*3');
    expect(await json(`predict --arch ${conv} --init he-normal`)).toEqual(
      await json('predict --conv 8x8x3,4*3 --init he-normal'),
    );
    const dense = await archFile('--widths 10,10*5 --outputs 3');
    expect(await json(`predict --arch ${dense} --init he-normal`)).toEqual(
      await json('predict --widths 10,10*5 --init he-normal'),
    );
  });

  it('may hold any layers', async () => {
    const layers = [
      { kind: 'conv2d', filters: 4, kernel: [3, 3], stride: 1, padding: 'zero', activation: 'linear' },
      { kind: 'batch-normalization' },
      { kind: 'activation', activation: 'relu' },
      { kind: 'max-pool', window: [2, 2], stride: 2 },
      { kind: 'global-average-pool' },
      { kind: 'dense', units: 3, activation: 'linear' },
    ];
    const file = fileOf(JSON.stringify({ input: { height: 8, width: 8, channels: 2 }, layers }));
    const answer = await json(`predict --arch ${file} --init he-normal`);
    expect(layersOf(answer)).toHaveLength(6);
    const { stdout } = await run(`predict --arch ${file} --init he-normal`, 80);
    expect(stdout).toContain('batch-normalization');
    expect(stdout).toContain('a residual block');
  });
});

describe('measure', () => {
  it('lies within four standard errors of theory, with the keys of fully connected nets', async () => {
    const answer = await json(
      'measure --residual 16*10 --module linear --scale 0.3 --init he-normal --trials 300',
    );
    expect(Object.keys(answer)).toEqual([
      ...['sumReciprocalWidths', 'layers', 'lengthVarianceAcrossLayers', 'lengthVarianceStandardError'],
      ...[
        'bornDead',
        'trials',
        'deadTrials',
        'method',
        'seed',
        'refusals',
        'inputLength',
        'growth',
        'notes',
        'memoryBytes',
      ],
    ]);
    for (const { layer, meanLength, standardError } of layersOf(answer)) {
      const theory = (1 + 2 * 0.09) ** layer;
      expect(Math.abs((meanLength ?? 0) - theory)).toBeLessThan(4 * standardError);
    }
    // The same nets would not pass for others.
    const last = layersOf(answer).at(-1);
    expect(Math.abs((last?.meanLength ?? 0) - 1.2 ** 20)).toBeGreaterThan(4 * (last?.standardError ?? 0));
  });

  it('measures convolutions beside theory', async () => {
    const flags = '--conv 6x6x4,32*2 --init he-normal';
    const theory = layersOf(await json(`predict ${flags}`));
    for (const { layer, meanLength, standardError } of layersOf(
      await json(`measure ${flags} --trials 200`),
    )) {
      const deviation = (meanLength ?? 0) - (theory[layer - 1]?.meanLength ?? 0);
      expect(Math.abs(deviation)).toBeLessThan(4 * standardError);
    }
  });

  it('takes an input and gives absolute lengths', async () => {
    const flags = 'measure --residual 4*3 --module linear --scale 0.1 --init he-normal --trials 50';
    const answer = await json(`${flags} --input 3,0,0,4`);
    expect(answer['inputLength']).toBe(25);
    expect(layersOf(answer)[0]?.meanLength).toBeGreaterThan(20);
    expect(layersOf(answer)[0]?.meanLength).toBeLessThan(30);
  });

  it('goes a thousand modules deep in the memory of one', async () => {
    const { stdout } = await run('measure --residual 4*1000 --scale 0.2 --init he-normal --trials 12', 100);
    expect(stdout).toMatch(/after 1,000 modules/);
    expect(stdout).toMatch(/^ {2}memory +\d+ bytes: one module at a time/m);
  });

  it('tells people where the mean lies between its bounds', async () => {
    const { stdout } = await run(`measure ${residual} --trials 200`, 100);
    expect(stdout.replaceAll('\n', ' ')).toMatch(
      /after 30 modules the mean length of 200 nets is [\d.]+ ± [\d.]+; theory says about 12\.7, between 11 and 13\.3\./,
    );
    expect(stdout).toMatch(/^module +η +mean length +± std\. error +theory, about +typical length +×\/÷$/m);
  });
});

describe('diagnose', () => {
  // Small nets, and yet every diagnosis tries remedies on random ones: each is run once.
  const net = '--residual 4*8 --scale 4';
  const exploding = `diagnose ${net} --init he-normal`;

  it('has the keys of fully connected nets, and fails on a verdict when asked to', async () => {
    const answer = await json(exploding);
    expect(Object.keys(answer)).toEqual(Object.keys(await json('diagnose --widths 4,4 --init he-normal')));
    expect(answer['verdict']).toBe('fm1-exploding');
    expect((await run(`${exploding} --fail-on-verdict`)).code).toBe(3);
    expect((await run('diagnose --residual 4*3 --scale 1/L --init he-normal --fail-on-verdict')).code).toBe(
      0,
    );
  });

  it('offers scales with a command that asks again', async () => {
    const { stdout } = await run(exploding, 80);
    expect(stdout).toMatch(/^ {2}net +8 ReLU modules of width 4, η = 4 → 10 outputs$/m);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /each of 8 modules multiplies.*, factor a module [\d.]+ → /,
    );
    expect(stdout).not.toContain('factor a layer');
    const command = /\$ kindling (diagnose --residual '4\*8' --scale .*)/.exec(stdout)?.[1] ?? '';
    const again = await run(command.replaceAll("'", ''));
    expect(again.stderr).toBe('');
    expect(again.stdout).toMatch(/^✓ Training should start\./);
  });

  it('offers a variance of its own with a command that asks again', async () => {
    const { stdout } = await run('diagnose --conv 4x4x2,16*50 --init he-normal --outputs 3', 400);
    const [, told = '', scale = ''] =
      /variance ([\d.]+)\/fan-in[^$]*\$ kindling diagnose --conv '4x4x2,16\*50' --outputs 3 --init variance-scaling:scale=([\d.]+),/.exec(
        stdout,
      ) ?? [];
    expect(Number(scale)).toBeGreaterThan(2);
    expect(scale).toBe(told);
    const command = /\$ kindling (diagnose --conv .* --init variance-scaling:.*)/.exec(stdout)?.[1] ?? '';
    const again = await run(command.replaceAll("'", ''));
    expect(again.stderr).toBe('');
    expect(again.stdout).toMatch(/^✓ Training should start\./);
  });

  it('gives the same answer to a shorthand and to its JSON', async () => {
    const file = await archFile('--residual 4*3 --outputs 10');
    expect(await json(`diagnose --arch ${file} --init he-normal`)).toEqual(
      await json('diagnose --residual 4*3 --init he-normal'),
    );
    const dense = await archFile('--widths 10,10*5 --outputs 3');
    expect(await json(`diagnose --arch ${dense} --init he-normal`)).toEqual(
      await json('diagnose --widths 10,10*5 --outputs 3 --init he-normal'),
    );
  });

  it('judges convolutions, with a mean over the pixels before the outputs', async () => {
    const { stdout, code } = await run('diagnose --conv 4x4x2,4*20 --init lecun-normal --outputs 3', 100);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✗ /);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      '20 convolutions of 4 channels, 3 × 3, zero padding → global average pool → 3 outputs',
    );
    expect(stdout).toContain('Length by layer');
  });

  it('asks for the file again where only the initializer changes', async () => {
    const file = await archFile('--conv 4x4x2,4*20 --outputs 3');
    const { stdout } = await run(`diagnose --arch ${file} --init lecun-normal`, 100);
    expect(stdout).toContain(`$ kindling diagnose --arch ${file} --init `);
  });
});

describe('bad input', () => {
  const relu = '--residual 5*3 --init he-normal';
  const conv = '--conv 8x8x1,4*3 --init he-normal';
  const package_ = fileOf('{"name": "x", "version": "1.0.0"}');
  const broken = fileOf('{"input": {"width": 4},\n "layers": [}');
  const wrongLayer = fileOf(
    '{"input":{"width":4},"layers":[{"kind":"dense","units":0,"activation":"relu"}]}',
  );
  const net = fileOf(
    '{"input":{"width":4},"layers":[{"kind":"residual","branch":[{"kind":"dense","units":4,"activation":"relu"}],"scale":1,"shortcut":"identity"}]}',
  );
  const dense = fileOf('{"input":{"width":4},"layers":[{"kind":"dense","units":4,"activation":"relu"}]}');

  it.each([
    ['predict --init he-normal', '--widths, --residual, --conv or --arch is missing'],
    ['predict', '--widths, --residual, --conv or --arch is missing'],
    ['arch', '--widths, --residual, --conv or --arch is missing'],
    ['predict --residual 5*3', '--init is missing'],
    ['predict --widths 4,3 --residual 5*3 --init he-normal', '--widths does not go with --residual'],
    ['predict --residual 5*3 --conv 8x8x1,4 --init he-normal', '--residual does not go with --conv'],
    [`predict --conv 8x8x1,4 --arch ${net} --init he-normal`, '--conv does not go with --arch'],
    [`predict --residual 5*3 --residual 5*4 --init he-normal`, '--residual is given twice'],
    [
      'predict --widths 4,3 --scale 1 --init he-normal',
      '--scale does not go with --widths; it goes with --residual',
    ],
    ['predict --widths 4,3 --module relu --init he-normal', '--module does not go with --widths'],
    [
      'predict --widths 4,3 --kernel 3 --init he-normal',
      '--kernel does not go with --widths; it goes with --conv',
    ],
    ['predict --residual 5*3 --padding zero --init he-normal', '--padding does not go with --residual'],
    ['predict --residual 5*3 --stride 1 --init he-normal', '--stride does not go with --residual'],
    ['predict --conv 8x8x1,4 --scale 1 --init he-normal', '--scale does not go with --conv'],
    [
      `predict --arch ${net} --scale 1 --init he-normal`,
      '--scale does not go with --arch, whose file says it',
    ],
    [`predict --arch ${net} --padding zero --init he-normal`, '--padding does not go with --arch'],
    ['predict --residual 5 --scale fixup', '--scale fixup does not go with --module relu'],
    [
      'predict --residual 5 --module linear --scale fixup --init he-normal',
      '--init he-normal does not go with --scale fixup',
    ],
    ['predict --residual x --init he-normal', '--residual is "x": a width is "x"'],
    ['predict --residual 5*0 --init he-normal', '--residual is "5*0": the number behind "5" is "0"'],
    ['predict --residual 5,6 --init he-normal', '--residual is "5,6": "5,6" has the widths 5 and 6'],
    ['predict --residual 5*30*2 --init he-normal', 'expected width*modules'],
    ['predict --residual 5*999999 --init he-normal', 'expected a whole number from 1 to 100000'],
    ['predict --residual -5*3 --init he-normal', 'a width is "-5"'],
    [`predict ${relu} --scale one`, '--scale is "one": "one" is no rule of scales; expected 0.75^l'],
    [`predict ${relu} --scale -1`, '--scale is "-1": "-1" has the scale "-1"; expected a finite number ≥ 0'],
    [`predict ${relu} --scale 1,0.5`, '--residual is "5*3": the list has 2 scales; expected 3'],
    [`predict ${relu} --scale 1/n`, 'has the scale "1/n"'],
    [`predict ${relu} --module relo`, '--module is "relo"; did you mean relu?'],
    [`predict ${relu} --input-length 2`, '--input-length does not go with --residual'],
    [`predict ${relu} --input 1,2`, '--input has 2 numbers; expected 5'],
    [`predict ${relu} --input 0,0,0,0,0`, '--input is zero everywhere'],
    [`predict ${relu} --input nothing.csv`, '--input is "nothing.csv", which does not exist'],
    [`predict ${relu} --input 1,2,x,4,5`, '--input is "1,2,x,4,5"'],
    ['predict --widths 4,3 --init he-normal --input 1,2,3,4', '--input does not go with --widths'],
    [
      `predict --arch ${dense} --init he-normal --input 1,2,3,4`,
      '--input does not go with --arch, a fully connected net',
    ],
    [`predict ${relu} --outputs 3`, "unknown option '--outputs'"],
    ['predict --residual 5*3 --init lsuv', '--init lsuv looks at data'],
    ['predict --residual 5*3 --init he-norml', 'did you mean he-normal'],
    ['predict --residual 5*3 --init fixup', '--init fixup does not go with this net'],
    ['predict --widths 5,4 --init fixup', '--init fixup is for residual nets'],
    [
      'predict --conv 8x8x1,4 --kernel 2 --init delta-orthogonal',
      '--init delta-orthogonal does not go with layers.0.weights',
    ],
    ['predict --conv 8x8 --init he-normal', '--conv is "8x8": the image is "8x8"'],
    ['predict --conv 8x8x1 --init he-normal', 'is an image without a layer'],
    ['predict --conv 784,100 --init he-normal', 'the image is "784"'],
    ['predict --conv 8x8x0,4 --init he-normal', 'a size of the image is "0"'],
    ['predict --conv 8x8x1,4*0 --init he-normal', 'the number behind "4" is "0"'],
    ['predict --conv 8x8x1,a --init he-normal', 'a number of channels is "a"'],
    [`predict ${conv} --kernel 0`, '--kernel is "0": a size is "0"'],
    [`predict ${conv} --kernel 3x3x3`, '--kernel is "3x3x3"'],
    [`predict ${conv} --stride 0`, '--stride is "0"'],
    [`predict ${conv} --stride 1.5`, '--stride is "1.5"'],
    [
      `predict ${conv} --padding same`,
      '--padding is "same": "same" is no padding; expected zero, circular, valid',
    ],
    [`predict ${conv} --kernel 5 --padding valid`, '--conv is "8x8x1,4*3": layer 2 does not fit'],
    [`predict ${conv} --input 1,2,3`, '--input has 3 numbers; expected 64'],
    ['predict --arch nothing.json --init he-normal', '--arch is "nothing.json", which does not exist'],
    ['predict --arch . --init he-normal', '--arch is ".", a directory'],
    [`predict --arch ${package_} --init he-normal`, 'which looks like a package.json'],
    [`predict --arch ${broken} --init he-normal`, `:2:13 is no JSON: expected a value or ], got "}"`],
    [`predict --arch ${wrongLayer} --init he-normal`, 'layers[0].units is 0; expected an integer ≥ 1'],
    [`arch --arch ${net} --outputs 3`, '--outputs does not go with --arch, whose file says it'],
    ['arch --residual 5*3 --outputs 0', '--outputs is "0"'],
    ['arch --residual 5*3 --init he-normal', "unknown option '--init'"],
    [`measure ${relu} --method exact-law`, '--method does not go with --residual; only fully connected nets'],
    [`measure ${relu} --data embedded`, '--data does not go with --residual'],
    [`measure ${relu} --input-length 2`, '--input-length does not go with --residual'],
    [`measure ${conv} --method matrices`, '--method does not go with --conv'],
    [`measure ${relu} --trials 0`, '--trials is "0"'],
    [`measure ${relu} --seed x`, '--seed is "x"'],
    ['measure --residual 100000*2 --init he-normal', '--residual asks for layers of 80 GB'],
    ['measure --conv 2000x2000x100,400 --init he-normal', '--conv asks for layers of'],
    [
      'predict --conv 50000x50000x3,1 --init he-normal',
      '--conv reads images of 50,000 × 50,000; expected at most',
    ],
    ['diagnose --residual 100000*2 --init he-normal', '--residual asks for layers of 80 GB'],
    [`diagnose --arch ${net} --init he-normal --outputs 3`, '--outputs does not go with --arch'],
    [`diagnose ${relu} --outputs 0`, '--outputs is "0"'],
    [`diagnose ${relu} --data embedded`, '--residual reads 5; expected 784'],
    [`diagnose ${relu} --input 1,2,3,4,5`, "unknown option '--input'"],
    ['diagnose --residual 5*3', '--init is missing'],
    ['diagnose --conv 8x8x1,4 --init lsuv', '--init lsuv looks at data'],
    ['diagnose --widths 4,3 --conv 8x8x1,4 --init he-normal', '--widths does not go with --conv'],
  ])('kindling %s', async (line, message) => {
    const { code, stdout, stderr } = await run(line);
    expect(stderr).toMatch(/^kindling: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('help', () => {
  it.each(['predict', 'measure', 'diagnose', 'arch'])(
    'of %s has examples of every kind of net',
    async (name) => {
      const { stdout } = await run(`help ${name}`);
      for (const flag of ['--residual', '--conv', '--arch']) {
        expect(stdout).toMatch(new RegExp(`^ {2}\\$ kindling ${name} ${flag}`, 'm'));
      }
      for (const text of stdout.split('\n').filter((line) => line.startsWith('  $ kindling'))) {
        expect(textWidth(text)).toBeLessThan(100);
      }
    },
  );
});

describe('every terminal', () => {
  it.each([
    `predict ${residual}`,
    'predict --residual 64*100 --module linear --scale 1/sqrt(L) --init he-normal',
    'predict --residual 5*1000 --init he-uniform',
    'predict --conv 32x32x3,10*50 --init he-normal',
    'predict --conv 8x8x1,4*5 --stride 2 --init pytorch:linear',
    `measure ${residual} --trials 50`,
    'measure --conv 8x8x3,4*6 --padding circular --init he-normal --trials 20',
    'diagnose --residual 4*3 --scale 1/L --init he-normal',
    'diagnose --conv 4x4x2,8*3 --init he-normal',
    'arch --help',
    'predict --help',
    'measure --help',
  ])('has room for kindling %s', async (line) => {
    for (const columns of [80, 120]) {
      const { stdout, code } = await run(line, columns);
      expect(code).toBe(0);
      // Command lines to copy are not broken.
      for (const text of stdout.split('\n').filter((each) => !/^ +\$ kindling/.test(each))) {
        expect(textWidth(text), text).toBeLessThanOrEqual(columns);
      }
    }
  });
});
