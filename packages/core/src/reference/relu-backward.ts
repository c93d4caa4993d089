/** Twin of `relu_backward`. Nothing is rounded, so one twin serves both precisions. */

/** The gradient where the activation is positive or NaN, else +0. */
export function reluBackward(
  gradient: ArrayLike<number>,
  activation: ArrayLike<number>,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(gradient, (value, i) => (Number(activation[i]) <= 0 ? 0 : value));
}
