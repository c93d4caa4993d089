/** Theory's commands from arguments to exit code, in this process: their numbers, their words, their refusals. */
import { describe, expect, it } from 'vitest';
import { textWidth } from '../src/output/wrap-text.js';
import { json, run } from './run-command.js';

interface PredictJson {
  readonly sumReciprocalWidths: number;
  readonly layers: readonly {
    readonly layer: number;
    readonly width: number;
    readonly meanLength: number | null;
    readonly secondMoment: number | string | null;
    readonly meanLogLength: number | null;
  }[];
  readonly lengthVarianceAcrossLayers: number | null;
  readonly bornDead: { readonly lower?: number; readonly upper: number };
  readonly notes: readonly string[];
}

const predict = async (rest: string) => (await json(`predict ${rest}`)) as unknown as PredictJson;

describe('predict', () => {
  // Hanin & Rolnick, figure 3, and the exact formulas: M₀ = 1, Gaussian He, zero biases.
  it.each([
    ['10,10*5', 7.59375, 1.2, null],
    ['20,20*10', 9.31323, 1.41566, 0.2536],
    ['15,15*10', 17.7577, 2.81093, 0.1495],
    ['10,30,10,30,10,30,10,30,10,30,10', 16.4131, 2.49605, 0.1382],
  ])('--widths %s --init he-normal has the published values', async (widths, second, variance, typical) => {
    const answer = await predict(`--widths ${widths} --init he-normal`);
    const last = answer.layers.at(-1);
    expect(last?.meanLength).toBeCloseTo(1, 12);
    expect(Number(last?.secondMoment) / second).toBeCloseTo(1, 5);
    expect(Number(answer.lengthVarianceAcrossLayers) / variance).toBeCloseTo(1, 5);
    if (typical !== null) expect(Math.exp(last?.meanLogLength ?? 0)).toBeCloseTo(typical, 4);
    expect(answer.notes).toEqual([]);
  });

  it('has exactly the keys scripts rely on', async () => {
    const answer = await predict('--widths 4,3*2 --init he-normal');
    expect(Object.keys(answer)).toEqual([
      'sumReciprocalWidths',
      'layers',
      'lengthVarianceAcrossLayers',
      'bornDead',
      'notes',
    ]);
    expect(Object.keys(answer.layers[0] ?? {})).toEqual([
      'layer',
      'width',
      'meanLength',
      'secondMoment',
      'meanLogLength',
    ]);
    expect(answer.sumReciprocalWidths).toBeCloseTo(2 / 3, 12);
    expect(answer.layers.map(({ layer, width }) => [layer, width])).toEqual([
      [1, 3],
      [2, 3],
    ]);
  });

  it('has the published bounds of nets that are born dead', async () => {
    const { bornDead } = await predict('--widths 1,2*9 --init he-normal');
    expect(bornDead.lower).toBeCloseTo(0.87026, 5);
    expect(bornDead.upper).toBeCloseTo(0.92492, 5);
    expect(Object.keys((await predict('--widths 2,2*9 --init he-normal')).bornDead)).toEqual(['upper']);
    expect((await predict('--widths 3,3*2 --init zeros')).bornDead).toEqual({ lower: 1, upper: 1 });
    expect((await predict('--widths 3,3*2 --init he-rademacher')).bornDead).toEqual({ upper: 1 });
  });

  it('takes an input length, to which lengths are proportional', async () => {
    const one = await predict('--widths 5,4*3 --init lecun-uniform');
    const four = await predict('--widths 5,4*3 --init lecun-uniform --input-length 4');
    for (const [i, layer] of one.layers.entries()) {
      expect(four.layers[i]?.meanLength).toBeCloseTo(4 * (layer.meanLength ?? Number.NaN), 12);
      expect(four.layers[i]?.secondMoment).toBeCloseTo(16 * Number(layer.secondMoment), 12);
    }
    expect(four.lengthVarianceAcrossLayers).toBeCloseTo(16 * (one.lengthVarianceAcrossLayers ?? 0), 12);
  });

  it('has the published factors of other libraries', async () => {
    const depth10 = async (init: string) =>
      (await predict(`--widths 20,20*10 --init ${init}`)).layers.at(-1)?.meanLength;
    expect(await depth10('tfjs:heNormal')).toBeCloseTo(0.07691, 5);
    expect(await depth10('tfjs:dense')).toBeCloseTo(0.7737413 ** 10 / 1024, 9);
    // 1/6 a layer, and 1/(6·20) from the biases.
    let length = 1;
    for (let layer = 0; layer < 10; layer++) length = length / 6 + 1 / 120;
    expect(await depth10('pytorch:linear')).toBeCloseTo(length, 12);
  });

  it('says where there is no formula, and writes null there', async () => {
    const rai = await predict('--widths 3,3*2 --init rai');
    expect(rai.layers[0]).toMatchObject({ meanLength: null, secondMoment: null, meanLogLength: null });
    expect(rai.bornDead).toEqual({ upper: 1 });
    expect(rai.notes.join()).toContain('symmetric');
    const biased = await predict('--widths 3,3*2 --init pytorch:linear');
    expect(biased.layers[0]?.meanLogLength).toBeNull();
    expect(biased.notes).toEqual([
      expect.stringMatching(/meanLogLength: .*zero biases/),
      expect.stringMatching(/^Second moments are for an input in a random direction/),
    ]);
    const data = await predict('--widths 3,3*2 --init lsuv');
    expect(data.layers[0]?.meanLength).toBeNull();
    expect(data.notes.join()).toContain('data');
  });

  it('writes what is beyond every number as a string', async () => {
    const { layers } = await predict('--widths 10,10*1500 --init he-normal-2x');
    expect(layers.at(-1)).toMatchObject({ meanLength: 'Infinity', secondMoment: 'Infinity' });
    expect(layers.at(-1)?.meanLogLength).toBeGreaterThan(500);
  });

  it('tells people the same, with the verdict first and a plot', async () => {
    const { stdout, code } = await run('predict --widths 784,100*50 --init he-normal', 80);
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^He normal keeps the mean length/);
    expect(stdout).toMatch(/layer +width +mean length +typical length/);
    expect(stdout).toMatch(/^ +50 +100 +1 +0\.281 +11\.5$/m);
    expect(stdout).toContain('── mean over nets   ╌╌ typical net');
    expect(stdout).toContain("$ kindling diagnose --widths '784,100*50' --init he-normal");
  });
});

describe('what a prediction comes to', () => {
  it.each([
    [
      '784,1*1000 --init he-normal',
      /^He normal: practically every net is 0 for its input after 1,000 layers/,
    ],
    [
      '784,100*5 --init brainjs',
      /^brain\.js.*: the mean length grows to 1\.05 in 5 layers, by way of 5\.23\./,
    ],
    [
      '784,100*5 --init he-normal:gain=0.9',
      /^He normal[^:]*: the mean length shrinks to 0\.\d+ in 5 layers\./,
    ],
    ['10,10*3 --init he-normal-2x', /^2× He normal: the mean length grows to 8 in 3 layers\./],
    [
      '784,100*9000 --init he-normal-2x',
      /the mean length grows beyond 10³⁰⁸ in 9,000 layers\. A typical net ends at 8\.10 × 10²⁶⁰⁹\./,
    ],
  ])('%s', async (line, headline) => {
    expect((await run(`predict --widths ${line}`, 200)).stdout.replaceAll('\n', ' ')).toMatch(headline);
  });
});

describe('trainability', () => {
  it.each([
    [2, 2, 0.6944],
    [4, 2, 0.9838],
    [4, 4, 0.4823],
    [8, 4, 0.9954],
  ])('T(%i, %i) at dead probability 1/6 is %f', async (width, needed, trainability) => {
    const answer = await json(
      `trainability --input-dim 1 --radius 1.7320508 --width ${width} --needed ${needed}`,
    );
    expect(Object.keys(answer)).toEqual(['deadProbability', 'trainability', 'activeDistribution']);
    expect(answer['deadProbability']).toBeCloseTo(1 / 6, 7);
    expect(answer['trainability']).toBeCloseTo(trainability, 4);
    const distribution = answer['activeDistribution'] as readonly number[];
    expect(distribution).toHaveLength(width + 1);
    expect(distribution.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(distribution.slice(needed).reduce((a, b) => a + b)).toBeCloseTo(trainability, 4);
  });

  it('tells people the same, with the needed neurons marked', async () => {
    const { stdout } = await run('trainability --input-dim 1 --radius 1.7320508 --width 8 --needed 4', 80);
    expect(stdout.split('\n')[0]).toContain('At least 4 of 8 neurons are alive at the start in 99.54 % of');
    expect(stdout).toMatch(/^ +4 +2\.6 % +█.* {2}← needed$/m);
  });
});

describe('born-dead without a measurement', () => {
  it.each([
    [2, 10, 0.87026, 0.92492],
    [3, 10, 0.51339, 0.69934],
    [4, 20, 0.51985, 0.7066],
    [10, 10, 0.00008, 0.00875],
  ])('width %i, %i maps, has the published bounds', async (width, maps, lower, upper) => {
    const answer = await json(`born-dead --input-dim 1 --hidden ${width}*${maps - 1} --trials 0`);
    expect(Object.keys(answer)).toEqual(['lower', 'upper', 'measured']);
    expect(answer['lower']).toBeCloseTo(lower, 5);
    expect(answer['upper']).toBeCloseTo(upper, 5);
    expect(answer['measured']).toBeNull();
  });
});

describe('initializers', () => {
  interface Row {
    readonly name: string;
    readonly varianceRatio: number | null;
    readonly excessKurtosis: number | null;
    readonly critical: boolean | null;
    readonly biasVariance: number | null;
  }

  it('have the ratios, kurtoses and biases that are known of them', async () => {
    const rows = (await json('initializers --fan-in 50 --fan-out 150'))['initializers'] as readonly Row[];
    const of = (name: string) => rows.find((row) => row.name === name);
    expect(of('he-normal')).toMatchObject({
      varianceRatio: 1,
      excessKurtosis: 0,
      critical: true,
      biasVariance: 0,
    });
    expect(of('he-uniform')?.excessKurtosis).toBeCloseTo(-1.2, 12);
    expect(of('glorot-normal')?.varianceRatio).toBeCloseTo(50 / 200, 12);
    expect(of('tfjs:he-normal')?.varianceRatio).toBeCloseTo(0.7737413, 7);
    expect(of('pytorch:linear')).toMatchObject({ critical: false });
    expect(of('pytorch:linear')?.varianceRatio).toBeCloseTo(1 / 6, 12);
    expect(of('pytorch:linear')?.biasVariance).toBeCloseTo(1 / 150, 12);
    expect(of('lsuv')).toMatchObject({ varianceRatio: null, critical: null });
  });

  it('are told one by one', async () => {
    const one = await json('initializers orthogonal:gain=1.4142135623730951 --fan-in 100 --fan-out 100');
    expect(one).toMatchObject({ fanIn: 100, fanOut: 100, critical: true });
    const { stdout } = await run('initializers pytorch:linear', 80);
    expect(stdout).toContain('by 0.1667');
    expect(stdout).toMatch(/default of +PyTorch/);
  });

  it('are all in the table', async () => {
    const { stdout } = await run('initializers', 80);
    const rows = (await json('initializers'))['initializers'] as readonly Row[];
    for (const { name } of rows) expect(stdout).toContain(`\n${name} `);
    expect(stdout).toContain('\nDefaults of other libraries');
    // A variance that is fixed does what it does at this width only.
    expect(stdout).toMatch(/^brainjs .* vanish\*/m);
    expect(stdout).toMatch(/^glorot-normal .* vanish /m);
  });
});

describe('bad input', () => {
  const net = '--widths 4,3*2 --init he-normal';

  it.each([
    ['predict', '--widths, --residual, --conv or --arch is missing'],
    ['predict --widths 4,3', '--init is missing'],
    ['predict --widths NaN,3 --init he-normal', 'a width of --widths is "NaN"'],
    ['predict --widths 4,0 --init he-normal', 'a width of --widths is "0"'],
    ['predict --widths 4,-3 --init he-normal', 'a width of --widths is "-3"'],
    ['predict --widths 784 --init he-normal', '--widths is "784"'],
    ['predict --widths 4,3*1000000000 --init he-normal', '--widths has too many layers'],
    ['predict --widths 4,3 --init he-norml', 'did you mean he-normal'],
    ['predict --widths 4,3 --init pytorch:conv', '--init: there is no initializer "pytorch:conv"'],
    ['predict --widths 4,3 --init normal:variance=-1', '--init is "normal:variance=-1": variance is "-1"'],
    [`predict ${net} --input-length NaN`, '--input-length is "NaN"'],
    [
      `predict ${net} --input-length 1e300`,
      '--input-length is "1e300"; expected a length from 1e-100 to 1e100',
    ],
    [`predict ${net} --widths 5,4`, '--widths is given twice'],
    [
      'predict --widths 784,100*3 --init delta-orthogonal',
      '--init delta-orthogonal does not go with layer 1',
    ],
    [
      'diagnose --widths 784,100*3 --init delta-orthogonal',
      '--init delta-orthogonal does not go with layer 1',
    ],
    ['diagnose --widths 5,100000*3 --init ml-fnn', '--widths asks for 100,000 × 100,000 weights in layer 2'],
    ['born-dead --input-dim 5 --hidden 100000*3', '--hidden asks for 100,000 × 100,000 weights in layer 2'],
    ['diagnose --widths 784,100*3 --init lsuv --data .', '--data is ".", which holds no idx files'],
    [`predict ${net} --input-length -1`, '--input-length is "-1"'],
    [`predict ${net} --trials 5`, "unknown option '--trials'"],
    [`predict ${net} extra`, 'too many arguments'],
    [
      `measure ${net} --trials 1000000000`,
      '--trials is "1000000000"; expected a whole number from 1 to 1,000,000 (',
    ],
    [`measure ${net} --trials 0`, '--trials is "0"'],
    [`measure ${net} --trials 1e3`, '--trials is "1e3"'],
    [`measure ${net} --seed -1`, '--seed is "-1"'],
    [`measure ${net} --method matrics`, '--method is "matrics"; did you mean matrices?'],
    [`measure ${net} --data mnits`, 'did you mean mnist?'],
    [`measure ${net} --data embedded`, '--widths starts with 4; expected 784'],
    [`measure ${net} --data embedded --input-length 2`, '--input-length does not go with --data'],
    [`measure ${net} --data embedded --method exact-law`, '--data does not go with --method exact-law'],
    ['measure --widths 4,3 --init lsuv', '--data is missing: lsuv needs data'],
    ['measure --widths 99999,99999 --init he-normal', '--widths asks for 99,999 × 99,999 weights in layer 1'],
    [`diagnose ${net} --outputs 0`, '--outputs is "0"'],
    [`diagnose ${net} --outputs ten`, '--outputs is "ten"'],
    ['diagnose --widths 4,3 --init glorot', 'did you mean'],
    ['trainability --input-dim 1 --radius 1 --width 8', "required option '--needed <m>' not specified"],
    ['trainability --input-dim 0 --radius 1 --width 8 --needed 4', '--input-dim is "0"'],
    [
      'trainability --input-dim 1 --radius -1 --width 8 --needed 4',
      '--radius is "-1"; expected a radius above 0',
    ],
    ['trainability --input-dim 1 --radius NaN --width 8 --needed 4', '--radius is "NaN"'],
    [
      'trainability --input-dim 1 --radius 1 --width 8 --needed 9',
      '--needed is "9"; expected at most the 8 neurons',
    ],
    ['born-dead --input-dim 1', "required option '--hidden <list>' not specified"],
    ['born-dead --input-dim 1 --hidden 2*0', 'a number of layers of --hidden is "0"'],
    ['born-dead --input-dim 1 --hidden 2*9 --trials 1000000000', '--trials is "1000000000"'],
    ['born-dead --input-dim 1 --hidden 2*9 --radius 0', '--radius is "0"'],
    ['initializers he-norml', 'the name: there is no initializer "he-norml"; did you mean he-normal'],
    ['initializers --fan-in 0', '--fan-in is "0"'],
    ['initializers --fan-out x', '--fan-out is "x"'],
    ['initializrs', 'did you mean initializers?'],
    ['predct', 'did you mean predict?'],
  ])('kindling %s', async (line, message) => {
    const { code, stdout, stderr } = await run(line);
    expect(stderr).toMatch(/^kindling: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('help', () => {
  it.each(['predict', 'measure', 'diagnose', 'trainability', 'born-dead', 'initializers'])(
    'of %s has examples',
    async (name) => {
      for (const line of [`${name} --help`, `help ${name}`]) {
        const { stdout, code } = await run(line);
        expect(code).toBe(0);
        expect(stdout).toMatch(new RegExp(`^Usage: kindling ${name} `));
        expect(stdout).toMatch(new RegExp(`^Examples:\n {2}\\$ kindling ${name}`, 'm'));
      }
      expect((await run('--help')).stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    },
  );
});

describe('every terminal', () => {
  it.each([
    'predict --widths 784,100*50 --init he-normal',
    'predict --widths 784,10*100 --init lecun-normal --input-length 0.1',
    'predict --widths 10,10*9 --init rai',
    'trainability --input-dim 3 --radius 1 --width 100 --needed 90',
    'born-dead --input-dim 1 --hidden 2*9 --trials 0',
    'initializers',
    'initializers zeros',
    'measure --widths 1,2*9 --init he-normal --trials 100',
    'measure --widths 20,20*3 --init rai --trials 50',
    'born-dead --input-dim 1 --hidden 3*4 --init rai --trials 100',
    'diagnose --widths 784,100*50 --init pytorch:linear',
    'diagnose --widths 784,10*50 --init he-normal',
  ])('has room for kindling %s', async (line) => {
    for (const columns of [72, 80, 100, 120, 200]) {
      const { stdout } = await run(line, columns);
      // Command lines to copy and descriptions in JSON are not broken.
      const prose = stdout.split('\n').filter((text) => !/^ +(\$ kindling|description)/.test(text));
      for (const text of prose) expect(textWidth(text), text).toBeLessThanOrEqual(columns);
    }
  });
});
