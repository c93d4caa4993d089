/** What constants of a TensorFlow graph are, by the operations that read them. */
import type { TensorLayout, TensorRole } from '../../model/model-tensor.js';
import { booleanAttribute, type GraphDefNode } from './graph-def.js';

export interface ConstantRole {
  readonly role: TensorRole;
  readonly layout: TensorLayout | null;
  /** The node that reads it. */
  readonly layer: string | null;
}

const unknown: ConstantRole = { role: 'other', layout: null, layer: null };

/**
 * @param readers nodes that read the constant, through identities, and at which place
 * @param shape of the constant
 */
export function constantRole(
  readers: readonly { readonly node: GraphDefNode; readonly place: number }[],
  shape: readonly number[],
): ConstantRole {
  for (const { node, place } of readers) {
    const found = roleAt(node, place, shape.length);
    if (found !== null) return { role: found[0], layout: found[1], layer: node.name };
  }
  return unknown;
}

function roleAt(
  node: GraphDefNode,
  place: number,
  rank: number,
): readonly [TensorRole, TensorLayout | null] | null {
  const op = node.op.replace(/^_?Fused(Depthwise)?/, '$1');
  if (place === 1) {
    if (op === 'Conv2D' && rank === 4) return ['conv-kernel', 'HWIO'];
    if (op === 'DepthwiseConv2D' || op === 'DepthwiseConv2dNative')
      return rank === 4 ? ['depthwise-kernel', 'HWIM'] : null;
    if (op === 'Conv2DBackpropInput' && rank === 4) return ['conv-kernel', 'HWOI'];
    if (op === 'Conv1D' && rank === 3) return ['conv-kernel', 'WIO'];
    if (op === 'Conv3D' && rank === 5) return ['conv-kernel', 'DHWIO'];
    if (/^(Batch)?MatMul(V2)?$/.test(op) && rank === 2) {
      return ['dense-kernel', booleanAttribute(node, 'transpose_b') ? 'out-in' : 'in-out'];
    }
  }
  if (/^BatchNorm/.test(op) && place >= 1) return ['normalization', null];
  if (/^(Gather|GatherV2|ResourceGather)$/.test(op) && place === 0 && rank === 2) return ['embedding', null];
  const fusedBias = place === 2 && /^(Conv2D|DepthwiseConv2D|DepthwiseConv2dNative|MatMul)$/.test(op);
  if (fusedBias || (/^(BiasAdd|Add|AddV2)$/.test(op) && rank === 1)) return ['bias', null];
  return null;
}
