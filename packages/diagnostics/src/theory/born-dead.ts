/**
 * Networks that are born dead, i.e. constant functions at initialization: bounds on how often. Lu, Shin, Su &
 * Karniadakis, "Dying ReLU and initialization", CiCP 28(5), 2020, arXiv 1903.06733; Rister & Rubin, "Probabilistic bounds
 * on neuron death in deep rectifier networks", arXiv 2007.06192.
 *
 * A net is constant if some hidden layer is 0 for every input. A given input is killed by a layer of N neurons with
 * probability 2^−N when weights (and biases) are symmetric, whatever came before: hence the upper bound.
 */
import { InvalidArgumentError } from '@kindling/core';
import { checkCount, checkCounts, checkOpenProbability } from './check-numbers.js';
import { halvings } from './second-layer.js';

/** The settings of `predictBornDead`. */
export interface PredictBornDeadOptions {
  /** Dimension of the inputs. */
  readonly inputDimension: number;
  /** Width of every hidden layer; a linear output layer comes after them. */
  readonly hidden: readonly number[];
  /** Whether all biases start at zero. If not, they are taken to be symmetric about 0. */
  readonly zeroBiases: boolean;
}

/** Bounds on a probability; `lower` is absent where no formula is known. */
export interface BornDeadBounds {
  readonly lower?: number;
  readonly upper: number;
}

/**
 * Bounds on the probability that a net is born dead, weights independent and symmetric about 0.
 *
 *     upper:  1 − Π (1 − 2^−N_l) over the hidden layers
 *     lower:  1 − a₁^{L−2} + (1 − 2^{1−N})(1 − 2^−N) / (1 + (N−1) 2^−N) · (a₂^{L−2} − a₁^{L−2}),
 *             a₁ = 1 − 2^−N,  a₂ = 1 − 2^{1−N} − (N − 1) 4^−N
 *
 * with L − 1 hidden layers. The lower one holds for one input, zero biases and hidden layers of one width N; it is
 * absent otherwise. For (N, L) = (2, 10): 0.87026 and 0.92492.
 *
 * @throws InvalidArgumentError for widths that are not integers ≥ 1
 */
export function predictBornDead(options: PredictBornDeadOptions): BornDeadBounds {
  const { inputDimension, hidden, zeroBiases } = options;
  checkCount('predictBornDead', 'inputDimension', inputDimension);
  checkCounts('predictBornDead', 'hidden', hidden);
  const upper = layersDie(hidden);
  const width = hidden[0] ?? 0;
  if (inputDimension !== 1 || !zeroBiases || hidden.some((other) => other !== width)) return { upper };
  const miss = halvings(width);
  // Everything as the complement of a power, so that wide nets do not lose the small numbers to 1 − 1.
  const oneSide = complementOfPower(miss, hidden.length - 1);
  const bothSides = complementOfPower(2 * miss + (width - 1) * miss * miss, hidden.length - 1);
  const coefficient = ((1 - 2 * miss) * (1 - miss)) / (1 + (width - 1) * miss);
  // Rounding may leave the bound of a very wide net a hair below 0 or above the other.
  const lower = Math.min(Math.max(0, oneSide - coefficient * (bothSides - oneSide)), upper);
  return { lower, upper };
}

/** 1 − Π (1 − 2^−n_l) by d' = d + (1 − d) 2^−n: no cancellation. */
function layersDie(hidden: readonly number[]): number {
  let dead = 0;
  for (const width of hidden) dead += (1 - dead) * halvings(width);
  return dead;
}

/** 1 − (1 − x)^n by squaring, kept as the complement throughout: relative precision also for tiny x. */
function complementOfPower(x: number, n: number): number {
  let result = 0;
  let square = x;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result += (1 - result) * square;
    square += (1 - square) * square;
  }
  return result;
}

/**
 * The smallest width N for which `depth` hidden layers of N neurons keep the upper bound of `predictBornDead` at or
 * below `probability`: 1 − (1 − 2^−N)^depth ≤ δ, so N is of order log₂(depth / δ).
 *
 * @param options.depth hidden layers, an integer ≥ 1
 * @param options.probability δ, strictly between 0 and 1
 * @throws InvalidArgumentError for numbers out of range, or a δ so small that f64 has no width for it
 */
export function widthForBornDead(options: { readonly depth: number; readonly probability: number }): number {
  const { depth, probability } = options;
  checkCount('widthForBornDead', 'depth', depth, { most: Number.MAX_SAFE_INTEGER });
  checkOpenProbability('widthForBornDead', 'probability', probability);
  for (let width = 1; halvings(width) > 0; width++) {
    if (complementOfPower(halvings(width), depth) <= probability) return width;
  }
  throw new InvalidArgumentError(
    `widthForBornDead: probability is ${probability}; expected one that is at least depth · 2^−1074`,
  );
}

/** The settings of `predictAliveBounds`. */
export interface PredictAliveBoundsOptions {
  /** Width of every hidden layer. */
  readonly hidden: readonly number[];
  /** Whether all biases start at zero. If not, they are taken to be symmetric about 0. */
  readonly zeroBiases: boolean;
}

/**
 * Bounds of Rister & Rubin on the probability that some input passes through every hidden layer, inputs of any
 * dimension and any sign:
 *
 *     lower:  Π (1 − 2^−n_l)
 *     upper:  Π_{l≥2} (1 − 2^−e_l),  e_l = n_{l−1} n_l with zero biases and n_l (n_{l−1} + 1) with biases
 *
 * The upper one: a layer all of whose weights (and biases) are ≤ 0 maps every non-negative vector to 0.
 *
 * @throws InvalidArgumentError for widths that are not integers ≥ 1
 */
export function predictAliveBounds(options: PredictAliveBoundsOptions): {
  readonly lower: number;
  readonly upper: number;
} {
  const { hidden, zeroBiases } = options;
  checkCounts('predictAliveBounds', 'hidden', hidden);
  const signs = hidden.slice(1).map((width, index) => width * ((hidden[index] ?? 0) + (zeroBiases ? 0 : 1)));
  return { lower: 1 - layersDie(hidden), upper: 1 - layersDie(signs) };
}

/**
 * The share of the data that is sure to be alive after k layers under sign flipping (Rister & Rubin): a layer that fewer
 * than half of the living data survive is negated, and then at least half do. 2^−k.
 *
 * @param layers k, an integer ≥ 0
 * @throws InvalidArgumentError for anything else
 */
export function predictSurvivingShare(layers: number): number {
  checkCount('predictSurvivingShare', 'layers', layers, { least: 0 });
  return halvings(layers);
}
