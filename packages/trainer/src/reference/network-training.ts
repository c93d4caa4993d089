/**
 * Forward, loss and backward of a network of any architecture in f64, layer by layer and block within block: it knows nothing of
 * the steps, values and rooms that the engine works by.
 */
import type { Activation, Architecture, Layer, TensorShape } from '@kindling/core';
import {
  averagePool,
  averagePoolBackward,
  batchNorm,
  batchNormBackward,
  batchNormStatistics,
  type ConvolutionSizes,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  leakyRelu,
  leakyReluBackward,
  maxPool,
  maxPoolBackward,
  softmaxCrossEntropy,
} from '@kindling/core/reference';

/** Parameters, or their gradients, by name (`layers.2.branch.0.weights`), row-major. */
export type ReferenceParameters = Readonly<Record<string, Float64Array>>;

/** What a batch is compared with: a label a row, or targets as many as outputs. */
export type ReferenceLoss =
  | { readonly kind: 'softmax-cross-entropy'; readonly labels: ArrayLike<number> }
  | { readonly kind: 'mean-squared-error'; readonly targets: ArrayLike<number> };

/** Loss, outputs and gradients of a batch. */
export interface ReferenceNetworkStep {
  readonly loss: number;
  readonly outputs: Float64Array;
  readonly gradients: ReferenceParameters;
}

interface Tensor {
  readonly shape: TensorShape;
  readonly numbers: Float64Array;
}

interface Passed extends Tensor {
  /** Adds to the gradients and gives that by the input. */
  readonly backward: (delta: Float64Array) => Float64Array;
}

interface Pass {
  readonly batch: number;
  readonly parameters: ReferenceParameters;
  readonly gradients: Record<string, Float64Array>;
}

const epsilon = 1e-5;

/**
 * The mean loss of a batch and its gradients by every parameter.
 *
 * @param input NHWC or row-major, without padding
 */
export function referenceNetworkGradients(
  architecture: Architecture,
  parameters: ReferenceParameters,
  input: ArrayLike<number>,
  loss: ReferenceLoss,
): ReferenceNetworkStep {
  const spec = architecture.input;
  const shape =
    'channels' in spec
      ? { height: spec.height, width: spec.width, channels: spec.channels }
      : { height: 1, width: 1, channels: spec.width };
  const batch = input.length / (shape.height * shape.width * shape.channels);
  const pass: Pass = { batch, parameters, gradients: {} };
  const passed = passLayers(
    pass,
    architecture.layers,
    { shape, numbers: Float64Array.from(input) },
    'layers',
  );
  const { value, delta } = lossOf(passed.numbers, batch, loss);
  passed.backward(delta);
  return { loss: value, outputs: passed.numbers, gradients: pass.gradients };
}

/** One step θ ← θ − rate · ∂θ in place; returns the mean loss before it. */
export function referenceNetworkStep(
  architecture: Architecture,
  parameters: ReferenceParameters,
  input: ArrayLike<number>,
  loss: ReferenceLoss,
  learningRate: number,
): number {
  const step = referenceNetworkGradients(architecture, parameters, input, loss);
  for (const [name, gradient] of Object.entries(step.gradients)) {
    const numbers = read(parameters, name);
    gradient.forEach((g, i) => {
      numbers[i] = Number(numbers[i]) - learningRate * g;
    });
  }
  return step.loss;
}

function lossOf(outputs: Float64Array, batch: number, loss: ReferenceLoss) {
  const count = outputs.length;
  if (loss.kind === 'softmax-cross-entropy') {
    const { labels } = loss;
    const result = softmaxCrossEntropy({ m: batch, n: count / batch, logits: outputs, labels });
    return { value: result.loss / batch, delta: Float64Array.from(result.gradient) };
  }
  const errors = outputs.map((output, i) => output - Number(loss.targets[i]));
  return {
    value: errors.reduce((sum, error) => sum + error * error, 0) / count,
    delta: errors.map((error) => (2 * error) / count),
  };
}

function passLayers(pass: Pass, layers: readonly Layer[], input: Tensor, path: string): Passed {
  const passed: Passed[] = [];
  let current = input;
  layers.forEach((layer, index) => {
    const next = passLayer(pass, layer, current, `${path}.${index}`);
    passed.push(next);
    current = next;
  });
  return {
    ...current,
    backward: (delta) => passed.reduceRight((gradient, layer) => layer.backward(gradient), delta),
  };
}

function passLayer(pass: Pass, layer: Layer, input: Tensor, path: string): Passed {
  const { batch } = pass;
  const { height, width, channels } = input.shape;
  switch (layer.kind) {
    case 'dense':
      return passConvolution(pass, input, path, layer.activation, {
        ...{ ...pixel, batch, height: 1, width: 1, channels, outputs: layer.units },
      });
    case 'conv2d': {
      const { stride, padding, filters: outputs } = layer;
      const [kernelHeight, kernelWidth] = layer.kernel;
      const sizes = { batch, height, width, channels, outputs, kernelHeight, kernelWidth, stride, padding };
      return passConvolution(pass, input, path, layer.activation, sizes);
    }
    case 'max-pool':
    case 'average-pool':
      return passPool(pass, input, layer.kind, layer.window, layer.stride);
    case 'global-average-pool':
      return passPool(pass, input, 'average-pool', [height, width], 1);
    case 'flatten':
      return {
        shape: { height: 1, width: 1, channels: height * width * channels },
        numbers: input.numbers,
        backward: (delta) => delta,
      };
    case 'activation':
      return passActivation(input, layer.activation);
    case 'batch-normalization':
      return passNormalization(pass, input, path);
    case 'residual':
      return passResidual(pass, layer, input, path);
  }
}

const pixel = { kernelHeight: 1, kernelWidth: 1, stride: 1, padding: 'valid' } as const;

function passConvolution(
  pass: Pass,
  input: Tensor,
  path: string,
  activation: Activation,
  sizes: ConvolutionSizes,
): Passed {
  const { numbers: x } = input;
  const w = read(pass.parameters, `${path}.weights`);
  const bias = pass.parameters[`${path}.biases`];
  const y = conv2d({ ...sizes, x, w, ...(bias === undefined ? {} : { bias }) });
  const { padding, stride, kernelHeight, kernelWidth, outputs } = sizes;
  const along = (size: number, kernel: number) =>
    padding === 'valid' ? Math.floor((size - kernel) / stride) + 1 : Math.ceil(size / stride);
  const shape = {
    height: along(sizes.height, kernelHeight),
    width: along(sizes.width, kernelWidth),
    channels: outputs,
  };
  const active = passActivation({ shape, numbers: y }, activation);
  return {
    ...active,
    backward: (delta) => {
      const dy = active.backward(delta);
      add(pass, `${path}.weights`, conv2dWeightGradient(sizes, x, dy));
      if (bias !== undefined) {
        const sums = new Float64Array(outputs);
        dy.forEach((d, i) => {
          sums[i % outputs] = Number(sums[i % outputs]) + d;
        });
        add(pass, `${path}.biases`, sums);
      }
      return conv2dInputGradient(sizes, dy, w);
    },
  };
}

function passActivation({ shape, numbers }: Tensor, activation: Activation): Passed {
  if (activation === 'linear') return { shape, numbers, backward: (delta) => delta };
  const slope = activation === 'relu' ? 0 : activation.slope;
  const y = leakyRelu(numbers, slope);
  // By the input, and not by the output as the engine does.
  return { shape, numbers: y, backward: (delta) => leakyReluBackward(delta, numbers, slope) };
}

function passPool(
  { batch }: Pass,
  { shape, numbers }: Tensor,
  kind: 'max-pool' | 'average-pool',
  [windowHeight, windowWidth]: readonly [number, number],
  stride: number,
): Passed {
  const { height, width, channels } = shape;
  const sizes = { batch, height, width, channels, windowHeight, windowWidth, stride };
  const output = {
    height: Math.floor((height - windowHeight) / stride) + 1,
    width: Math.floor((width - windowWidth) / stride) + 1,
    channels,
  };
  return kind === 'max-pool'
    ? {
        shape: output,
        numbers: maxPool(sizes, numbers),
        backward: (delta) => maxPoolBackward(sizes, numbers, delta),
      }
    : {
        shape: output,
        numbers: averagePool(sizes, numbers),
        backward: (delta) => averagePoolBackward(sizes, delta),
      };
}

function passNormalization(pass: Pass, { shape, numbers }: Tensor, path: string): Passed {
  const { height, width, channels } = shape;
  const size = { images: pass.batch, rows: height, pixels: width, channels };
  const statistics = batchNormStatistics(size, numbers);
  const settings = {
    epsilon,
    gamma: read(pass.parameters, `${path}.gamma`),
    beta: read(pass.parameters, `${path}.beta`),
  };
  return {
    shape,
    numbers: batchNorm(size, numbers, statistics, settings),
    backward: (delta) => {
      const { dx, dgamma, dbeta } = batchNormBackward(size, numbers, delta, statistics, settings);
      add(pass, `${path}.gamma`, dgamma);
      add(pass, `${path}.beta`, dbeta);
      return dx;
    },
  };
}

function passResidual(
  pass: Pass,
  layer: Extract<Layer, { readonly kind: 'residual' }>,
  input: Tensor,
  path: string,
): Passed {
  const branch = passLayers(pass, layer.branch, input, `${path}.branch`);
  const { batch } = pass;
  const { height, width, channels } = input.shape;
  const shortcut: Passed =
    layer.shortcut === 'identity'
      ? { ...input, backward: (delta) => delta }
      : passConvolution(pass, input, `${path}.shortcut`, 'linear', {
          ...pixel,
          ...{ batch, height, width, channels, outputs: branch.shape.channels },
          stride: strideBetween(input.shape, branch.shape),
        });
  const name = `${path}.scale`;
  const eta = typeof layer.scale === 'number' ? layer.scale : Number(read(pass.parameters, name)[0]);
  return {
    shape: branch.shape,
    numbers: branch.numbers.map((value, i) => eta * value + Number(shortcut.numbers[i])),
    backward: (delta) => {
      if (typeof layer.scale !== 'number') {
        const product = delta.reduce((sum, d, i) => sum + d * Number(branch.numbers[i]), 0);
        add(pass, name, Float64Array.of(product));
      }
      const through = branch.backward(delta.map((d) => eta * d));
      const beside = shortcut.backward(delta);
      return through.map((d, i) => d + Number(beside[i]));
    },
  };
}

/** The least stride that takes one size to the other. */
function strideBetween(from: TensorShape, to: TensorShape): number {
  let stride = 1;
  while (Math.ceil(from.height / stride) > to.height || Math.ceil(from.width / stride) > to.width) stride++;
  return stride;
}

function add(pass: Pass, name: string, gradient: Float64Array): void {
  pass.gradients[name] = gradient;
}

function read(parameters: ReferenceParameters, name: string): Float64Array {
  const numbers = parameters[name];
  if (numbers === undefined) throw new RangeError(`the reference has no parameter ${name}`);
  return numbers;
}
