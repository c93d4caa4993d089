/** What an ONNX tensor is for, told by the nodes that read it. */
import type { TensorFans, TensorLayout, TensorRole } from '../../model/model-tensor.js';
import type { OnnxNode } from './onnx-file.js';
import { homeOf, type OnnxConstant, type OnnxScope, type OnnxUse } from './onnx-scope.js';

/** Most nodes between a tensor and the one that multiplies with it. */
const mostBetween = 8;

/** Role and layout of a tensor, and who reads it. */
export interface OnnxRole {
  readonly role: TensorRole;
  readonly layout: TensorLayout | null;
  /** Where the shape alone does not tell them (groups); `null` otherwise. */
  readonly fans: TensorFans | null;
  /** Name of the node. */
  readonly layer: string | null;
  /** The `DequantizeLinear` that reads it first. */
  readonly dequantized: OnnxUse | null;
}

/** A whole-number setting of a node. */
export function intOf(node: OnnxNode, name: string, missing: number): number {
  return node.attributes.get(name)?.int ?? missing;
}

/** A list of whole numbers of a node; `null` where it is missing. */
export function intsOf(node: OnnxNode, name: string): readonly number[] | null {
  const ints = node.attributes.get(name)?.ints ?? [];
  return ints.length === 0 ? null : ints;
}

/** Operators of ONNX itself; others may mean anything. */
export function isStandard({ domain }: OnnxNode): boolean {
  return domain === '' || domain === 'ai.onnx';
}

const unknown: OnnxRole = { role: 'other', layout: null, fans: null, layer: null, dequantized: null };

/** The first use that tells a role; `other` if none does. */
export function onnxRole(constant: OnnxConstant): OnnxRole {
  let best = unknown;
  const seen = new Set<OnnxNode>();
  const follow = (
    uses: readonly OnnxUse[],
    state: { turned: boolean; between: number; dequantized: OnnxUse | null },
  ) => {
    for (const use of uses) {
      if (best.role !== 'other') return;
      const { node, scope, input } = use;
      if (!isStandard(node)) continue;
      const found = roleIn(use, constant.tensor.shape, state.turned);
      if (found !== null) {
        best = { ...found, layer: node.name === '' ? null : node.name, dequantized: state.dequantized };
        return;
      }
      const passed = input === 0 ? passage(node) : null;
      // The numbers behind it are others.
      if (roundsToIntegers(node) && /^(f|bf)/.test(constant.dtype)) continue;
      if (passed === null || state.between >= mostBetween || seen.has(node)) continue;
      seen.add(node);
      const isDequantized = node.operator === 'DequantizeLinear';
      if (isDequantized && best.dequantized === null) best = { ...best, dequantized: use };
      follow(scope.uses.get(node.outputs[0] ?? '') ?? [], {
        turned: state.turned !== (passed === 'turned'),
        between: state.between + 1,
        dequantized: state.dequantized ?? (isDequantized ? use : null),
      });
    }
  };
  follow(constant.uses, { turned: false, between: 0, dequantized: null });
  return best;
}

/** Whether a node makes integers or booleans of what may be floats. Types 1, 10, 11 and 16 are floats. */
export function roundsToIntegers(node: OnnxNode): boolean {
  return node.operator === 'Cast' && ![1, 10, 11, 16].includes(intOf(node, 'to', 1));
}

/** Nodes that only hand their first input on, perhaps with its two axes exchanged. */
export function passage(node: OnnxNode): 'same' | 'turned' | null {
  switch (node.operator) {
    case 'Identity':
    case 'Cast':
    case 'DequantizeLinear':
    case 'QuantizeLinear':
    case 'Reshape':
    case 'Squeeze':
    case 'Unsqueeze':
      return 'same';
    case 'Transpose': {
      const axes = intsOf(node, 'perm');
      return axes === null || (axes.length === 2 && axes[0] === 1) ? 'turned' : null;
    }
    default:
      return null;
  }
}

type Found = Pick<OnnxRole, 'role' | 'layout' | 'fans'>;
const plain = (role: TensorRole, layout: TensorLayout | null = null): Found => ({ role, layout, fans: null });

const normalizing = new Set([
  'BatchNormalization',
  'InstanceNormalization',
  'LayerNormalization',
  'GroupNormalization',
  'SimplifiedLayerNormalization',
  'RMSNormalization',
]);
const convolutionLayouts: readonly TensorLayout[] = ['OIW', 'OIHW', 'OIDHW'];

function roleIn({ node, input, scope }: OnnxUse, shape: readonly number[], turned: boolean): Found | null {
  if (normalizing.has(node.operator)) return input > 0 ? plain('normalization') : null;
  switch (node.operator) {
    case 'Gemm': {
      if (input === 2) return plain('bias');
      if (input !== 1 || shape.length !== 2) return null;
      return plain('dense-kernel', (intOf(node, 'transB', 0) === 1) !== turned ? 'out-in' : 'in-out');
    }
    case 'MatMul':
    case 'MatMulInteger':
      if (shape.length !== 2 || input > 1) return null;
      // y = x W has inputs × units on the right, y = W x units × inputs on the left.
      return plain('dense-kernel', (input === 0) !== turned ? 'out-in' : 'in-out');
    case 'Conv':
    case 'ConvInteger':
      if (input === 2 && node.operator === 'Conv') return plain('bias');
      return input === 1 ? convolutionKernel(node, shape) : null;
    case 'ConvTranspose':
      if (input === 2) return plain('bias');
      return input === 1 ? plain('conv-kernel', shape.length === 4 ? 'IOHW' : null) : null;
    case 'Gather':
      return input === 0 && shape.length === 2 && shape.every((extent) => extent > 1)
        ? plain('embedding')
        : null;
    case 'Add':
      return isVector(shape) && addsToProduct(node, input, scope) ? plain('bias') : null;
    case 'LSTM':
    case 'GRU':
    case 'RNN':
      return input === 3 ? plain('bias') : null;
    default:
      return null;
  }
}

function convolutionKernel(node: OnnxNode, shape: readonly number[]): Found | null {
  const layout = convolutionLayouts[shape.length - 3];
  const [outputs = 0, inputs = 0, ...extents] = shape;
  const groups = intOf(node, 'group', 1);
  if (layout === undefined || groups < 1 || outputs % groups !== 0) return null;
  if (groups === 1) return plain('conv-kernel', layout);
  // A channel feeds the outputs of its own group only.
  const area = extents.reduce((product, extent) => product * extent, 1);
  const fans = { fanIn: inputs * area, fanOut: (outputs / groups) * area };
  return { role: inputs === 1 ? 'depthwise-kernel' : 'conv-kernel', layout, fans };
}

/** At most one extent is not 1. */
export function isVector(shape: readonly number[]): boolean {
  return shape.filter((extent) => extent !== 1).length <= 1;
}

function addsToProduct(node: OnnxNode, input: number, scope: OnnxScope): boolean {
  const other = node.inputs[1 - input] ?? '';
  const producer = homeOf(scope, other)?.producers.get(other);
  return producer !== undefined && /^(MatMul|Gemm|Conv|ConvTranspose)$/.test(producer.operator);
}
