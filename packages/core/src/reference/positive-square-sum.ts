/** Twin of `positive_square_sum`, in the kernel's order: the kernel's bits. */
import { sumSquares } from './sum-squares.js';

/** Σ max(x, 0)² in f64, NaN kept; summed as `sumSquares` sums one row. */
export function positiveSquareSum(x: ArrayLike<number>): number {
  return sumSquares(
    1,
    x.length,
    Float64Array.from(x, (value) => Math.max(value, 0)),
  );
}
