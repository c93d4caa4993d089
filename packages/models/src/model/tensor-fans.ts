/** Fan-in and fan-out from the shape of a kernel and the order of its axes. */
import { layerFans } from '@kindling/core';
import type { TensorFans, TensorLayout, TensorRole } from './model-tensor.js';

/** Position of an axis in the layout's letters. */
const letters: Readonly<Partial<Record<TensorLayout, string>>> = { 'in-out': 'IO', 'out-in': 'OI' };

/**
 * Fan-in: inputs one unit reads; fan-out: units one input feeds. Of a grouped convolution the file tells the channels per group,
 * which makes fan-in right and fan-out that of a plain convolution. A depthwise unit reads one channel: fan-in is the kernel's area
 * (Keras counts the input channels, too).
 *
 * @returns `null` for anything but a kernel, or a shape that does not have the layout's axes
 */
export function tensorFans(
  role: TensorRole,
  layout: TensorLayout | null,
  shape: readonly number[],
): TensorFans | null {
  if (layout === null || !role.endsWith('-kernel')) return null;
  const axes = letters[layout] ?? layout;
  if (axes.length !== shape.length) return null;
  const along = (letter: string) => shape[axes.indexOf(letter)] ?? 1;
  const extents = [...axes].reduce(
    (area, axis, i) => ('DHW'.includes(axis) ? area * (shape[i] ?? 1) : area),
    1,
  );
  const inputs = axes.includes('M') ? 1 : along('I');
  // PyTorch's depthwise kernels are O × 1 × H × W, one output an input channel unless there is a multiplier, which is not told.
  const alone = role === 'depthwise-kernel' && !axes.includes('M');
  const outputs = alone ? 1 : axes.includes('M') ? along('M') : along('O');
  const { fanIn, fanOut } = layerFans(inputs, outputs, [extents, 1]);
  return { fanIn, fanOut };
}
