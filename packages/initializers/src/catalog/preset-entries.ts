/**
 * What other libraries really do to a dense layer when a user says nothing (`dense`, `linear`, or the library alone), or
 * under a name that means something else elsewhere.
 */
import { layerwise } from '../initializer.js';
import type { Distribution } from '../laws/distribution.js';
import { biasParameters, type CatalogEntry } from './catalog-entry.js';

function scaled(distribution: Distribution, scale: number, mode: 'fan-in' | 'fan-average' = 'fan-in') {
  return layerwise({ kind: 'variance-scaling', distribution, scale, mode });
}

function symmetricRange(bound: number) {
  return { kind: 'uniform-range', low: -bound, high: bound } as const;
}

const tfjs = { library: 'TensorFlow.js', version: '4.22' };

/** Presets by library. */
export const presetEntries = {
  'pytorch:linear': {
    title: 'PyTorch Linear: U(±1/√fan-in), biases too',
    // "kaiming_uniform" with a = √5: a third of LeCun's variance and a sixth of He's.
    initializer: layerwise(
      { kind: 'variance-scaling', distribution: 'uniform', scale: 1 / 3, mode: 'fan-in' },
      { kind: 'inverse-root-fan-in' },
    ),
    source: 'torch.nn.Linear.reset_parameters',
    preset: { library: 'PyTorch', version: '2' },
    parameters: biasParameters,
  },
  'keras:dense': {
    title: 'Keras Dense: Glorot uniform',
    initializer: scaled('uniform', 1, 'fan-average'),
    source: 'keras.layers.Dense, kernel_initializer="glorot_uniform"',
    preset: { library: 'Keras', version: '3' },
    parameters: biasParameters,
  },
  'tfjs:dense': {
    title: 'TensorFlow.js dense: Glorot truncated at 2σ, variance not restored',
    initializer: scaled('truncated-normal-uncorrected', 1, 'fan-average'),
    source: 'tf.layers.dense, kernelInitializer "glorotNormal"',
    preset: tfjs,
    parameters: biasParameters,
  },
  'tfjs:he-normal': {
    title: 'TensorFlow.js heNormal: truncated at 2σ, variance not restored',
    initializer: scaled('truncated-normal-uncorrected', 2),
    source: 'tf.initializers.heNormal',
    preset: tfjs,
    parameters: biasParameters,
  },
  'flax:dense': {
    title: 'Flax Dense: LeCun truncated at 2σ, variance restored',
    initializer: scaled('truncated-normal', 1),
    source: 'flax.linen.Dense, kernel_init lecun_normal',
    preset: { library: 'Flax', version: '0.10' },
    parameters: biasParameters,
  },
  brainjs: {
    title: 'brain.js: U(±0.2) whatever the fan-in, biases too',
    initializer: layerwise(symmetricRange(0.2), symmetricRange(0.2)),
    source: 'brain.js NeuralNetwork, randomWeight',
    preset: { library: 'brain.js', version: '1.6' },
    parameters: biasParameters,
  },
  synaptic: {
    title: 'synaptic: U(±0.1), biases too',
    initializer: layerwise(symmetricRange(0.1), symmetricRange(0.1)),
    source: 'synaptic Neuron and Connection',
    preset: { library: 'synaptic', version: '1.1' },
    parameters: biasParameters,
  },
  neataptic: {
    title: 'neataptic: U(±0.1), biases too',
    initializer: layerwise(symmetricRange(0.1), symmetricRange(0.1)),
    source: 'neataptic Node and Connection',
    preset: { library: 'neataptic', version: '1.4' },
    parameters: biasParameters,
  },
  convnetjs: {
    title: 'ConvNetJS: N(0, 1/fan-in), biases 0.1',
    // The biases of layers with activation "relu"; those of others, the last one among them, are 0 there.
    initializer: layerwise(
      { kind: 'variance-scaling', distribution: 'normal', scale: 1, mode: 'fan-in' },
      { kind: 'constant', value: 0.1 },
    ),
    source: 'convnetjs Vol, and Net.makeLayers for the biases of ReLU layers',
    preset: { library: 'ConvNetJS', version: '0.3' },
    parameters: biasParameters,
  },
  'ml-fnn': {
    title: 'ml-fnn: U(0, 1)/√fan-in, no negative weight',
    // Often quoted as U(0, 1); the published package divides by the root of the input size right after.
    initializer: layerwise({ kind: 'uniform-range', low: 0, high: 1, dividedBy: 'root-fan-in' }),
    source: 'ml-fnn 5.0.0, src/Layer.js',
    preset: { library: 'ml-fnn', version: '5' },
    parameters: biasParameters,
  },
  'tensorflow-playground': {
    title: 'TensorFlow Playground: U(±0.5), biases 0.1',
    initializer: layerwise(symmetricRange(0.5), { kind: 'constant', value: 0.1 }),
    source: 'playground.tensorflow.org, nn.ts',
    preset: { library: 'TensorFlow Playground', version: '2016' },
    parameters: biasParameters,
  },
} as const satisfies Record<string, CatalogEntry>;
