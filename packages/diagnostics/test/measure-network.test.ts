/** The walk through a network, layer by layer, against passes of the whole network and against `measureLengths`. */
import {
  type Architecture,
  allocateMatrix,
  allocateNetwork,
  allocateWorkspace,
  createEngine,
  denseArchitecture,
  forwardNetwork,
  parseArchitecture,
  residualArchitecture,
  rootKey,
  sumSquaresOfImages,
  writeMatrix,
} from '@kindling/core';
import { measureLengths, measureNetworkLengths, networkWalkMemory } from '@kindling/diagnostics';
import { findInitializer, type Initializer, initializeParameters } from '@kindling/initializers';
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
) {
  const mark = engine.arena.mark();
  const network = allocateNetwork(engine, architecture);
  initializeParameters(engine, network, initializer, rootKey(3));
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
    // Beside it the state of a stream of random numbers.
    expect(fresh.arena.peakBytes - before).toBeGreaterThanOrEqual(memoryBytes);
    expect(fresh.arena.peakBytes - before).toBeLessThan(memoryBytes + 512);
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

describe('far beyond f32', () => {
  it('a thousand modules of one ReLU layer, η = 1', () => {
    const architecture = residualArchitecture({
      module: 'relu',
      width: 50,
      modules: 1000,
      scale: { rule: 'constant', value: 1 },
    });
    const { layers, memoryBytes } = measureNetworkLengths(engine, {
      architecture,
      initializer: he,
      key: rootKey(1),
    });
    // The mean grows by 2.9 a module, the typical net nearly as fast.
    expect(layers.at(-1)?.logLength).toBeGreaterThan(1000);
    expect(layers.at(-1)?.length).toBe(Number.POSITIVE_INFINITY);
    expect(memoryBytes).toBeLessThan(50_000);
  });
});
