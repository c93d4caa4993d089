/** Verdicts of networks of any architecture: dense ones as `diagnose` has them, convolutions, normalization, bad arguments. */
import {
  type Architecture,
  allocateMatrix,
  convolutionalArchitecture,
  createEngine,
  denseArchitecture,
  InvalidArgumentError,
  type Layer,
  type Padding,
} from '@kindling/core';
import { type Diagnosis, diagnose, diagnoseNetwork, type EvidenceQuantity } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const engine = createEngine();

function diagnoseWith(architecture: Architecture, name: string, trials = 16, remedies = false): Diagnosis {
  const { initializer } = findInitializer(name);
  return diagnoseNetwork(engine, { architecture, initializer, initializerName: name, trials, remedies });
}

function convolutions(
  side: number,
  channels: number,
  depth: number,
  padding: Padding = 'zero',
): Architecture {
  return convolutionalArchitecture({
    input: { height: side, width: side, channels: 3 },
    filters: new Array<number>(depth).fill(channels),
    kernel: [3, 3],
    padding,
    head: { kind: 'flatten', outputs: 10 },
  });
}

function numberOf({ evidence }: Diagnosis, quantity: EvidenceQuantity): number {
  return evidence.find((item) => item.quantity === quantity)?.value ?? Number.NaN;
}

describe('a dense architecture', () => {
  it.each([
    ['he-normal', 50, 20],
    ['tfjs:he-normal', 100, 50],
    ['pytorch:linear', 30, 10],
    ['rai', 10, 4],
    ['lsuv', 10, 4],
    ['zeros', 10, 3],
    ['he-normal', 4, 12],
  ])('is diagnosed as by `diagnose`: %s, width %d, depth %d', (name, width, depth) => {
    const widths = [20, ...new Array<number>(depth).fill(width)];
    const { initializer } = findInitializer(name);
    const shared = { initializer, initializerName: name, trials: 30 };
    const expected = diagnose(engine, { ...shared, widths, outputs: 7 });
    const architecture = denseArchitecture({ widths, outputs: 7 });
    const found = diagnoseNetwork(engine, { ...shared, architecture });
    const { remedy, ...rest } = found;
    expect({ ...rest, remedy: [] }).toEqual({ ...expected, remedy: [] });
    remedy.forEach(({ change: { architecture: changed, ...change }, ...told }, index) => {
      expect({ ...told, change }).toEqual(expected.remedy[index]);
      if (change.widths === undefined) expect(changed).toBeUndefined();
      else expect(changed).toEqual(denseArchitecture({ widths: change.widths, outputs: 7 }));
    });
  });
});

describe('convolutions', () => {
  it('starts with He and zero padding at depth 50, and tells what the padding costs', () => {
    const diagnosis = diagnoseWith(convolutions(32, 10, 50), 'he-normal');
    expect(diagnosis.verdict).toBe('starts');
    expect(numberOf(diagnosis, 'weightsLength')).toBeCloseTo(1, 9);
    // (0.99397 a layer in the long run, and less at first.)
    const leak = numberOf(diagnosis, 'paddingLength');
    expect(leak).toBeGreaterThan(0.99397 ** 50 * 0.7);
    expect(leak).toBeLessThan(0.99397 ** 50);
    expect(10 ** (diagnosis.numbers.log10Mean ?? 0)).toBeCloseTo(leak, 9);
    expect(numberOf(diagnosis, 'logDeviation')).toBeGreaterThan(0.5);
  });

  it('at depth 200 scatters, which the mean does not tell', () => {
    const { verdicts, numbers } = diagnoseWith(convolutions(8, 10, 200, 'circular'), 'he-normal');
    expect(verdicts).toEqual(['fm2-length-variance']);
    expect(numbers.log10Mean).toBeCloseTo(0, 9);
    expect(numbers.log10Typical).toBeLessThan(-8);
  });

  it('vanishes by its weights with LeCun, and He mends it', () => {
    const diagnosis = diagnoseWith(convolutions(8, 24, 30), 'lecun-normal', 16, true);
    expect(diagnosis.verdicts).toEqual(['fm1-vanishing']);
    expect(numberOf(diagnosis, 'weightsLength')).toBeCloseTo(0.5 ** 30, 12);
    const blamed = diagnosis.evidence
      .filter(({ code }) => code === 'fm1-vanishing')
      .map(({ quantity }) => quantity);
    expect(blamed).toContain('weightsLength');
    expect(blamed).not.toContain('paddingLength');
    const he = diagnosis.remedy.find(({ change }) => change.initializerName === 'he-normal');
    expect(he?.starts).toBe(true);
  });

  it('vanishes by its padding where images are small; circular padding or a gain mends it', () => {
    const architecture = convolutions(4, 32, 60);
    const diagnosis = diagnoseWith(architecture, 'he-normal', 16, true);
    expect(diagnosis.verdicts[0]).toBe('fm1-vanishing');
    const padding = diagnosis.evidence.find(({ quantity }) => quantity === 'paddingLength');
    expect(padding?.code).toBe('fm1-vanishing');
    expect(diagnosis.evidence.find(({ quantity }) => quantity === 'weightsLength')?.code).toBe('starts');
    const circular = diagnosis.remedy.find(({ text }) => /^pad circularly/.test(text));
    expect(circular?.starts).toBe(true);
    const gain = diagnosis.remedy.find(({ text }) => /makes up for the padding layer by layer/.test(text));
    expect(gain?.starts).toBe(true);
    for (const { change, after } of diagnosis.remedy) {
      const again = diagnoseNetwork(engine, {
        architecture: change.architecture ?? architecture,
        initializer: change.initializer ?? findInitializer('he-normal').initializer,
        trials: 16,
        remedies: false,
      });
      expect(again.numbers).toEqual(after);
    }
  });

  it('blames weights and padding for what they do, and not for what biases keep up', () => {
    const architecture = convolutions(8, 16, 20);
    const biased = diagnoseWith(architecture, 'pytorch:linear');
    // PyTorch's weights without its biases.
    const plain = diagnoseWith(
      architecture,
      'variance-scaling:scale=0.3333333333333333,distribution=uniform',
    );
    expect(biased.verdicts).toContain('vanishing-gradients');
    for (const quantity of ['weightsLength', 'paddingLength'] as const) {
      expect(numberOf(biased, quantity) / numberOf(plain, quantity)).toBeCloseTo(1, 9);
    }
    expect(numberOf(biased, 'weightsLength') / 6 ** -20).toBeCloseTo(1, 9);
    const product = numberOf(biased, 'weightsLength') * numberOf(biased, 'paddingLength');
    expect(Math.log10(product)).toBeCloseTo(biased.numbers.log10Mean ?? 0, 9);
    const texts = ({ evidence }: Diagnosis) =>
      evidence.flatMap(({ quantity, text }) =>
        ['weightsLength', 'paddingLength'].includes(quantity) ? [text] : [],
      );
    for (const text of texts(biased)) {
      expect(text).toMatch(/^Of what happens to the input's own part of the mean length, without biases, /);
    }
    for (const text of texts(plain)) expect(text).toMatch(/^Of what happens to the mean length, a factor/);
  });

  it('knows that a net of one channel often dies, and that more channels help', () => {
    const diagnosis = diagnoseWith(convolutions(2, 1, 12, 'circular'), 'he-normal', 60, true);
    expect(diagnosis.numbers.bornDeadProbability).toBeGreaterThan(0.2);
    const wider = diagnosis.remedy.find(({ text }) => /4 times as wide/.test(text));
    expect(wider?.after.bornDeadProbability).toBeLessThan(0.1);
  });
});

describe('batch normalization', () => {
  const layers = (normalized: boolean): Layer[] =>
    Array.from({ length: 30 }, (): Layer[] => [
      { kind: 'dense', units: 20, activation: 'linear' },
      ...(normalized ? [{ kind: 'batch-normalization' } as const] : []),
      { kind: 'activation', activation: 'relu' },
    ]).flat();
  const output: Layer = { kind: 'dense', units: 10, activation: 'linear' };
  const net = (normalized: boolean): Architecture => ({
    input: { width: 20 },
    layers: [...layers(normalized), output],
  });

  it('restores lengths, whatever the weights; a note says so, and what it does not say', () => {
    const diagnosis = diagnoseWith(net(true), 'lecun-normal');
    expect(diagnosis.verdict).toBe('starts');
    expect(10 ** (diagnosis.numbers.log10Typical ?? 9)).toBeCloseTo(0.5, 1);
    expect(diagnosis.notes.join(' ')).toMatch(
      /Batch normalization restores the length.*gradients is not judged/,
    );
    expect(diagnoseWith(net(false), 'lecun-normal').verdict).toBe('fm1-vanishing');
  });
});

describe('biases', () => {
  it('keep a length up, and the signal of the same net without them vanishes', () => {
    const block: Layer = { kind: 'dense', units: 20, activation: { kind: 'leaky-relu', slope: 0.01 } };
    const architecture: Architecture = {
      input: { width: 20 },
      layers: [...new Array<Layer>(15).fill(block), { kind: 'dense', units: 10, activation: 'linear' }],
    };
    const { verdicts, numbers } = diagnoseWith(architecture, 'pytorch:linear');
    expect(verdicts).toEqual(['fm1-vanishing', 'vanishing-gradients']);
    expect(numbers.log10Mean).toBeCloseTo(15 * Math.log10((1 + 0.01 ** 2) / 6), 6);
  });
});

it('is plain JSON, the same bytes every time, and leaves the arena as it was', () => {
  const architecture = convolutions(6, 4, 8);
  const used = engine.arena.usedBytes;
  const first = diagnoseWith(architecture, 'glorot-normal', 16, true);
  expect(engine.arena.usedBytes).toBe(used);
  expect(JSON.parse(JSON.stringify(first))).toEqual(first);
  expect(JSON.stringify(diagnoseWith(architecture, 'glorot-normal', 16, true))).toBe(JSON.stringify(first));
});

it('measures on data that are given', () => {
  const mark = engine.arena.mark();
  const inputs = allocateMatrix(engine, 8, 36 * 3);
  engine.arena.floats(inputs.pointer, inputs.rows * inputs.stride).fill(0.5);
  const { initializer } = findInitializer('he-normal');
  const options = { architecture: convolutions(6, 8, 5), initializer, trials: 16, remedies: false };
  const found = diagnoseNetwork(engine, { ...options, data: { inputs } });
  expect(found.notes.join(' ')).toMatch(/first rows of the data/);
  expect(found.numbers.log10Typical).not.toBe(diagnoseNetwork(engine, options).numbers.log10Typical);
  engine.arena.release(mark);
});

describe('bad arguments', () => {
  const architecture = convolutions(6, 4, 2);
  const { initializer } = findInitializer('he-normal');
  const matrix = allocateMatrix(engine, 2, 5);
  const zeros = allocateMatrix(engine, 2, 36 * 3);
  engine.arena.floats(zeros.pointer, zeros.rows * zeros.stride).fill(0);
  const broken = allocateMatrix(engine, 2, 36 * 3);
  engine.arena.floats(broken.pointer, broken.rows * broken.stride).fill(Number.NaN);
  it.each([
    ['no architecture', { architecture: {} as Architecture, initializer }, /parseArchitecture: .*expected/],
    ['trials', { architecture, initializer, trials: 1 }, /diagnoseNetwork: trials is 1/],
    [
      'data of another width',
      { architecture, initializer, data: { inputs: matrix } },
      /diagnoseNetwork: the data have 5 numbers a row; expected the input's 6 × 6 × 3 = 108/,
    ],
    [
      'data of zeros',
      { architecture, initializer, data: { inputs: zeros } },
      /diagnoseNetwork: the data are empty, all zero or not finite/,
    ],
    [
      'NaN',
      { architecture, initializer, data: { inputs: broken } },
      /diagnoseNetwork: the data are empty, all zero or not finite/,
    ],
    [
      'scales of weights',
      { architecture, initializer, weightScales: [1] },
      /diagnoseNetwork: weightScales are for/,
    ],
    [
      'an initializer for data',
      { architecture, initializer: findInitializer('lsuv').initializer },
      /diagnoseNetwork: lsuv looks at data/,
    ],
    ['fixup without blocks', { architecture, initializer: findInitializer('fixup').initializer }, /fixup/],
    [
      'fixup on dense layers',
      {
        architecture: denseArchitecture({ widths: [3, 4], outputs: 2 }),
        initializer: findInitializer('fixup').initializer,
      },
      /diagnoseNetwork: fixup is for residual nets/,
    ],
  ] as const)('%s', (_, options, message) => {
    const act = () => diagnoseNetwork(engine, options);
    expect(act).toThrow(InvalidArgumentError);
    expect(act).toThrow(message);
  });
});
