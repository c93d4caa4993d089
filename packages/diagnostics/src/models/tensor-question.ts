/** What is asked of a tensor of a file to tell whether it was trained. */

import type { ModelTensor, TensorLayout } from '@kindling/models';
import type { KernelAxes, TensorQuestion } from '../index.js';

/** Axes by letter; embeddings are read as inputs × units. */
const dense: Readonly<Partial<Record<TensorLayout, string>>> = { 'in-out': 'IO', 'out-in': 'OI' };

/**
 * The question; `null` for tensors whose part in the network is not known, integers that are no quantized weights, and axes that
 * are not those of the layout.
 *
 * @param kernelFanIn of the kernel that a bias stands beside; `null` where none is known
 * @param slack as `TensorQuestion`
 */
export function tensorQuestion(
  tensor: ModelTensor,
  kernelFanIn: number | null,
  slack: number | null,
): TensorQuestion | null {
  const { role, dtype, quantization, size, fans } = tensor;
  if (quantization === null && !/^(f|bf)\d/.test(dtype)) return null;
  if (role === 'bias') return { kind: 'vector', size, fanIn: kernelFanIn };
  if (role === 'normalization') return { kind: 'vector', size, fanIn: null };
  const axes = kernelAxes(tensor);
  return axes === null ? null : { kind: 'kernel', axes, fans, slack };
}

/** Units and groups are columns; what a unit reads are rows, pixels last. */
function kernelAxes({ role, layout, shape }: ModelTensor): KernelAxes | null {
  const letters = role === 'embedding' ? 'IO' : layout === null ? null : (dense[layout] ?? layout);
  if (letters === null || letters.length !== shape.length) return null;
  if (role !== 'embedding' && !role.endsWith('-kernel')) return null;
  const places = (wanted: string) =>
    [...wanted].flatMap((letter) => (letters.includes(letter) ? [letters.indexOf(letter)] : []));
  // Of a depthwise kernel in Keras' order every pair of channel and multiplier is a unit.
  return letters.includes('M')
    ? { shape, rowAxes: places('DHW'), columnAxes: places('IM') }
    : { shape, rowAxes: places('IDHW'), columnAxes: places('O') };
}
