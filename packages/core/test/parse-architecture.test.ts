/** Strict reading of architectures, and the builders that make them. */
import {
  convolutionalArchitecture,
  countParameters,
  denseArchitecture,
  InvalidArgumentError,
  layerFans,
  layerShapes,
  listParameters,
  parseArchitecture,
  type ResidualScaleRule,
  residualArchitecture,
  residualScales,
} from '@kindling/core';
import { describe, expect, it } from 'vitest';

const dense = { kind: 'dense', units: 4, activation: 'relu' };
const conv = { kind: 'conv2d', filters: 4, kernel: [3, 3], stride: 1, padding: 'zero', activation: 'linear' };
const block = { kind: 'residual', branch: [dense], scale: 1, shortcut: 'identity' };
const rows = (...layers: unknown[]) => ({ input: { width: 4 }, layers });
const images = (...layers: unknown[]) => ({ input: { height: 6, width: 5, channels: 3 }, layers });

/** Blocks in blocks, so many. */
function nest(depth: number): unknown {
  return depth === 0 ? dense : { ...block, branch: [nest(depth - 1)] };
}

describe('parseArchitecture', () => {
  it('gives a copy with equal JSON whatever the order of keys', () => {
    const shuffled = {
      layers: [{ shortcut: 'identity', scale: { learned: 0 }, branch: [dense], kind: 'residual' }],
      input: { width: 4 },
    };
    const plain = rows({ ...block, scale: { learned: 0 } });
    expect(JSON.stringify(parseArchitecture(shuffled))).toBe(JSON.stringify(parseArchitecture(plain)));
    expect(parseArchitecture(JSON.parse(JSON.stringify(parseArchitecture(plain))))).toEqual(plain);
  });

  it.each<[string, unknown]>([
    ['the architecture is null; expected an object', null],
    ['the architecture has the key "name"; expected input, layers', { ...rows(dense), name: 'x' }],
    ['input is missing; expected an object with width', { layers: [dense] }],
    ['input.width is 0; expected an integer ≥ 1', { input: { width: 0 }, layers: [dense] }],
    ['input.height is missing', { input: { width: 3, channels: 1 }, layers: [conv] }],
    ['input has the key "heigth"', { input: { width: 3, heigth: 1 }, layers: [conv] }],
    ['layers is []; expected a list of at least one layer', rows()],
    ['layers[1].kind is "lstm"; expected dense, conv2d', rows(dense, { kind: 'lstm' })],
    ['layers[0].kind is missing', rows({ units: 3 })],
    ['layers[0].kind is missing', rows(null)],
    ['layers[0].units is NaN', rows({ ...dense, units: Number.NaN })],
    ['layers[0].units is 1000000000; expected at most 16777216', rows({ ...dense, units: 1e9 })],
    ['layers[0].units is missing', rows({ kind: 'dense', activation: 'relu' })],
    ['layers[0] has the key "bias"', rows({ ...dense, bias: true })],
    [
      'layers[0].activation is "tanh"; expected "relu", "linear" or {"kind":"leaky-relu","slope":0.1}',
      rows({ ...dense, activation: 'tanh' }),
    ],
    [
      'layers[0].activation.slope is -1; expected a number ≥ 0',
      rows({ ...dense, activation: { kind: 'leaky-relu', slope: -1 } }),
    ],
    ['layers[0].kernel is 3; expected [height, width]', images({ ...conv, kernel: 3 })],
    ['layers[0].kernel[1] is 1.5', images({ ...conv, kernel: [3, 1.5] })],
    ['layers[0].padding is "same"; expected zero, circular, valid', images({ ...conv, padding: 'same' })],
    [
      'layers[1].branch[0].filters is "8"; expected an integer ≥ 1',
      images(conv, { ...block, branch: [{ ...conv, filters: '8' }] }),
    ],
    ['layers[0].branch is []', rows({ ...block, branch: [] })],
    ['layers[0].scale is null', rows({ ...block, scale: null })],
    ['layers[0].scale.learned is "0"', rows({ ...block, scale: { learned: '0' } })],
    ['layers[0].shortcut is "none"; expected identity, projection', rows({ ...block, shortcut: 'none' })],
  ])('refuses: %s', (message, value) => {
    expect(() => parseArchitecture(value)).toThrow(InvalidArgumentError);
    expect(() => parseArchitecture(value)).toThrow(`parseArchitecture: ${message}`);
    expect(() => parseArchitecture(value)).not.toThrow(/\n/);
  });

  it('takes 16 blocks in each other and no more', () => {
    expect(parseArchitecture(rows(nest(16))).layers).toHaveLength(1);
    expect(() => parseArchitecture(rows(nest(17)))).toThrow(/too deep/);
  });
});

describe('layers that do not fit are refused by path', () => {
  it.each<[string, unknown]>([
    ['layers[0] is dense and reads images of 6 × 5 × 3', images(dense)],
    [
      'layers[0] does not fit: the kernel is 7 × 3; expected at most',
      images({ ...conv, kernel: [7, 3], padding: 'valid' }),
    ],
    [
      'layers[1].branch[0] does not fit: the window is 7 × 1',
      images(conv, { ...block, branch: [{ kind: 'max-pool', window: [7, 1], stride: 1 }] }),
    ],
    [
      'layers[0].shortcut is identity and the branch takes 4 to 5; expected equal shapes, or a projection',
      rows({ ...block, branch: [{ ...dense, units: 5 }] }),
    ],
    [
      'layers[0].shortcut is projection and the branch takes 6 × 5 × 3 to 4 × 5 × 4; expected a size',
      images({
        ...{ ...block, branch: [{ ...conv, kernel: [3, 1], padding: 'valid' }], shortcut: 'projection' },
      }),
    ],
  ])('%s', (message, value) => {
    expect(() => parseArchitecture(value)).toThrow(`parseArchitecture: ${message}`);
  });
});

describe('shapes, fans and parameters', () => {
  const architecture = parseArchitecture(
    images(
      { ...conv, stride: 2 },
      {
        ...block,
        branch: [{ ...conv, filters: 7, stride: 2 }],
        shortcut: 'projection',
        scale: { learned: 0 },
      },
      { kind: 'batch-normalization' },
      { kind: 'flatten' },
      dense,
    ),
  );

  it('are worked out layer by layer', () => {
    expect(layerShapes(architecture)).toEqual([
      { height: 3, width: 3, channels: 4 },
      { height: 2, width: 2, channels: 7 },
      { height: 2, width: 2, channels: 7 },
      { height: 1, width: 1, channels: 28 },
      { height: 1, width: 1, channels: 4 },
    ]);
  });

  it('list every parameter by name, with its fans', () => {
    expect(
      listParameters(architecture).map(({ name, rows: m, columns, weightIndex, fans, initial }) => [
        ...[name, m, columns, weightIndex, fans?.fanIn ?? null, fans?.fanOut ?? null, initial],
      ]),
    ).toEqual([
      ['layers.0.weights', 27, 4, 0, 27, 36, 0],
      ['layers.0.biases', 1, 4, 0, 27, 36, 0],
      ['layers.1.branch.0.weights', 36, 7, 1, 36, 63, 0],
      ['layers.1.branch.0.biases', 1, 7, 1, 36, 63, 0],
      ['layers.1.shortcut.weights', 4, 7, 2, 4, 7, 0],
      ['layers.1.scale', 1, 1, null, null, null, 0],
      ['layers.2.gamma', 1, 7, null, null, null, 1],
      ['layers.2.beta', 1, 7, null, null, null, 0],
      ['layers.4.weights', 28, 4, 3, 28, 4, 0],
      ['layers.4.biases', 1, 4, 3, 28, 4, 0],
    ]);
    expect(countParameters(architecture)).toBe(27 * 4 + 4 + 36 * 7 + 7 + 28 + 1 + 14 + 28 * 4 + 4);
    expect(layerFans(3, 8, [5, 3])).toEqual({ fanIn: 45, fanOut: 120, kernel: [5, 3], units: 8 });
  });
});

describe('builders', () => {
  it('dense: ReLU layers and a linear one', () => {
    expect(denseArchitecture({ widths: [3, 4], outputs: 2 })).toEqual({
      input: { width: 3 },
      layers: [dense, { kind: 'dense', units: 2, activation: 'linear' }],
    });
    expect(() => denseArchitecture({ widths: [3], outputs: 2 })).toThrow(/at least one layer/);
  });

  it('residual: one ReLU layer, or one behind which a linear layer ends the module', () => {
    const scale = { rule: 'power', base: 0.5 } as const;
    const relu = residualArchitecture({ module: 'relu', width: 4, modules: 2, scale });
    expect(relu).toEqual(rows({ ...block, scale: 0.5 }, { ...block, scale: 0.25 }));
    const linear = { kind: 'dense', units: 4, activation: 'linear' };
    expect(
      residualArchitecture({
        ...{ module: 'linear', width: 4, modules: 1, scale: { rule: 'constant', value: 0 }, learned: true },
        ...{ inputLayer: { inputs: 9, activation: 'relu' }, outputs: 4 },
      }),
    ).toEqual({
      input: { width: 9 },
      layers: [dense, { ...block, branch: [dense, linear], scale: { learned: 0 } }, linear],
    });
  });

  it('convolutional: one kernel throughout, and a head', () => {
    const sizes = { input: { height: 6, width: 5, channels: 3 }, filters: [4, 4], kernel: [3, 3] } as const;
    const relu = { ...conv, activation: 'relu' };
    expect(convolutionalArchitecture({ ...sizes, padding: 'zero' })).toEqual(images(relu, relu));
    const head = { kind: 'global-average-pool', outputs: 4 } as const;
    expect(convolutionalArchitecture({ ...sizes, padding: 'zero', activation: 'linear', head })).toEqual(
      images(conv, conv, { kind: head.kind }, { ...dense, activation: 'linear' }),
    );
    expect(() => convolutionalArchitecture({ ...sizes, padding: 'valid', kernel: [4, 4] })).toThrow(
      /layers\[1\] does not fit/,
    );
  });
});

describe('residualScales', () => {
  it.each<[ResidualScaleRule, readonly number[]]>([
    [{ rule: 'constant', value: 0.1 }, [0.1, 0.1, 0.1, 0.1]],
    [{ rule: 'power', base: 0.5 }, [0.5, 0.25, 0.125, 0.0625]],
    [{ rule: 'inverse-modules' }, [0.25, 0.25, 0.25, 0.25]],
    [{ rule: 'inverse-root-modules' }, [0.5, 0.5, 0.5, 0.5]],
    [{ rule: 'list', values: [4, 3, 2, 1] }, [4, 3, 2, 1]],
  ])('%j', (rule, scales) => {
    expect(residualScales(rule, 4)).toEqual(scales);
  });

  it('of 0.9^l add up to 9', () => {
    const sum = residualScales({ rule: 'power', base: 0.9 }, 400).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(9, 10);
  });

  it.each<[RegExp, ResidualScaleRule, number]>([
    [/modules is 0/, { rule: 'inverse-modules' }, 0],
    [/modules is 1000000000/, { rule: 'inverse-modules' }, 1e9],
    [/a scale is NaN/, { rule: 'power', base: Number.NaN }, 3],
    [/a scale is Infinity/, { rule: 'power', base: 10 }, 400],
    [/the list has 2 scales; expected 3/, { rule: 'list', values: [1, 2] }, 3],
    [/the rule is "fixup"/, { rule: 'fixup' } as unknown as ResidualScaleRule, 3],
  ])('refuses: %s', (message, rule, modules) => {
    expect(() => residualScales(rule, modules)).toThrow(message);
  });
});
