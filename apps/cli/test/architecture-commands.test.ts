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
