/** Where the numbers of a layer's parameters are: which view of which tensor, its axes in which order. */

import type { TensorShape } from '@kindling/core';
import { ModelFormatError } from '../errors/model-format-error.js';
import { printableName, quotedName } from '../errors/printable-name.js';
import type { ParameterMapping } from '../model/model.js';
import type { ModelTensor } from '../model/model-tensor.js';
import type { GraphKernel } from './model-graph.js';

/** What the architecture demands of a kernel. */
export interface KernelSizes {
  readonly channels: number;
  readonly units: number;
  readonly extent: readonly [height: number, width: number];
  /** The images that a dense kernel's rows stand for, channels first; `null` if the rows need no other order. */
  readonly flattened: TensorShape | null;
}

/**
 * The core keeps a kernel as rows (kernel row, kernel column, channel) × units.
 *
 * @param path of the layer, as `layers[2]`
 * @throws ModelFormatError when the tensor does not have the sizes that the graph gives it
 */
export function kernelMapping(
  tensor: ModelTensor,
  layout: GraphKernel['layout'],
  path: string,
  { channels, units, extent, flattened }: KernelSizes,
): ParameterMapping {
  const [height, width] = extent;
  const image = flattened !== null && height * width === 1 ? flattened : null;
  const wanted = {
    'in-out': [channels, units],
    'out-in': [units, channels],
    HWIO: [height, width, channels, units],
    OIHW: [units, channels, height, width],
  }[layout];
  requireShape(tensor, wanted, path);
  const base = { parameter: parameterName(path, 'weights'), tensor: tensor.name };
  if (image !== null) {
    const rows = [image.channels, image.height, image.width];
    if (layout === 'in-out') return { ...base, view: [...rows, units], axes: [1, 2, 0, 3] };
    if (layout === 'out-in') return { ...base, view: [units, ...rows], axes: [2, 3, 1, 0] };
  }
  const axes = { 'in-out': [0, 1], 'out-in': [1, 0], HWIO: [0, 1, 2, 3], OIHW: [2, 3, 1, 0] }[layout];
  return { ...base, view: wanted, axes };
}

/** @throws ModelFormatError unless the tensor holds one number a unit */
export function rowMapping(
  tensor: ModelTensor,
  path: string,
  kind: 'biases' | 'gamma' | 'beta',
  units: number,
): ParameterMapping {
  if (tensor.size !== units) requireShape(tensor, [units], path);
  return { parameter: parameterName(path, kind), tensor: tensor.name, view: [units], axes: [0] };
}

function requireShape(tensor: ModelTensor, wanted: readonly number[], path: string): void {
  const { shape, name } = tensor;
  if (shape.length === wanted.length && shape.every((extent, axis) => extent === wanted[axis])) return;
  throw new ModelFormatError(
    `openModel: the tensor ${quotedName(name)} has the shape [${shape.join(', ')}]; expected [${wanted.join(', ')}], as the graph says (${path})`,
    { details: { tensor: printableName(name), expected: wanted.join(','), got: shape.join(',') } },
  );
}

/** `layers[2].branch[0]` → `layers.2.branch.0.weights`, as `listParameters` names them. */
function parameterName(path: string, kind: string): string {
  return `${path.replaceAll('[', '.').replaceAll(']', '')}.${kind}`;
}
