/** Shorthands of architectures: what is read, what is refused, and that what is written is read back as it was. */
import {
  type Architecture,
  architectureShorthand,
  architectureText,
  convolutionalArchitecture,
  convolutionalSizesOf,
  denseArchitecture,
  denseSizesOf,
  InvalidArgumentError,
  type Padding,
  parseArchitecture,
  parseConvolutionalShorthand,
  parseKernelShorthand,
  parsePadding,
  parseResidualShorthand,
  parseScaleRule,
  type ResidualScaleRule,
  residualArchitecture,
  residualSizesOf,
  scaleRuleOf,
  scaleRuleText,
} from '@kindling/core';
import { describe, expect, it } from 'vitest';

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof InvalidArgumentError) return error.message;
    throw error;
  }
  throw new Error('messageOf: nothing was thrown; expected an InvalidArgumentError');
}

/** Whole numbers from 0, the same ones in every run (Park & Miller). */
function drawer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

/** What a shorthand is read as again. */
function reread(architecture: Architecture): Architecture {
  const short = architectureShorthand(architecture);
  if (short === null) throw new Error(`reread: ${architectureText(architecture)} has no shorthand`);
  switch (short.family) {
    case 'residual': {
      const { modules, module, scale, outputs } = short;
      return parseResidualShorthand(modules, { module, scaling: parseScaleRule(scale), outputs });
    }
    case 'convolutional': {
      const { layers, kernel, stride, padding, outputs } = short;
      return parseConvolutionalShorthand(layers, {
        kernel: parseKernelShorthand(kernel),
        stride,
        padding,
        ...(outputs === 0 ? {} : { head: { kind: 'global-average-pool', outputs } }),
      });
    }
    case 'dense': {
      const widths = short.widths.split(',').flatMap((item) => {
        const [width = 0, times = 1] = item.split('*').map(Number);
        return new Array<number>(times).fill(width);
      });
      return denseArchitecture({ widths, outputs: short.outputs });
    }
  }
}

describe('a residual shorthand', () => {
  it('is width times modules', () => {
    const plain = residualArchitecture({
      module: 'relu',
      width: 5,
      modules: 3,
      scale: { rule: 'constant', value: 1 },
    });
    for (const text of ['5*3', '5×3', ' 5 * 3 ', '5,5,5', '5*2,5']) {
      expect(parseResidualShorthand(text)).toEqual(plain);
    }
    const scaled = parseResidualShorthand('4*2', {
      module: 'linear',
      scaling: parseScaleRule('1/L'),
      outputs: 3,
    });
    expect(scaled.layers).toMatchObject([
      { kind: 'residual', scale: 0.5, branch: [{ activation: 'relu' }, { activation: 'linear' }] },
      { kind: 'residual', scale: 0.5 },
      { kind: 'dense', units: 3, activation: 'linear' },
    ]);
  });

  it.each([
    ['', 'has an item ""; expected width*modules, such as 5*30'],
    ['5*', 'has an item "5*"'],
    ['*30', 'expected width*modules'],
    ['5*30*2', 'expected width*modules'],
    ['5*30,', 'has an item ""'],
    ['x*3', 'a width is "x"; expected a whole number from 1 to 100000'],
    ['0*3', 'a width is "0"'],
    ['-5*3', 'a width is "-5"'],
    ['5.5*3', 'a width is "5.5"'],
    ['1e3*3', 'a width is "1e3"'],
    ['5*0', 'the number behind "5" is "0"'],
    ['5*x', 'the number behind "5" is "x"'],
    ['5*100001', 'expected a whole number from 1 to 100000'],
    ['5*60000,5*60000', 'more than 100000 of modules'],
    ['5*3,6*3', 'has the widths 5 and 6; expected one'],
    ['５*3', 'a width is "５"'],
  ])('"%s" is refused', (text, expected) => {
    const message = messageOf(() => parseResidualShorthand(text));
    expect(message).toMatch(/^parseResidualShorthand: [^\n]+$/);
    expect(message).toContain(expected);
    expect(message).not.toContain('--');
  });

  it('refuses scales that do not fit', () => {
    const scaling = parseScaleRule('1,0.5');
    expect(messageOf(() => parseResidualShorthand('5*3', { scaling }))).toBe(
      'parseResidualShorthand: the list has 2 scales; expected 3, one a module',
    );
    const huge = parseScaleRule('1e10^l');
    expect(messageOf(() => parseResidualShorthand('5*300', { scaling: huge }))).toContain(
      'a scale is Infinity',
    );
  });
});

describe('a scale rule', () => {
  it.each<[string, ResidualScaleRule]>([
    ['0.75^l', { rule: 'power', base: 0.75 }],
    [' .5 ^ L ', { rule: 'power', base: 0.5 }],
    ['0.9', { rule: 'constant', value: 0.9 }],
    ['0', { rule: 'constant', value: 0 }],
    ['1e-3', { rule: 'constant', value: 0.001 }],
    ['1/L', { rule: 'inverse-modules' }],
    ['1/l', { rule: 'inverse-modules' }],
    ['1/sqrt(L)', { rule: 'inverse-root-modules' }],
    ['1/√L', { rule: 'inverse-root-modules' }],
    ['1, 0.5*2', { rule: 'list', values: [1, 0.5, 0.5] }],
    ['0.5×2', { rule: 'list', values: [0.5, 0.5] }],
  ])('"%s" is %j', (text, rule) => {
    expect(parseScaleRule(text)).toEqual({ rule, learned: false });
    expect(parseScaleRule(scaleRuleText(parseScaleRule(text))).rule).toEqual(rule);
  });

  it.each([
    ['fixup', 1],
    ['ReZero', 0],
    ['skipinit', 0],
  ])('%s is learned and starts at %d', (name, value) => {
    const scaling = parseScaleRule(name);
    expect(scaling).toEqual({ rule: { rule: 'constant', value }, learned: true, method: name.toLowerCase() });
    expect(parseScaleRule(scaleRuleText(scaling))).toEqual(scaling);
  });

  it.each([
    ['', 'is no rule of scales; expected 0.75^l, 0.9, 1/L'],
    ['one', 'is no rule of scales'],
    ['NaN', 'is no rule of scales'],
    ['toString', 'is no rule of scales'],
    ['^l', 'is no rule of scales'],
    ['1/n', 'has the scale "1/n"; expected a finite number ≥ 0'],
    ['-1', 'has the scale "-1"; expected a finite number ≥ 0'],
    ['-0.5^l', 'has the scale "-0.5"'],
    ['1e999', 'has the scale "1e999"'],
    ['Infinity', 'has the scale "infinity"'],
    ['0.5^k', 'has the scale "0.5^k"'],
    ['1,,2', 'has an item ""'],
    ['1,', 'has an item ""'],
    ['1,-2', 'has the scale "-2"'],
    ['0.5*0', 'the number behind "0.5" is "0"'],
    ['0.5*200000', 'expected a whole number from 1 to 100000'],
  ])('"%s" is refused', (text, expected) => {
    const message = messageOf(() => parseScaleRule(text));
    expect(message).toMatch(/^parseScaleRule: [^\n]+$/);
    expect(message).toContain(expected);
  });

  it('is found again from its scales', () => {
    const rules: readonly ResidualScaleRule[] = [
      { rule: 'constant', value: 0.9 },
      { rule: 'power', base: 0.75 },
      { rule: 'power', base: 1.5 },
      { rule: 'inverse-modules' },
      { rule: 'inverse-root-modules' },
      { rule: 'list', values: [1, 0.5, 0.25, 0.1, 1, 1, 2] },
    ];
    for (const rule of rules) {
      const { layers } = residualArchitecture({ module: 'relu', width: 2, modules: 7, scale: rule });
      const scales = layers.map((layer) => (layer.kind === 'residual' ? Number(layer.scale) : Number.NaN));
      expect(scaleRuleOf(scales)).toEqual(rule);
    }
  });
});

describe('a convolutional shorthand', () => {
  it('is an image and the channels of every layer', () => {
    const architecture = parseConvolutionalShorthand('32x32x3,10*2,4', { padding: 'circular' });
    expect(architecture).toEqual(
      convolutionalArchitecture({
        input: { height: 32, width: 32, channels: 3 },
        filters: [10, 10, 4],
        kernel: [3, 3],
        padding: 'circular',
      }),
    );
    expect(parseConvolutionalShorthand(' 32 × 32X3 , 10 × 2,4', { padding: 'circular' })).toEqual(
      architecture,
    );
  });

  it.each([
    ['', 'the image is ""; expected height x width x channels'],
    ['32x32', 'the image is "32x32"'],
    ['32x32x3x1,10', 'the image is "32x32x3x1"'],
    ['784,100', 'the image is "784"'],
    ['32x32x3', 'is an image without a layer'],
    ['32x32x3,', 'has an item ""'],
    ['32x32x0,10', 'a size of the image is "0"'],
    ['32xax3,10', 'a size of the image is "a"'],
    ['32x32x3,10*', 'has an item "10*"'],
    ['32x32x3,-1', 'a number of channels is "-1"'],
    ['32x32x3,10*10001', 'expected a whole number from 1 to 10000'],
    ['32x32x3,1.5*3', 'a number of channels is "1.5"'],
  ])('"%s" is refused', (text, expected) => {
    const message = messageOf(() => parseConvolutionalShorthand(text));
    expect(message).toMatch(/^parseConvolutionalShorthand: [^\n]+$/);
    expect(message).toContain(expected);
  });

  it('names the layer that does not fit what is left of the image', () => {
    expect(messageOf(() => parseConvolutionalShorthand('8x8x1,4*5', { padding: 'valid' }))).toBe(
      "parseConvolutionalShorthand: layer 4 does not fit: the kernel is 3 × 3; expected at most the image's 2 × 2",
    );
  });

  it('has kernels of one or two sizes', () => {
    expect(parseKernelShorthand('3')).toEqual([3, 3]);
    expect(parseKernelShorthand('3x5')).toEqual([3, 5]);
    expect(parseKernelShorthand(' 3 × 5 ')).toEqual([3, 5]);
    for (const text of ['', '0', '3x', '3x5x7', 'x', '-1', '3.5', '3,5']) {
      expect(messageOf(() => parseKernelShorthand(text))).toMatch(/^parseKernelShorthand: [^\n]*expected/);
    }
    expect(parsePadding(' Zero ')).toBe('zero');
    expect(messageOf(() => parsePadding('same'))).toBe(
      'parsePadding: "same" is no padding; expected zero, circular, valid',
    );
  });
});

describe('what is written', () => {
  it('is read back as it was, whatever the residual net', () => {
    const draw = drawer(7);
    const rules = [
      '0.75^l',
      '0.9',
      '1',
      '1/L',
      '1/sqrt(L)',
      '1.25^l',
      '0.3333333333333333',
      'rezero',
      'fixup',
      'list',
    ];
    for (let i = 0; i < 300; i++) {
      const modules = 1 + draw(40);
      const rule = rules[draw(rules.length)] ?? '';
      const list = () => Array.from({ length: modules }, () => draw(4) / 4).join(',');
      const architecture = parseResidualShorthand(`${1 + draw(20)}*${modules}`, {
        module: draw(2) === 0 ? 'relu' : 'linear',
        scaling: parseScaleRule(rule === 'list' ? `${list()}` : rule),
        outputs: draw(3),
      });
      expect(reread(architecture)).toEqual(architecture);
      const sizes = residualSizesOf(architecture);
      expect(sizes === null ? null : residualArchitecture(sizes)).toEqual(architecture);
      expect(architectureText(architecture)).toMatch(/^\d+ (ReLU|linear-ending) modules? of width \d+, η/);
    }
  });

  it('is read back as it was, whatever the convolutions', () => {
    const draw = drawer(11);
    const paddings: readonly Padding[] = ['zero', 'circular', 'valid'];
    for (let i = 0; i < 300; i++) {
      const padding = paddings[draw(3)] ?? 'zero';
      const filters = Array.from({ length: 1 + draw(5) }, () => 1 + draw(2));
      const architecture = convolutionalArchitecture({
        input: { height: 20 + draw(4), width: 20 + draw(4), channels: 1 + draw(3) },
        filters,
        kernel: [1 + draw(4), 1 + draw(4)],
        padding,
        ...(draw(2) === 0 ? {} : { head: { kind: 'global-average-pool', outputs: 1 + draw(3) } }),
        stride: padding !== 'valid' && draw(3) === 0 ? 2 : 1,
      });
      const sizes = convolutionalSizesOf(architecture);
      expect(sizes === null ? null : convolutionalArchitecture(sizes)).toEqual(architecture);
      expect(reread(architecture)).toEqual(architecture);
    }
  });

  it('is read back as it was, whatever the widths', () => {
    const draw = drawer(13);
    for (let i = 0; i < 100; i++) {
      const widths = Array.from({ length: 2 + draw(9) }, () => 1 + draw(3));
      const outputs = draw(3);
      const architecture = denseArchitecture({ widths, outputs });
      const sizes = denseSizesOf(architecture);
      expect(sizes).toEqual({ widths, outputs });
      expect(reread(architecture)).toEqual(architecture);
    }
  });

  it.each<[string, Architecture]>([
    [
      '30 ReLU modules of width 5, η_l = 0.75^l',
      parseResidualShorthand('5*30', { scaling: parseScaleRule('0.75^l') }),
    ],
    ['1 linear-ending module of width 1,000, η = 1', parseResidualShorthand('1000*1', { module: 'linear' })],
    [
      '6 ReLU modules of width 4, η = 1, 0.5, …, 0.25 → 2 outputs',
      parseResidualShorthand('4*6', { scaling: parseScaleRule('1,0.5*4,0.25'), outputs: 2 }),
    ],
    [
      '2 ReLU modules of width 4, η = 0 at the start, learned',
      parseResidualShorthand('4*2', { scaling: parseScaleRule('rezero') }),
    ],
    [
      '784 inputs → linear layer → 2 ReLU modules of width 5, η = 1/√L → 10 outputs',
      parseResidualShorthand('5*2', {
        scaling: parseScaleRule('1/√L'),
        inputLayer: { inputs: 784, activation: 'linear' },
        outputs: 10,
      }),
    ],
    [
      '32 × 32 × 3 → 50 convolutions of 10 channels, 3 × 3, zero padding',
      parseConvolutionalShorthand('32x32x3,10*50'),
    ],
    [
      '64 × 64 × 1 → 3 convolutions of channels 8,16*2, 3 × 5, no padding, stride 2, linear → global average pool → 10 outputs',
      parseConvolutionalShorthand('64x64x1,8,16*2', {
        kernel: [3, 5],
        padding: 'valid',
        stride: 2,
        activation: 'linear',
        head: { kind: 'global-average-pool', outputs: 10 },
      }),
    ],
    [
      '784 inputs → 50 ReLU layers of 100 → 10 outputs',
      denseArchitecture({ widths: [784, ...new Array<number>(50).fill(100)], outputs: 10 }),
    ],
    ['4 inputs → 2 ReLU layers: 3,2', denseArchitecture({ widths: [4, 3, 2], outputs: 0 })],
    [
      '8 × 8 × 1 → 2 convolutions (ReLU) → 1 max pool → 1 flatten → 1 dense layer (ReLU)',
      parseArchitecture({
        input: { height: 8, width: 8, channels: 1 },
        layers: [
          { kind: 'conv2d', filters: 2, kernel: [3, 3], stride: 1, padding: 'zero', activation: 'relu' },
          { kind: 'conv2d', filters: 3, kernel: [3, 3], stride: 1, padding: 'zero', activation: 'relu' },
          { kind: 'max-pool', window: [2, 2], stride: 2 },
          { kind: 'flatten' },
          { kind: 'dense', units: 10, activation: 'relu' },
        ],
      }),
    ],
  ])('%s', (text, architecture) => expect(architectureText(architecture)).toBe(text));

  it('is nothing where a shorthand cannot say it', () => {
    const block = (scale: unknown, shortcut = 'identity') => ({
      kind: 'residual',
      branch: [{ kind: 'dense', units: 4, activation: 'relu' }],
      scale,
      shortcut,
    });
    for (const layers of [
      [block({ learned: 0.5 })],
      [block(-1)],
      [block(1, 'projection')],
      [block(1), block({ learned: 1 })],
      [{ kind: 'dense', units: 4, activation: 'relu' }, block(1)],
      [{ kind: 'dense', units: 4, activation: 'linear' }],
    ]) {
      expect(architectureShorthand(parseArchitecture({ input: { width: 4 }, layers }))).toBeNull();
    }
  });
});
