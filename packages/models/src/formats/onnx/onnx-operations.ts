/** What an ONNX operator does, in the words of a graph. Defaults of missing settings are those of the operators' definitions. */

import { convolutionGeometry, type Extent, InvalidArgumentError, type Padding } from '@kindling/core';
import { printableName } from '../../errors/printable-name.js';
import type { GraphKernel, GraphOperation } from '../../graph/model-graph.js';
import type { OnnxNode } from './onnx-file.js';
import type { OnnxConstant } from './onnx-scope.js';
import { intOf, intsOf, isStandard, isVector, roundsToIntegers } from './tensor-role.js';

/** A constant behind a value. */
export interface ConstantOperand {
  readonly constant: OnnxConstant;
  /** Its two axes are exchanged on the way. */
  readonly turned: boolean;
  readonly reshaped: boolean;
  /** Whether the tensor's numbers are the constant's. */
  readonly usable: boolean;
}

/** What the values of a graph are. */
export interface OnnxOperands {
  constant(value: string): ConstantOperand | null;
  producer(value: string): OnnxNode | null;
}

/** The inputs that come from the network's input: shapes, axes and weights are settings. */
export function dataInputs(node: OnnxNode, { constant }: OnnxOperands): readonly string[] {
  const [first = '', ...rest] = node.inputs;
  if (firstOnly.has(node.operator)) return [first];
  return [first, ...rest].filter((name) => name !== '' && constant(name) === null);
}

/** Operators whose other inputs are settings. */
const firstOnly = new Set([
  ...['Reshape', 'Flatten', 'Conv', 'Gemm', 'Dropout', 'Cast', 'Identity', 'Relu', 'LeakyRelu'],
  ...['ReduceMean', 'BatchNormalization', 'Pad', 'Squeeze', 'Softmax', 'Sigmoid', 'Clip'],
]);

export function onnxOperation(node: OnnxNode, operands: OnnxOperands): GraphOperation {
  if (!isStandard(node)) return unsupported(`is ${printableName(`${node.domain}.${node.operator}`)}`);
  switch (node.operator) {
    case 'Cast':
      if (roundsToIntegers(node)) return unsupported('makes integers of numbers');
      return { kind: 'identity', note: null };
    case 'Identity':
      return { kind: 'identity', note: null };
    case 'Dropout':
      return {
        kind: 'identity',
        note: 'Dropout and noise are left out: the network is run as it answers, not as it trains.',
      };
    case 'Gemm':
      return generalProduct(node, operands);
    case 'MatMul':
      return product(node, operands);
    case 'Conv':
      return convolution(node, operands);
    case 'Relu':
      return { kind: 'activation', activation: 'relu' };
    case 'LeakyRelu': {
      const slope = node.attributes.get('alpha')?.float ?? 0.01;
      if (!(slope >= 0)) return unsupported(`is a LeakyRelu of slope ${slope}; slopes ≥ 0 can be run`);
      return { kind: 'activation', activation: { kind: 'leaky-relu', slope } };
    }
    case 'Add':
      return addition(node, operands);
    case 'Flatten':
      return intOf(node, 'axis', 1) === 1
        ? { kind: 'plain', layer: { kind: 'flatten' } }
        : unsupported('flattens along another axis than the first');
    case 'Reshape':
      return reshape(node, operands);
    case 'Squeeze':
      return {
        kind: 'plain',
        layer: (input) => (input.height * input.width === 1 ? { kind: 'flatten' } : 'takes axes away'),
      };
    case 'Pad': {
      const pads = operands.constant(node.inputs[1] ?? '')?.constant.numbers ?? intsOf(node, 'pads');
      return pads?.every((pad) => pad === 0)
        ? { kind: 'identity', note: null }
        : unsupported('pads by itself, not inside a convolution');
    }
    case 'MaxPool':
    case 'AveragePool':
      return pooling(node);
    case 'GlobalAveragePool':
      return { kind: 'plain', layer: { kind: 'global-average-pool' } };
    case 'ReduceMean':
      return mean(node, operands);
    case 'Softmax':
      return { kind: 'output-activation', activation: 'softmax' };
    case 'Sigmoid':
      return { kind: 'output-activation', activation: 'sigmoid' };
    case 'BatchNormalization':
      return normalization(node, operands);
    default:
      return unsupported(`is a ${printableName(node.operator)}, which the core does not have`);
  }
}

/** Gamma and beta are inputs 1 and 2, the stored statistics 3 and 4; channels are the second axis, the last one here. */
function normalization(node: OnnxNode, operands: OnnxOperands): GraphOperation {
  const [gamma, beta] = [1, 2].map((place) => operands.constant(node.inputs[place] ?? '')?.constant.name);
  if (gamma === undefined || beta === undefined) return unsupported('has a gamma or beta that is computed');
  return { kind: 'normalization', gamma, beta, axis: -1 };
}

function generalProduct(node: OnnxNode, operands: OnnxOperands): GraphOperation {
  const factor = (name: string) => node.attributes.get(name)?.float ?? 1;
  if (factor('alpha') !== 1 || factor('beta') !== 1 || intOf(node, 'transA', 0) !== 0) {
    return unsupported('is a Gemm with factors or a turned input');
  }
  const [, weights = '', bias = ''] = node.inputs;
  return dense(operands, weights, intOf(node, 'transB', 0) === 1, bias === '' ? null : bias);
}

function product(node: OnnxNode, operands: OnnxOperands): GraphOperation {
  const [left = '', weights = ''] = node.inputs;
  if (operands.constant(left) !== null) return unsupported('multiplies from the left by a matrix');
  return dense(operands, weights, false, null);
}

function dense(
  operands: OnnxOperands,
  weights: string,
  turned: boolean,
  biases: string | null,
): GraphOperation {
  const kernel = kernelOf(operands, weights, 2);
  if (typeof kernel === 'string') return unsupported(kernel);
  const layout = kernel.turned !== turned ? 'out-in' : 'in-out';
  const units = kernel.constant.tensor.shape[layout === 'out-in' ? 0 : 1] ?? 0;
  const bias = biases === null ? null : biasOf(operands, biases, units, 0);
  if (bias !== null && typeof bias !== 'object') return unsupported(bias);
  return {
    kind: 'weighted',
    layer: { kind: 'dense', units, activation: 'linear' },
    kernel: { tensor: kernel.constant.name, layout },
    bias: bias?.constant.name ?? null,
  };
}

function convolution(node: OnnxNode, operands: OnnxOperands): GraphOperation {
  const [, weights = '', biases = ''] = node.inputs;
  const kernel = kernelOf(operands, weights, 4);
  if (typeof kernel === 'string') return unsupported(kernel);
  const [filters = 0, , height = 0, width = 0] = kernel.constant.tensor.shape;
  const groups = intOf(node, 'group', 1);
  const stride = onlyStride(node);
  if (groups !== 1) return unsupported(`has ${groups} groups of channels`);
  if (typeof stride === 'string') return unsupported(stride);
  if ((intsOf(node, 'dilations') ?? []).some((dilation) => dilation !== 1))
    return unsupported('has a dilated kernel');
  const bias = biases === '' ? null : biasOf(operands, biases, filters, 0);
  if (bias !== null && typeof bias !== 'object') return unsupported(bias);
  const extent: Extent = [height, width];
  const graphKernel: GraphKernel = { tensor: kernel.constant.name, layout: 'OIHW' };
  return {
    kind: 'weighted',
    layer: (input) => {
      const padding = paddingOf(node, extent, stride, [input.height, input.width]);
      if (typeof padding === 'object')
        return `pads images of ${input.height} × ${input.width} ${padding.how}`;
      return { kind: 'conv2d', filters, kernel: extent, stride, padding, activation: 'linear' };
    },
    kernel: graphKernel,
    bias: bias?.constant.name ?? null,
  };
}

/**
 * `valid` or `zero` if one of them pads as the node does; otherwise in words how it pads. The core puts the greater half of an odd padding below
 * and to the right; padding that no window reaches does not count.
 */
function paddingOf(
  node: OnnxNode,
  kernel: Extent,
  stride: number,
  size: Extent,
): Padding | { readonly how: string } {
  const automatic = node.attributes.get('auto_pad')?.text ?? 'NOTSET';
  if (automatic === 'VALID') return 'valid';
  if (automatic === 'SAME_UPPER') return 'zero';
  if (automatic !== 'NOTSET' && automatic !== '') {
    return { how: `as ${printableName(automatic)}, which the core does not have` };
  }
  const [top = 0, left = 0, bottom = 0, right = 0] = intsOf(node, 'pads') ?? [];
  if (top === 0 && left === 0 && bottom === 0 && right === 0) return 'valid';
  const given = `${top}, ${left}, ${bottom} and ${right} (above, left, below, right)`;
  try {
    const geometry = convolutionGeometry(
      { kernelHeight: kernel[0], kernelWidth: kernel[1], stride, padding: 'zero' },
      ...size,
    );
    const out = (extent: number, window: number, pads: number) =>
      Math.floor((extent + pads - window) / stride) + 1;
    const same =
      out(size[0], kernel[0], top + bottom) === geometry.height &&
      out(size[1], kernel[1], left + right) === geometry.width &&
      geometry.border.top === top &&
      geometry.border.left === left;
    const { border } = geometry;
    const own = `${border.top}, ${border.left}, ${border.bottom} and ${border.right}`;
    return same ? 'zero' : { how: `by ${given}, where the core's zero padding is ${own}` };
  } catch (error) {
    if (error instanceof InvalidArgumentError) return { how: `by ${given}, as the core does not` };
    throw error;
  }
}

function addition(node: OnnxNode, operands: OnnxOperands): GraphOperation {
  const [a = '', b = ''] = node.inputs;
  const value = operands.constant(a) === null ? a : b;
  const constant = operands.constant(a) ?? operands.constant(b);
  if (constant === null) return { kind: 'add' };
  const before = operands.producer(value);
  const weights = before === null ? null : operands.constant(before.inputs[1] ?? '');
  if (before === null || weights === null || !/^(MatMul|Conv|Gemm)$/.test(before.operator)) {
    return unsupported('adds a constant');
  }
  const shape = weights.constant.tensor.shape;
  const isConvolution = before.operator === 'Conv';
  const turned = (before.operator === 'Gemm' && intOf(before, 'transB', 0) === 1) !== weights.turned;
  const units = shape[isConvolution || turned ? 0 : 1] ?? 0;
  const bias = biasOf(operands, operands.constant(a) === null ? b : a, units, isConvolution ? 2 : 0);
  return typeof bias === 'object' ? { kind: 'bias', bias: bias.constant.name } : unsupported(bias);
}

/** A kernel that is a tensor of the file as it stands, or turned; or in words why not. */
function kernelOf(operands: OnnxOperands, value: string, rank: number): ConstantOperand | string {
  const found = operands.constant(value);
  if (found === null) return 'multiplies by what is no constant';
  if (!found.usable) return 'has weights that are quantized by channel or cast to integers';
  const { shape } = found.constant.tensor;
  if (shape.length !== rank || found.reshaped || (rank !== 2 && found.turned)) {
    return `has weights of shape [${shape.slice(0, 8).join(', ')}]`;
  }
  return found;
}

/** One number a unit, along the axis of the units: the last but `behind`. */
function biasOf(
  operands: OnnxOperands,
  value: string,
  units: number,
  behind: number,
): ConstantOperand | string {
  const found = operands.constant(value);
  if (found === null) return 'adds what is no constant';
  if (!found.usable) return 'has biases that are quantized by channel or cast to integers';
  const { shape } = found.constant.tensor;
  const size = shape.reduce((product, extent) => product * extent, 1);
  const axis = shape.length - 1 - behind;
  // A reshape stands between the vector and its place in some files; the vector has but one long axis anyway.
  const fits = found.reshaped ? isVector(shape) : isVector(shape) && (shape[axis] ?? 1) === units;
  return size === units && fits ? found : `has biases of shape [${shape.slice(0, 8).join(', ')}]`;
}

function reshape(node: OnnxNode, operands: OnnxOperands): GraphOperation {
  const target = operands.constant(node.inputs[1] ?? '')?.constant.numbers ?? intsOf(node, 'shape');
  if (target === null) return unsupported('reshapes to a shape that it computes');
  const [, columns = 0] = target;
  if (target.length !== 2 || columns === 0)
    return unsupported(`reshapes to [${target.slice(0, 8).join(', ')}]`);
  return {
    kind: 'plain',
    layer: ({ height, width, channels }) =>
      columns === -1 || columns === height * width * channels
        ? { kind: 'flatten' }
        : `reshapes images of ${height} × ${width} × ${channels} to rows of ${columns}`,
  };
}

function pooling(node: OnnxNode): GraphOperation {
  const kind = node.operator === 'MaxPool' ? 'max-pool' : 'average-pool';
  const window = intsOf(node, 'kernel_shape') ?? [];
  const [height = 0, width = 0] = window;
  const stride = onlyStride(node);
  if (window.length !== 2 || height < 1 || width < 1) return unsupported('pools other things than images');
  if (typeof stride === 'string') return unsupported(stride);
  const automatic = node.attributes.get('auto_pad')?.text ?? 'NOTSET';
  const pads = (intsOf(node, 'pads') ?? []).some((pad) => pad !== 0) || /^SAME/.test(automatic);
  if (pads || (intsOf(node, 'dilations') ?? []).some((dilation) => dilation !== 1)) {
    return unsupported('pools beyond the image or with gaps');
  }
  const ceiling = intOf(node, 'ceil_mode', 0) === 1;
  return {
    kind: 'plain',
    layer: (input) =>
      ceiling && ((input.height - height) % stride !== 0 || (input.width - width) % stride !== 0)
        ? `pools beyond images of ${input.height} × ${input.width}`
        : { kind, window: [height, width], stride },
  };
}

function mean(node: OnnxNode, operands: OnnxOperands): GraphOperation {
  const axes = intsOf(node, 'axes') ?? operands.constant(node.inputs[1] ?? '')?.constant.numbers ?? [];
  const sorted = axes.map((axis) => (axis < 0 ? axis + 4 : axis)).sort((a, b) => a - b);
  return sorted.join() === '2,3'
    ? { kind: 'plain', layer: { kind: 'global-average-pool' } }
    : unsupported('is a mean over other axes than those of the image');
}

/** The one stride of all axes, or in words why there is none. */
function onlyStride(node: OnnxNode): number | string {
  const [stride = 1, ...others] = intsOf(node, 'strides') ?? [];
  if (stride < 1 || others.some((other) => other !== stride)) {
    return `has strides of ${[stride, ...others].join(' and ')}; equal ones can be run`;
  }
  return stride;
}

function unsupported(reason: string): GraphOperation {
  return { kind: 'unsupported', reason };
}
