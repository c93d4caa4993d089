/** Twins of `batch_norm_statistics`, `batch_norm` and `batch_norm_backward`. Arrays are NHWC without padding. */
import { sumPixels } from './channel-sums.js';
import { round32 } from './f32.js';
import type { GridSize } from './grid.js';

/** Mean and (biased) variance of every channel. */
export interface BatchNormStatistics {
  readonly means: Float64Array<ArrayBuffer>;
  readonly variances: Float64Array<ArrayBuffer>;
}

/** What normalizes: one of each a channel. */
export interface BatchNormParameters {
  readonly epsilon: number;
  readonly gamma: ArrayLike<number>;
  readonly beta: ArrayLike<number>;
}

/** dx, and the gradients in gamma and beta. */
export interface BatchNormGradients {
  readonly dx: Float64Array<ArrayBuffer>;
  readonly dgamma: Float64Array<ArrayBuffer>;
  readonly dbeta: Float64Array<ArrayBuffer>;
}

type Rounding = (x: number) => number;
const exact: Rounding = (x) => x;

/** Σx/count, then Σ(x − mean)²/count, in the kernel's order: the kernel's bits. */
export function batchNormStatistics(size: GridSize, x: ArrayLike<number>): BatchNormStatistics {
  const count = size.images * size.rows * size.pixels;
  const means = sumPixels(size, (at) => Number(x[at])).map((sum) => sum / count);
  const squares = sumPixels(size, (at, c) => {
    const gap = Number(x[at]) - Number(means[c]);
    return gap * gap;
  });
  return { means, variances: squares.map((sum) => sum / count) };
}

/** y in f64. */
export function batchNorm(
  size: GridSize,
  x: ArrayLike<number>,
  statistics: BatchNormStatistics,
  parameters: BatchNormParameters,
): Float64Array<ArrayBuffer> {
  return normalize(size, x, statistics, parameters, exact);
}

/** y in f32, mean and 1/√(variance + epsilon) rounded first, then every operation: the kernel's bits. */
export function batchNormF32(
  size: GridSize,
  x: ArrayLike<number>,
  statistics: BatchNormStatistics,
  parameters: BatchNormParameters,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(normalize(size, x, statistics, parameters, round32));
}

/** The gradients in f64, given dy and the statistics of x itself. */
export function batchNormBackward(
  size: GridSize,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  statistics: BatchNormStatistics,
  parameters: BatchNormParameters,
): BatchNormGradients {
  return gradients(size, x, dy, statistics, parameters, exact);
}

/** The same with the kernel's roundings: its bits. */
export function batchNormBackwardF32(
  size: GridSize,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  statistics: BatchNormStatistics,
  parameters: BatchNormParameters,
): BatchNormGradients {
  return gradients(size, x, dy, statistics, parameters, round32);
}

/** (x − mean)/√(variance + epsilon) at a place, and the inverse deviation of a channel. */
function standardize(
  x: ArrayLike<number>,
  { means, variances }: BatchNormStatistics,
  epsilon: number,
  round: Rounding,
) {
  const inverses = variances.map((variance) => round(1 / Math.sqrt(variance + epsilon)));
  const inverse = (c: number) => Number(inverses[c]);
  const standard = (at: number, c: number) =>
    round(round(Number(x[at]) - round(Number(means[c]))) * inverse(c));
  return { inverse, standard };
}

function normalize(
  size: GridSize,
  x: ArrayLike<number>,
  statistics: BatchNormStatistics,
  { epsilon, gamma, beta }: BatchNormParameters,
  round: Rounding,
): Float64Array<ArrayBuffer> {
  const { standard } = standardize(x, statistics, epsilon, round);
  return Float64Array.from(x, (_, at) => {
    const c = at % size.channels;
    return round(round(Number(gamma[c]) * standard(at, c)) + Number(beta[c]));
  });
}

function gradients(
  size: GridSize,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  statistics: BatchNormStatistics,
  { epsilon, gamma }: BatchNormParameters,
  round: Rounding,
): BatchNormGradients {
  const count = size.images * size.rows * size.pixels;
  const { inverse, standard } = standardize(x, statistics, epsilon, round);
  const sums = sumPixels(size, (at) => Number(dy[at]));
  const products = sumPixels(size, (at, c) => Number(dy[at]) * standard(at, c));
  const shares = sums.map((sum) => round(sum / count));
  const productShares = products.map((sum) => round(sum / count));
  const dx = Float64Array.from(x, (_, at) => {
    const c = at % size.channels;
    const centered = round(Number(dy[at]) - Number(shares[c]));
    const rest = round(centered - round(standard(at, c) * Number(productShares[c])));
    return round(rest * round(Number(gamma[c]) * inverse(c)));
  });
  return { dx, dgamma: products.map(round), dbeta: sums.map(round) };
}
