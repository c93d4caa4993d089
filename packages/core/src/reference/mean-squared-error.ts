/** Twins of `mean_squared_error`. */
import { round32 } from './f32.js';

/** The summed squared error and the gradient of its mean by every output. */
export interface SquaredErrorOutcome<Floats extends Float32Array | Float64Array> {
  /** Σ (o − t)², over all outputs, in f64. */
  readonly sum: number;
  readonly gradient: Floats;
}

/** Σ (o − t)² and 2(o − t)/count in f64; the order of outputs and targets is that of the sum. */
export function meanSquaredError(
  outputs: ArrayLike<number>,
  targets: ArrayLike<number>,
): SquaredErrorOutcome<Float64Array<ArrayBuffer>> {
  const gradient = Float64Array.from(outputs, (o, i) => ((o - Number(targets[i])) * 2) / outputs.length);
  return { sum: sumOfSquares(outputs, targets), gradient };
}

/** The same with 2/count, difference and product rounded to f32: the kernel's bits. */
export function meanSquaredErrorF32(
  outputs: ArrayLike<number>,
  targets: ArrayLike<number>,
): SquaredErrorOutcome<Float32Array<ArrayBuffer>> {
  const scale = round32(2 / outputs.length);
  const gradient = Float32Array.from(outputs, (o, i) => round32(o - Number(targets[i])) * scale);
  return { sum: sumOfSquares(outputs, targets), gradient };
}

function sumOfSquares(outputs: ArrayLike<number>, targets: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < outputs.length; i++) {
    const error = Number(outputs[i]) - Number(targets[i]);
    sum += error * error;
  }
  return sum;
}
