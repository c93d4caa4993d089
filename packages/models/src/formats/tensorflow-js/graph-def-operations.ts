/** Operations of TensorFlow graphs, in the words of a graph. */
import type { Layer } from '@kindling/core';
import type { GraphOperation } from '../../graph/model-graph.js';
import {
  booleanAttribute,
  type GraphDefNode,
  integersAttribute,
  numberAttribute,
  shapeAttribute,
  stringAttribute,
  stringsAttribute,
} from './graph-def.js';

/** What is known of constants: their shape, and the numbers of short integer ones (axes, sizes). */
export interface GraphConstant {
  readonly tensor: string;
  readonly shape: readonly number[];
  readonly integers: readonly number[] | null;
}

/** Operations in order, the first of which reads `inputs`. */
export interface GraphDefReading {
  readonly inputs: readonly string[];
  readonly operations: readonly GraphOperation[];
}

/** @param constantOf the constant a node stands for, through identities; `null` for anything else */
export function graphDefOperations(
  node: GraphDefNode,
  constantOf: (name: string) => GraphConstant | null,
): GraphDefReading {
  const [first = '', second = ''] = node.inputs;
  const one = (operation: GraphOperation): GraphDefReading => ({ inputs: [first], operations: [operation] });
  const kernel = constantOf(second);
  switch (node.op) {
    case 'Placeholder':
    case 'PlaceholderWithDefault':
      return { inputs: [], operations: [{ kind: 'input', shape: shapeAttribute(node).slice(1) }] };
    case 'Identity':
    case 'StopGradient':
    case 'Snapshot':
      return one({ kind: 'identity', note: null });
    case 'Conv2D':
    case '_FusedConv2D':
      return kernel === null
        ? one(unsupported('has a kernel that is computed'))
        : fused(node, convolution(node, kernel), constantOf);
    case 'MatMul':
    case '_FusedMatMul':
      return kernel === null
        ? one(unsupported('multiplies two values'))
        : fused(node, product(node, kernel), constantOf);
    case 'BiasAdd':
    case 'Add':
    case 'AddV2':
      return addition(node, constantOf);
    case 'Relu':
      return one({ kind: 'activation', activation: 'relu' });
    case 'LeakyRelu':
      return one(leaky(node));
    case 'Softmax':
      return one({ kind: 'output-activation', activation: 'softmax' });
    case 'Sigmoid':
      return one({ kind: 'output-activation', activation: 'sigmoid' });
    case 'MaxPool':
      return one(pooling(node, 'max-pool'));
    case 'AvgPool':
      return one(pooling(node, 'average-pool'));
    case 'Mean':
      return one(globalAverage(node, kernel));
    case 'Reshape':
      return one(flattening(kernel));
    default:
      return {
        inputs: node.inputs,
        operations: [unsupported(`is a ${node.op.slice(0, 60)}, which the core does not have`)],
      };
  }
}

function convolution(node: GraphDefNode, kernel: GraphConstant): GraphOperation {
  const strides = integersAttribute(node, 'strides');
  const dilations = integersAttribute(node, 'dilations');
  const padding = stringAttribute(node, 'padding');
  const [height = 0, width = 0, , filters = 0] = kernel.shape;
  const [batchStride, stride = 0, columnStride, channelStride] = strides;
  if ((stringAttribute(node, 'data_format') ?? 'NHWC') !== 'NHWC')
    return unsupported('has images whose channels come first');
  if (kernel.shape.length !== 4) return unsupported('has a kernel of other than four axes');
  if (stride !== columnStride || batchStride !== 1 || channelStride !== 1)
    return unsupported(`has the strides ${strides.join(', ')}`);
  if (dilations.some((dilation) => dilation !== 1)) return unsupported('has a dilated kernel');
  if (padding !== 'SAME' && padding !== 'VALID') return unsupported(`has the padding ${padding}`);
  const layer: Layer = {
    kind: 'conv2d',
    filters,
    kernel: [height, width],
    stride,
    padding: padding === 'SAME' ? 'zero' : 'valid',
    activation: 'linear',
  };
  return { kind: 'weighted', layer, kernel: { tensor: kernel.tensor, layout: 'HWIO' }, bias: null };
}

function product(node: GraphDefNode, kernel: GraphConstant): GraphOperation {
  if (booleanAttribute(node, 'transpose_a')) return unsupported('multiplies a transposed value');
  if (kernel.shape.length !== 2) return unsupported('multiplies by other than a matrix');
  const transposed = booleanAttribute(node, 'transpose_b');
  const units = kernel.shape[transposed ? 0 : 1] ?? 0;
  return {
    kind: 'weighted',
    layer: { kind: 'dense', units, activation: 'linear' },
    kernel: { tensor: kernel.tensor, layout: transposed ? 'out-in' : 'in-out' },
    bias: null,
  };
}

/** `_FusedConv2D` and `_FusedMatMul` name what follows the product in `fused_ops`; a bias is the third input. */
function fused(
  node: GraphDefNode,
  operation: GraphOperation,
  constantOf: (name: string) => GraphConstant | null,
): GraphDefReading {
  const operations: GraphOperation[] = [operation];
  for (const name of stringsAttribute(node, 'fused_ops')) {
    const bias = constantOf(node.inputs[2] ?? '');
    if (name === 'BiasAdd' && bias !== null) operations.push({ kind: 'bias', bias: bias.tensor });
    else if (name === 'Relu') operations.push({ kind: 'activation', activation: 'relu' });
    else if (name === 'LeakyRelu') operations.push(leaky(node, 'leakyrelu_alpha'));
    else if (name !== '' && name !== 'Linear')
      operations.push(unsupported(`is fused with ${name.slice(0, 60)}`));
  }
  return { inputs: [node.inputs[0] ?? ''], operations };
}

/** A constant added is a bias, a value makes a residual sum. */
function addition(node: GraphDefNode, constantOf: (name: string) => GraphConstant | null): GraphDefReading {
  const [a = '', b = ''] = node.inputs;
  const [left, right] = [constantOf(a), constantOf(b)];
  if (left === null && right === null) return { inputs: [a, b], operations: [{ kind: 'add' }] };
  const constant = right ?? left;
  return {
    inputs: [right === null ? b : a],
    operations: [
      constant === null || (left !== null && right !== null)
        ? unsupported('adds two constants')
        : biasAlongChannels(constant),
    ],
  };
}

/** Channels are last, so a constant whose long axis is another one adds a number to every row of pixels. */
function biasAlongChannels({ tensor, shape }: GraphConstant): GraphOperation {
  return shape.length > 0 && shape.slice(0, -1).every((extent) => extent === 1)
    ? { kind: 'bias', bias: tensor }
    : unsupported(`adds a constant of shape [${shape.slice(0, 8).join(', ')}]`);
}

function pooling(node: GraphDefNode, kind: 'max-pool' | 'average-pool'): GraphOperation {
  const [batch, height = 0, width = 0, channels] = integersAttribute(node, 'ksize');
  const [, stride = 0, columnStride] = integersAttribute(node, 'strides');
  if (batch !== 1 || channels !== 1 || stride !== columnStride)
    return unsupported('pools over other than square steps of images');
  const layer: Layer = { kind, window: [height, width], stride };
  if (stringAttribute(node, 'padding') === 'VALID') return { kind: 'plain', layer };
  return {
    kind: 'plain',
    layer: (shape) =>
      height === stride && width === stride && shape.height % stride === 0 && shape.width % stride === 0
        ? layer
        : `pools beyond the image of ${shape.height} × ${shape.width}`,
  };
}

function globalAverage(node: GraphDefNode, axes: GraphConstant | null): GraphOperation {
  const over = [...(axes?.integers ?? [])].sort((a, b) => a - b).join();
  if (over !== '1,2' || booleanAttribute(node, 'keep_dims'))
    return unsupported('is a mean over other than an image');
  return { kind: 'plain', layer: { kind: 'global-average-pool' } };
}

function flattening(shape: GraphConstant | null): GraphOperation {
  const sizes = shape?.integers ?? [];
  if (sizes.length !== 2) return unsupported('is a Reshape to other than rows');
  return {
    kind: 'plain',
    layer: ({ height, width, channels }) =>
      sizes[1] === -1 || sizes[1] === height * width * channels
        ? { kind: 'flatten' }
        : `is a Reshape to rows of ${sizes[1]} of images of ${height} × ${width} × ${channels}`,
  };
}

function leaky(node: GraphDefNode, key = 'alpha'): GraphOperation {
  const slope = numberAttribute(node, key) ?? 0.2;
  if (!(slope >= 0)) return unsupported(`is a LeakyRelu of slope ${slope}; slopes ≥ 0 can be run`);
  return { kind: 'activation', activation: { kind: 'leaky-relu', slope } };
}

function unsupported(reason: string): GraphOperation {
  return { kind: 'unsupported', reason };
}
