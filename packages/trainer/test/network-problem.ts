/** Small networks of every kind of layer with a batch, the same numbers in f64, and what f32 may be off by. */
import {
  type Architecture,
  allocateMatrix,
  allocateNetwork,
  createEngine,
  inputShape,
  type Layer,
  layerShapes,
  type Network,
  parseArchitecture,
  readMatrix,
  rootKey,
  writeMatrix,
} from '@kindling/core';
import { findInitializer, initializeParameters } from '@kindling/initializers';
import { allocateNetworkTraining } from '@kindling/trainer';

export const engine = createEngine();

const conv = (filters: number, more: object = {}): Layer =>
  ({
    ...{ kind: 'conv2d', filters, kernel: [3, 3], stride: 1, padding: 'zero', activation: 'relu' },
    ...more,
  }) as Layer;
const dense = (units: number, activation: 'relu' | 'linear' = 'linear'): Layer => ({
  ...{ kind: 'dense', units, activation },
});
const residual = (branch: readonly Layer[], more: object = {}): Layer =>
  ({ kind: 'residual', branch, scale: 0.7, shortcut: 'identity', ...more }) as Layer;
const leaky = { kind: 'leaky-relu', slope: 0.2 } as const;
const image = { height: 6, width: 5, channels: 3 };
const head: readonly Layer[] = [{ kind: 'global-average-pool' }, dense(4)];

/** Every kind of layer, and every way blocks stand in each other. */
export const architectures: Readonly<Record<string, Architecture>> = {
  dense: { input: { width: 7 }, layers: [dense(6, 'relu'), dense(5, 'relu'), dense(4)] },
  'leaky dense': { input: { width: 7 }, layers: [{ kind: 'dense', units: 6, activation: leaky }, dense(4)] },
  'zero padding': { input: image, layers: [conv(5), conv(4), ...head] },
  'circular padding, even kernel': {
    input: image,
    layers: [conv(5, { padding: 'circular' }), conv(4, { padding: 'circular', kernel: [2, 4] }), ...head],
  },
  'valid, strided, leaky': {
    input: image,
    layers: [conv(5, { padding: 'valid', activation: leaky }), conv(4, { stride: 2 }), ...head],
  },
  'flatten after a convolution': { input: image, layers: [conv(3), { kind: 'flatten' }, dense(4)] },
  'flatten at once': { input: image, layers: [{ kind: 'flatten' }, dense(5, 'relu'), dense(4)] },
  'average pool that overlaps': {
    input: image,
    layers: [conv(4), { kind: 'average-pool', window: [3, 2], stride: 1 }, ...head],
  },
  'max pool': { input: image, layers: [conv(4), { kind: 'max-pool', window: [2, 2], stride: 2 }, ...head] },
  'batch normalization': {
    input: image,
    layers: [
      conv(4, { activation: 'linear' }),
      { kind: 'batch-normalization' },
      { kind: 'activation', activation: leaky },
      ...head,
    ],
  },
  'batch normalization of rows': {
    input: { width: 7 },
    layers: [dense(6), { kind: 'batch-normalization' }, { kind: 'activation', activation: 'relu' }, dense(4)],
  },
  'a block on the input': {
    input: { width: 7 },
    layers: [residual([dense(7, 'relu')]), dense(4)],
  },
  'a block on an input with a border': {
    input: image,
    layers: [residual([conv(3)]), conv(4), ...head],
  },
  'identity, learned scale': {
    input: image,
    layers: [
      conv(4),
      residual([conv(4), conv(4, { activation: 'linear' })], { scale: { learned: 0.4 } }),
      ...head,
    ],
  },
  'projection of channels and size': {
    input: image,
    layers: [conv(3), residual([conv(5, { stride: 2 }), conv(5)], { shortcut: 'projection' }), ...head],
  },
  'projection of rows': {
    input: { width: 7 },
    layers: [
      residual([dense(5, 'relu'), dense(6)], { shortcut: 'projection', scale: { learned: -0.5 } }),
      dense(4),
    ],
  },
  'blocks in a block': {
    input: { width: 7 },
    layers: [
      dense(6, 'relu'),
      residual([
        residual([dense(6, 'relu')], { scale: 0.5 }),
        residual([residual([dense(6, 'relu'), dense(6)], { scale: { learned: 1.3 } })]),
      ]),
      dense(4),
    ],
  },
};

/** A small residual net of images with all that there is. */
export const everything: Architecture = {
  input: { height: 8, width: 8, channels: 1 },
  layers: [
    conv(4, { activation: 'linear' }),
    { kind: 'batch-normalization' },
    { kind: 'activation', activation: 'relu' },
    { kind: 'max-pool', window: [2, 2], stride: 2 },
    residual([conv(4), conv(4, { activation: 'linear' })], { scale: { learned: 0.5 } }),
    residual([conv(6, { stride: 2 }), conv(6, { padding: 'circular', activation: leaky })], {
      ...{ shortcut: 'projection', scale: 0.8 },
    }),
    { kind: 'average-pool', window: [2, 2], stride: 1 },
    ...head,
  ],
};

/** A network, a batch, and the same numbers in f64. */
export function problem(description: Architecture, batch: number, seed: number) {
  const architecture = parseArchitecture(description);
  const network = allocateNetwork(engine, architecture);
  initializeParameters(engine, network, findInitializer('he-normal').initializer, rootKey(seed));
  network.parameters.forEach(({ kind, matrix }, index) => {
    if (kind !== 'biases' && kind !== 'beta' && kind !== 'gamma') return;
    const base = kind === 'gamma' ? 1 : 0;
    const numbers = Array.from({ length: matrix.columns }, (_, j) => base + 0.1 * Math.sin(index + 2 * j));
    writeMatrix(engine, matrix, numbers);
  });
  const { height, width, channels } = inputShape(architecture.input);
  const features = height * width * channels;
  const input = Float32Array.from({ length: batch * features }, (_, i) => Math.sin(1 + seed + 3.7 * i * i));
  const classes = layerShapes(architecture).at(-1)?.channels ?? 0;
  const labels = Uint8Array.from({ length: batch }, (_, i) => (7 * i + seed) % classes);
  const inputs = allocateMatrix(engine, batch, features);
  writeMatrix(engine, inputs, input);
  const labelPointer = engine.arena.allocate(batch);
  engine.arena.bytes(labelPointer, batch).set(labels);
  return {
    ...{ architecture, network, input, inputs, labels, labelPointer },
    reference: readParameters(network),
    training: allocateNetworkTraining(engine, network, batch),
  };
}

/** The parameters in f64, by name. */
export function readParameters(network: Network): Record<string, Float64Array> {
  return Object.fromEntries(
    network.parameters.map(({ name, matrix }) => [name, Float64Array.from(readMatrix(engine, matrix))]),
  );
}

/** Largest |a − b|, and the largest |b|. */
export function distance(actual: ArrayLike<number>, expected: ArrayLike<number>) {
  let [off, size] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    off = Math.max(off, Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? 0)));
    size = Math.max(size, Math.abs(expected[i] ?? 0));
  }
  return { off, size };
}
