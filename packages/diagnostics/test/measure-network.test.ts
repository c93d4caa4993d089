/** The walk through a network, layer by layer, against passes of the whole network and against `measureLengths`. */
import {
  type Architecture,
  allocateMatrix,
  allocateNetwork,
  allocateWorkspace,
  convolutionalArchitecture,
  createEngine,
  denseArchitecture,
  forwardNetwork,
  InvalidArgumentError,
  type Layer,
  parseArchitecture,
  readMatrix,
  residualArchitecture,
  rootKey,
  sumSquaresOfImages,
  writeMatrix,
} from '@kindling/core';
import {
  measureLengths,
  measureNetworkLengths,
  networkWalkMemory,
  predictLogLengthFactor,
  predictNetworkLengths,
} from '@kindling/diagnostics';
import {
  findInitializer,
  type InitializationData,
  type Initializer,
  initializeParameters,
  type WeightLaw,
} from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const engine = createEngine();
const he = findInitializer('he-normal').initializer;
const relu = 'relu';

describe.each(['he-normal', 'pytorch:linear', 'orthogonal', 'brainjs'])('a dense net, %s', (name) => {
  const { initializer } = findInitializer(name);

  it.each([
    [[7, 5, 6, 3, 8], undefined],
    [[7, 5, 6, 3, 8], 5],
    [new Array<number>(121).fill(9), undefined],
  ])('has the lengths of measureLengths to the bit, widths %j', (widths, inputLength) => {
    const architecture = denseArchitecture({ widths, outputs: 0 });
    const options = { initializer, inputLength, key: rootKey(3) };
    const found = measureNetworkLengths(engine, { ...options, architecture });
    const { lengths, logLengths } = measureLengths(engine, { ...options, widths });
    expect(found.layers.map(({ length }) => length)).toEqual(lengths);
    expect(found.layers.map(({ logLength }) => logLength)).toEqual(logLengths);
  });
});

/** Mean squares behind the layers of a pass of the whole net. */
function wholePass(
  architecture: Architecture,
  initializer: Initializer,
  input: readonly number[],
  batch = 1,
  data?: InitializationData,
) {
  const mark = engine.arena.mark();
  const network = allocateNetwork(engine, architecture);
  initializeParameters(engine, network, initializer, rootKey(3), data);
  const rows = allocateMatrix(engine, batch, input.length / batch);
  writeMatrix(engine, rows, input);
  const squares: number[] = [];
  forwardNetwork(engine, network, rows, allocateWorkspace(engine, network, batch), (place, images) => {
    if (place.nested > 0) return;
    const { height, width, channels } = images;
    squares.push(sumSquaresOfImages(engine, images) / (images.batch * height * width * channels));
  });
  engine.arena.release(mark);
  return squares;
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => ((i * 37) % 101) / 50 - 1);

const everything = parseArchitecture({
  input: { height: 8, width: 7, channels: 2 },
  layers: [
    { kind: 'conv2d', filters: 6, kernel: [3, 3], stride: 1, padding: 'zero', activation: relu },
    {
      kind: 'residual',
      branch: [
        { kind: 'conv2d', filters: 8, kernel: [3, 3], stride: 2, padding: 'zero', activation: relu },
        { kind: 'conv2d', filters: 8, kernel: [3, 3], stride: 1, padding: 'circular', activation: 'linear' },
      ],
      scale: 0.5,
      shortcut: 'projection',
    },
    { kind: 'conv2d', filters: 8, kernel: [3, 3], stride: 1, padding: 'circular', activation: relu },
    { kind: 'conv2d', filters: 8, kernel: [3, 3], stride: 1, padding: 'circular', activation: relu },
    { kind: 'activation', activation: { kind: 'leaky-relu', slope: 0.1 } },
    { kind: 'max-pool', window: [2, 2], stride: 1 },
    { kind: 'average-pool', window: [2, 2], stride: 1 },
    { kind: 'flatten' },
    {
      kind: 'residual',
      branch: [{ kind: 'dense', units: 32, activation: relu }],
      scale: { learned: 0.25 },
      shortcut: 'identity',
    },
    { kind: 'dense', units: 5, activation: 'linear' },
  ],
});

describe('a net with everything in it', () => {
  const input = numbers(8 * 7 * 2);
  // Its mean square is scaled to a power of four, so that relative lengths are exact quotients.
  it.each(['he-normal', 'pytorch:linear', 'orthogonal'])('%s: the numbers of a pass of the whole', (name) => {
    const { initializer } = findInitializer(name);
    const { layers, inputLength } = measureNetworkLengths(engine, {
      architecture: everything,
      initializer,
      key: rootKey(3),
      input,
    });
    const squares = wholePass(everything, initializer, input);
    const square = input.reduce((sum, x) => sum + Math.fround(x) ** 2, 0) / input.length;
    expect(inputLength).toBeCloseTo(square, 6);
    layers.forEach(({ length }, l) => {
      expect(Math.abs((length * square) / (squares[l] ?? 0) - 1)).toBeLessThan(1e-14);
    });
    expect(layers.map(({ path }) => path)).toEqual(squares.map((_, l) => `layers[${l}]`));
  });

  it('fixup: the numbers of a pass of the whole', () => {
    const { initializer } = findInitializer('fixup:output=drawn');
    const branch: Layer[] = [
      { kind: 'dense', units: 9, activation: relu },
      { kind: 'dense', units: 6, activation: 'linear' },
    ];
    const block: Layer = { kind: 'residual', branch, scale: { learned: 1 }, shortcut: 'projection' };
    const architecture = parseArchitecture({
      input: { width: 5 },
      layers: [block, block, { kind: 'dense', units: 4, activation: 'linear' }],
    });
    const five = [1, -2, 0.5, 0, 1];
    const options = { architecture, initializer, input: five };
    const { layers } = measureNetworkLengths(engine, { ...options, key: rootKey(3) });
    wholePass(architecture, initializer, five).forEach((square, l) => {
      expect(Math.abs(((layers[l]?.length ?? 0) * 6.25) / 5 / square - 1)).toBeLessThan(1e-14);
    });
    // What a branch adds is zero: two projections of variance 2/fan-in, and a linear layer.
    expect(predictNetworkLengths(options).map(({ mean }) => mean)).toEqual(
      [2, 4, 8].map((mean) => expect.closeTo(mean)),
    );
  });

  it('lsuv, which looks at data: the whole net is drawn, and its layers are the same', () => {
    const { initializer } = findInitializer('lsuv');
    const data = { inputs: allocateMatrix(engine, 20, 112) };
    writeMatrix(engine, data.inputs, numbers(20 * 112));
    const { layers, memoryBytes } = measureNetworkLengths(engine, {
      architecture: everything,
      initializer,
      key: rootKey(3),
      input,
      data,
    });
    const square = input.reduce((sum, x) => sum + Math.fround(x) ** 2, 0) / input.length;
    wholePass(everything, initializer, input, 1, data).forEach((expected, l) => {
      expect(Math.abs(((layers[l]?.length ?? 0) * square) / expected - 1)).toBeLessThan(1e-14);
    });
    expect(memoryBytes).toBe(networkWalkMemory(everything, { initializer }));
    expect(memoryBytes).toBeGreaterThan(networkWalkMemory(everything));
  });

  it('reports the memory it takes, and gives it back', () => {
    const fresh = createEngine();
    const before = fresh.arena.usedBytes;
    const { memoryBytes } = measureNetworkLengths(fresh, {
      architecture: everything,
      initializer: he,
      key: rootKey(3),
    });
    expect(fresh.arena.usedBytes).toBe(before);
    expect(memoryBytes).toBe(networkWalkMemory(everything));
    expect(fresh.arena.peakBytes - before).toBeLessThanOrEqual(memoryBytes);
    expect(fresh.arena.peakBytes - before).toBeGreaterThan(0.9 * memoryBytes);
  });
});

it('batch normalizations see the true numbers of the whole batch', () => {
  const architecture = parseArchitecture({
    input: { width: 6 },
    layers: [
      { kind: 'dense', units: 9, activation: 'linear' },
      { kind: 'batch-normalization' },
      { kind: 'activation', activation: relu },
      { kind: 'dense', units: 9, activation: relu },
    ],
  });
  const tiny: Initializer = {
    kind: 'layerwise',
    weights: { kind: 'stated-variance', distribution: 'normal', variance: 1e-16 },
    biases: { kind: 'zeros' },
  };
  const input = numbers(6 * 10);
  for (const initializer of [he, tiny]) {
    const { layers, batch } = measureNetworkLengths(engine, {
      architecture,
      initializer,
      key: rootKey(3),
      input,
    });
    expect(batch).toBe(10);
    const squares = wholePass(architecture, initializer, input, 10);
    const square = input.reduce((sum, x) => sum + Math.fround(x) ** 2, 0) / input.length;
    layers.forEach(({ length }, l) => {
      expect(Math.abs((length * square) / (squares[l] ?? 0) - 1)).toBeLessThan(1e-6);
    });
  }
});

/** log(M_l/M_0) behind every module of a residual net of one ReLU layer each, in f64, rescaled on the way. */
function residualInF64(architecture: Architecture, initializer: Initializer, input: readonly number[]) {
  const mark = engine.arena.mark();
  const network = allocateNetwork(engine, architecture);
  initializeParameters(engine, network, initializer, rootKey(3));
  let x = Float64Array.from(input, Math.fround);
  const square = () => x.reduce((sum, value) => sum + value * value, 0);
  const start = Math.log(square());
  let scale = 0;
  const logs = network.parameters.flatMap(({ kind, matrix }) => {
    if (kind !== 'weights') return [];
    const weights = readMatrix(engine, matrix);
    const n = matrix.columns;
    const sums = new Float64Array(n);
    x.forEach((value, i) => {
      for (let j = 0; j < n; j++) sums[j] = (sums[j] ?? 0) + value * (weights[i * n + j] ?? 0);
    });
    const factor = Math.sqrt(square());
    x = x.map((value, j) => (value + Math.max(0, sums[j] ?? 0)) / factor);
    scale += 2 * Math.log(factor);
    return [Math.log(square()) + scale - start];
  });
  engine.arena.release(mark);
  return logs;
}

/** He's weights with the variance times `scale`. */
const scaledHe = (scale: number): Initializer => ({
  kind: 'layerwise',
  weights: { kind: 'variance-scaling', distribution: 'normal', scale: 2 * scale, mode: 'fan-in' },
  biases: { kind: 'zeros' },
});

describe('far beyond f32', () => {
  it('a thousand modules of one ReLU layer, η = 1: the numbers of f64', () => {
    const scale = { rule: 'constant', value: 1 } as const;
    const architecture = residualArchitecture({ module: 'relu', width: 50, modules: 1000, scale });
    const input = numbers(50);
    const { layers, memoryBytes } = measureNetworkLengths(engine, {
      architecture,
      initializer: he,
      key: rootKey(3),
      input,
    });
    const logs = residualInF64(architecture, he, input);
    layers.forEach(({ logLength }, l) => {
      expect(Math.abs(logLength - (logs[l] ?? Number.NaN))).toBeLessThan(1e-3);
    });
    // ‖f‖² itself is beyond f64, and far beyond f32.
    expect(layers.at(-1)?.logLength).toBeGreaterThan(1000);
    expect(layers.at(-1)?.length).toBe(Number.POSITIVE_INFINITY);
    // One module, not a thousand: 10 MB of weights.
    expect(memoryBytes).toBeLessThan(50_000);
  });

  it.each([
    ['He', he, 0],
    ["twice He's variance", scaledHe(2), Math.log(2)],
    ["PyTorch's sixth", scaledHe(1 / 6), -Math.log(6)],
  ])(
    'a dense net of 1,000 layers, %s: within 4 standard deviations of the exact law',
    (_, initializer, log) => {
      const widths = new Array<number>(1001).fill(40);
      const { layers } = measureNetworkLengths(engine, {
        architecture: denseArchitecture({ widths, outputs: 0 }),
        initializer,
        key: rootKey(8),
      });
      const { mean, variance } = predictLogLengthFactor(40);
      for (const depth of [1, 50, 98, 500, 1000]) {
        const expected = depth * (log + mean);
        const found = layers[depth - 1]?.logLength ?? Number.NaN;
        expect(Math.abs(found - expected)).toBeLessThan(4 * Math.sqrt(depth * variance));
      }
    },
  );

  it('a convolutional net of 1,000 layers: 4 and ¼ times the variance differ by exactly 16^depth', () => {
    const architecture = convolutionalArchitecture({
      input: { height: 5, width: 5, channels: 3 },
      filters: new Array<number>(1000).fill(12),
      kernel: [3, 3],
      padding: 'circular',
    });
    const measure = (initializer: Initializer) =>
      measureNetworkLengths(engine, { architecture, initializer, key: rootKey(4) });
    const [plain, large, small] = [measure(he), measure(scaledHe(4)), measure(scaledHe(1 / 4))];
    plain.layers.forEach(({ logLength }, l) => {
      expect(large.layers[l]?.logLength).toBeCloseTo(logLength + (l + 1) * Math.log(4), 8);
      expect(small.layers[l]?.logLength).toBeCloseTo(logLength - (l + 1) * Math.log(4), 8);
    });
    expect(Number.isFinite(plain.layers.at(-1)?.logLength)).toBe(true);
    expect(large.layers.at(-1)?.length).toBe(Number.POSITIVE_INFINITY);
    expect(small.layers.at(-1)?.length).toBe(0);
    expect(plain.memoryBytes).toBeLessThan(30_000);
  });
});

describe('inputs', () => {
  const images = { height: 3, width: 2, channels: 4 };
  // Nothing but the input: its lengths behind an average over the channels of one pixel.
  const pass = parseArchitecture({
    input: images,
    layers: [{ kind: 'average-pool', window: [1, 1], stride: 1 }],
  });

  it('a random image has the same mean square at every pixel', () => {
    for (const inputLength of [1, 1e-30, 7]) {
      const { inputLength: found } = measureNetworkLengths(engine, {
        architecture: pass,
        initializer: he,
        key: rootKey(5),
        inputLength,
      });
      expect(found / inputLength).toBeCloseTo(1, 12);
    }
    // Identity weights of a convolution with stride 2 read pixels 0 and 2 of the first column alone.
    const stride = parseArchitecture({
      input: images,
      layers: [
        { kind: 'conv2d', filters: 4, kernel: [1, 1], stride: 2, padding: 'valid', activation: 'linear' },
      ],
    });
    const { layers } = measureNetworkLengths(engine, {
      architecture: stride,
      initializer: { kind: 'layerwise', weights: { kind: 'identity', gain: 1 }, biases: { kind: 'zeros' } },
      key: rootKey(5),
    });
    expect(layers[0]?.length).toBeCloseTo(1, 6);
  });

  it('rows of data are chosen by the key', () => {
    const inputs = allocateMatrix(engine, 5, 24);
    writeMatrix(
      engine,
      inputs,
      Array.from({ length: 5 * 24 }, (_, i) => Math.floor(i / 24) + 1),
    );
    const found = Array.from({ length: 40 }, (_, seed) =>
      measureNetworkLengths(engine, {
        architecture: pass,
        initializer: he,
        key: rootKey(seed),
        data: { inputs },
      }),
    ).map(({ inputLength }) => Math.sqrt(inputLength));
    expect([...new Set(found)].sort()).toEqual([1, 2, 3, 4, 5]);
    const pair = measureNetworkLengths(engine, {
      architecture: pass,
      initializer: he,
      key: rootKey(1),
      data: { inputs },
      batch: 5,
    });
    // In order around the end: all of them.
    expect(pair.inputLength).toBeCloseTo((1 + 4 + 9 + 16 + 25) / 5, 12);
  });

  it('64 of them where there is a batch normalization', () => {
    const architecture = parseArchitecture({
      input: { width: 3 },
      layers: [
        { kind: 'residual', branch: [{ kind: 'batch-normalization' }], scale: 1, shortcut: 'identity' },
      ],
    });
    expect(measureNetworkLengths(engine, { architecture, initializer: he, key: rootKey(1) }).batch).toBe(64);
    expect(networkWalkMemory(architecture)).toBeGreaterThan(networkWalkMemory(architecture, { batch: 2 }));
  });

  const data = { inputs: allocateMatrix(engine, 2, 24) };
  writeMatrix(engine, data.inputs, new Array<number>(48).fill(1));
  it.each([
    [{ batch: 0 }, /batch is 0; expected an integer ≥ 1/],
    [{ batch: 1.5 }, /batch is 1.5/],
    [{ input: [1, 2, 3] }, /3 numbers; expected 24 for each of 1/],
    [{ input: new Array<number>(48).fill(1), batch: 3 }, /48 numbers; expected 24 for each of 3/],
    [{ input: new Array<number>(24).fill(0) }, /zero or not finite/],
    [{ inputLength: -1 }, /inputLength is -1/],
    [{ data, batch: 3 }, /2 rows; expected at least the batch, 3/],
    [{ initializer: { kind: 'lsuv', tolerance: 0.1, maxTries: 3 } as const }, /looks at data/],
    [{ initializer: { kind: 'layerwise' } as unknown as Initializer }, /weights/],
  ])('refuses %#', (more, message) => {
    const before = engine.arena.usedBytes;
    const run = () =>
      measureNetworkLengths(engine, { architecture: pass2, initializer: he, key: rootKey(1), ...more });
    expect(run).toThrow(InvalidArgumentError);
    expect(run).toThrow(message);
    expect(engine.arena.usedBytes).toBe(before);
  });
});

/** As `pass`, with weights. */
const pass2 = parseArchitecture({
  input: { height: 3, width: 2, channels: 4 },
  layers: [{ kind: 'flatten' }, { kind: 'dense', units: 3, activation: 'relu' }],
});

it('a block whose numbers leave f32 has no length, and neither has what stands behind it', () => {
  const linear = (units: number): Layer => ({ kind: 'dense', units, activation: 'linear' });
  const branch = (units: number, depth: number) => Array.from({ length: depth }, () => linear(units));
  const scaled = (width: number, depth: number, weights: WeightLaw) =>
    measureNetworkLengths(engine, {
      architecture: parseArchitecture({
        input: { width },
        layers: [
          linear(width),
          { kind: 'residual', branch: branch(width, depth), scale: 14, shortcut: 'identity' },
          linear(width),
        ],
      }),
      initializer: { kind: 'layerwise', weights, biases: { kind: 'zeros' } },
      key: rootKey(2),
    }).layers.map(({ length, logLength }) => [length, logLength]);
  // Infinities that meet, and one that stays alone: 10²⁰ · 10²⁰ in one channel.
  const many = scaled(6, 200, { kind: 'stated-variance', distribution: 'normal', variance: 14 });
  const one = scaled(1, 2, { kind: 'constant', value: 1e20 });
  for (const [first, ...rest] of [many, one]) {
    expect(first?.every(Number.isFinite)).toBe(true);
    expect(rest).toEqual([
      [Number.NaN, Number.NaN],
      [Number.NaN, Number.NaN],
    ]);
  }
  // Layer by layer, outside of blocks, no depth and no scale leaves it.
  const apart = measureNetworkLengths(engine, {
    architecture: parseArchitecture({ input: { width: 1 }, layers: branch(1, 20) }),
    initializer: { kind: 'layerwise', weights: { kind: 'constant', value: 1e20 }, biases: { kind: 'zeros' } },
    key: rootKey(2),
  });
  expect(apart.layers.at(-1)?.logLength).toBeCloseTo(800 * Math.LN10, 3);
});
