/** What a Keras layer does, in the words of a graph. */
import type { Activation, Extent, Layer } from '@kindling/core';
import type { GraphOperation } from '../../graph/model-graph.js';
import { fieldOf } from '../json/parse-json.js';
import type { FindVariable } from './keras-graph.js';
import type { KerasLayer } from './keras-layer.js';

/** Layers that change values in training only. */
const noise =
  /^(Dropout|GaussianDropout|AlphaDropout|SpatialDropout[123]D|GaussianNoise|ActivityRegularization)$/;

/** One operation, and a second one where an activation stands for itself. */
export function kerasOperations(layer: KerasLayer, find: FindVariable): readonly GraphOperation[] {
  const { className, config, calls } = layer;
  if (calls > 1) return [unsupported(`is called ${calls} times and shares its weights`)];
  if (noise.test(className)) {
    return [
      {
        kind: 'identity',
        note: 'Dropout and noise are left out: the network is run as it answers, not as it trains.',
      },
    ];
  }
  switch (className) {
    case 'InputLayer':
      return [{ kind: 'input', shape: inputShapeOf(layer) ?? [] }];
    case 'Dense':
      return weighted(layer, find, dense(layer), 'in-out');
    case 'Conv2D':
      return weighted(layer, find, convolution(layer), 'HWIO');
    case 'Flatten':
      return [
        isChannelsFirst(config)
          ? unsupported('flattens images whose channels come first')
          : plain({ kind: 'flatten' }),
      ];
    case 'GlobalAveragePooling2D':
      return [
        isChannelsFirst(config) || config['keepdims'] === true
          ? unsupported('is a global average with other axes than rows of numbers')
          : plain({ kind: 'global-average-pool' }),
      ];
    case 'MaxPooling2D':
    case 'AveragePooling2D':
      return [pooling(layer, className === 'MaxPooling2D' ? 'max-pool' : 'average-pool')];
    case 'Activation':
      return [activationOperation(config['activation'])];
    case 'ReLU':
      return [rectifier(config)];
    case 'LeakyReLU':
      return [leaky(config['alpha'] ?? config['negative_slope'] ?? 0.3)];
    case 'Softmax':
      return [{ kind: 'output-activation', activation: 'softmax' }];
    case 'Add':
      return [{ kind: 'add' }];
    case 'BatchNormalization':
      return [normalization(layer, find)];
    default:
      return [unsupported(`is a ${className.slice(0, 60)}, which the core does not have`)];
  }
}

function normalization({ name, config }: KerasLayer, find: FindVariable): GraphOperation {
  const axes: unknown = config['axis'] ?? -1;
  const axis: unknown = Array.isArray(axes) && axes.length === 1 ? axes[0] : axes;
  if (typeof axis !== 'number') return unsupported('normalizes several axes');
  const [gamma, beta] = [
    config['scale'] === false ? null : find(name, 'gamma'),
    config['center'] === false ? null : find(name, 'beta'),
  ];
  if ((gamma === null && config['scale'] !== false) || (beta === null && config['center'] !== false)) {
    return unsupported('has no gamma or beta in the file');
  }
  return { kind: 'normalization', gamma, beta, axis };
}

/** Input sizes without the batch; `null` if the layer does not state them. */
export function inputShapeOf({ config }: KerasLayer): readonly (number | null)[] | null {
  const whole = config['batch_input_shape'] ?? config['batch_shape'] ?? config['batchInputShape'];
  const shape = Array.isArray(whole) ? whole.slice(1) : config['input_shape'];
  if (!Array.isArray(shape)) return null;
  return shape.map((size: unknown) =>
    typeof size === 'number' && Number.isSafeInteger(size) && size > 0 ? size : null,
  );
}

function weighted(
  layer: KerasLayer,
  find: FindVariable,
  made: Layer | string,
  layout: 'in-out' | 'HWIO',
): readonly GraphOperation[] {
  if (typeof made === 'string') return [unsupported(made)];
  const kernel = find(layer.name, 'kernel');
  if (kernel === null) return [unsupported('has no kernel in the file')];
  const bias = layer.config['use_bias'] === false ? null : find(layer.name, 'bias');
  if (bias === null && layer.config['use_bias'] !== false) return [unsupported('has no biases in the file')];
  const operation: GraphOperation = {
    kind: 'weighted',
    layer: made,
    kernel: { tensor: kernel, layout },
    bias,
  };
  const activation = activationOperation(layer.config['activation'] ?? 'linear');
  return activation.kind === 'activation' && activation.activation === 'linear'
    ? [operation]
    : [operation, activation];
}

function dense({ config }: KerasLayer): Layer | string {
  const units = integer(config['units']);
  return units === null ? 'does not state its units' : { kind: 'dense', units, activation: 'linear' };
}

function convolution({ config }: KerasLayer): Layer | string {
  const filters = integer(config['filters']);
  const kernel = extent(config['kernel_size']);
  const strides = extent(config['strides'] ?? [1, 1]);
  const dilation = extent(config['dilation_rate'] ?? [1, 1]);
  const padding = config['padding'] ?? 'valid';
  if (filters === null || kernel === null || strides === null || dilation === null)
    return 'does not state its sizes';
  if (isChannelsFirst(config)) return 'has images whose channels come first';
  if (strides[0] !== strides[1]) return `has strides of ${strides.join(' and ')}; equal ones can be run`;
  if (dilation[0] * dilation[1] !== 1) return 'has a dilated kernel';
  if ((config['groups'] ?? 1) !== 1) return `has ${String(config['groups'])} groups of channels`;
  if (padding !== 'same' && padding !== 'valid') return `has the padding ${JSON.stringify(padding)}`;
  return {
    kind: 'conv2d',
    filters,
    kernel,
    stride: strides[0],
    padding: padding === 'same' ? 'zero' : 'valid',
    activation: 'linear',
  };
}

function pooling({ config }: KerasLayer, kind: 'max-pool' | 'average-pool'): GraphOperation {
  const window = extent(config['pool_size'] ?? [2, 2]);
  const strides = extent(config['strides'] ?? window);
  if (window === null || strides === null) return unsupported('does not state its sizes');
  if (isChannelsFirst(config)) return unsupported('has images whose channels come first');
  if (strides[0] !== strides[1])
    return unsupported(`has strides of ${strides.join(' and ')}; equal ones can be run`);
  const stride = strides[0];
  const layer: Layer = { kind, window, stride };
  if (config['padding'] !== 'same') return plain(layer);
  // Windows of the padding `same` lie inside the image where they tile it.
  return {
    kind: 'plain',
    layer: ({ height, width }) =>
      window[0] === stride && window[1] === stride && height % stride === 0 && width % stride === 0
        ? layer
        : `pools beyond the image of ${height} × ${width}`,
  };
}

function rectifier(config: KerasLayer['config']): GraphOperation {
  const most = config['max_value'] ?? null;
  const threshold = config['threshold'] ?? 0;
  if (most !== null || threshold !== 0) return unsupported('is a ReLU with a largest value or a threshold');
  const slope = config['negative_slope'] ?? 0;
  return slope === 0 ? { kind: 'activation', activation: 'relu' } : leaky(slope);
}

function leaky(slope: unknown): GraphOperation {
  // Keras 3 writes numbers of its own kind as objects.
  const value = fieldOf(fieldOf(slope, 'config'), 'value') ?? slope;
  if (typeof value !== 'number' || !(value >= 0)) return unsupported('is a LeakyReLU without a slope ≥ 0');
  return { kind: 'activation', activation: { kind: 'leaky-relu', slope: value } };
}

function activationOperation(value: unknown): GraphOperation {
  if (value === 'softmax' || value === 'sigmoid') return { kind: 'output-activation', activation: value };
  const activations: Readonly<Record<string, Activation>> = {
    linear: 'linear',
    relu: 'relu',
    // The slope of the function in every Keras; the layer's default is 0.3.
    leaky_relu: { kind: 'leaky-relu', slope: 0.2 },
  };
  const found =
    typeof value === 'string' && Object.hasOwn(activations, value) ? activations[value] : undefined;
  if (found !== undefined) return { kind: 'activation', activation: found };
  return unsupported(
    `has the activation ${JSON.stringify(value)?.slice(0, 60)}, which the core does not have`,
  );
}

function plain(layer: Layer): GraphOperation {
  return { kind: 'plain', layer };
}

function unsupported(reason: string): GraphOperation {
  return { kind: 'unsupported', reason };
}

function isChannelsFirst(config: KerasLayer['config']): boolean {
  return config['data_format'] === 'channels_first' || config['data_format'] === 'channelsFirst';
}

function integer(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 ? value : null;
}

/** `[3, 3]`, or `3` for both. */
function extent(value: unknown): Extent | null {
  const [height, width] = Array.isArray(value) ? (value as readonly unknown[]) : [value, value];
  const [a, b] = [integer(height), integer(width)];
  return a === null || b === null ? null : [a, b];
}
