/** Numbers in the order of a file's tensor and in that of a network's parameter. */
import { InvalidArgumentError } from '@kindling/core';
import type { Floats } from '../model/dtype.js';
import type { ParameterMapping } from '../model/model.js';

/**
 * Numbers of the parameter's matrix, row by row, rounded to f32.
 *
 * @param values of the tensor, row-major
 * @throws InvalidArgumentError when there are more or fewer than the mapping's view holds
 */
export function parameterFromTensor(values: Floats, mapping: ParameterMapping): Float32Array {
  const parameter = new Float32Array(values.length);
  forEachPair('parameterFromTensor', values.length, mapping, (inTensor, inParameter) => {
    parameter[inParameter] = values[inTensor] ?? 0;
  });
  return parameter;
}

/**
 * The inverse: numbers of the tensor, row-major.
 *
 * @param values of the parameter's matrix, row by row (`readMatrix`)
 * @throws InvalidArgumentError when there are more or fewer than the mapping's view holds
 */
export function tensorFromParameter(values: Float32Array, mapping: ParameterMapping): Float32Array {
  const tensor = new Float32Array(values.length);
  forEachPair('tensorFromParameter', values.length, mapping, (inTensor, inParameter) => {
    tensor[inTensor] = values[inParameter] ?? 0;
  });
  return tensor;
}

/** Visits the parameter's numbers in order, with where each lies in the tensor. */
function forEachPair(
  caller: string,
  size: number,
  { view, axes, tensor }: ParameterMapping,
  visit: (inTensor: number, inParameter: number) => void,
): void {
  const strides = new Array<number>(view.length).fill(1);
  for (let axis = view.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (view[axis + 1] ?? 1);
  }
  const extents = axes.map((axis) => view[axis] ?? 0);
  const steps = axes.map((axis) => strides[axis] ?? 0);
  const total = extents.reduce((product, extent) => product * extent, 1);
  if (total !== size || new Set(axes).size !== view.length || axes.length !== view.length) {
    throw new InvalidArgumentError(
      `${caller}: ${tensor} has ${size} numbers; expected those of [${view.join(', ')}] in the order [${axes.join(', ')}]`,
    );
  }
  const at = new Array<number>(extents.length).fill(0);
  let place = 0;
  for (let i = 0; i < size; i++) {
    visit(place, i);
    for (let axis = extents.length - 1; axis >= 0; axis--) {
      place += steps[axis] ?? 0;
      at[axis] = (at[axis] ?? 0) + 1;
      if ((at[axis] ?? 0) < (extents[axis] ?? 0)) break;
      place -= (steps[axis] ?? 0) * (extents[axis] ?? 0);
      at[axis] = 0;
    }
  }
}
