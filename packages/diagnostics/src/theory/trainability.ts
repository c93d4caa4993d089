/**
 * Trainability of a net with one hidden layer (Shin & Karniadakis, 2020, arXiv 1907.09696): the number m₁ of neurons that
 * are alive at initialization is Binomial(n, 1 − p_d(r)), and a task that needs m neurons can be learned only if m₁ ≥ m,
 * since a dead neuron of a first layer never comes back. So T(n, m) = P(m₁ ≥ m) bounds the success rate from above.
 */
import { binomialProbabilities, upperTail } from './binomial.js';
import { checkCount } from './check-numbers.js';
import { type BallDomain, checkBall, predictDeadProbability } from './dead-probability.js';

/** The settings of `predictTrainability`. */
export interface PredictTrainabilityOptions extends BallDomain {
  /** n, the neurons of the hidden layer: 1 to 1,000,000. */
  readonly width: number;
  /** m, the neurons the task needs: an integer ≥ 0. */
  readonly needed: number;
}

/** What `predictTrainability` finds. */
export interface TrainabilityPrediction {
  /** p_d(r): one neuron is dead. */
  readonly deadProbability: number;
  /** T(n, m) = P(at least m neurons are active). */
  readonly trainability: number;
  /** P(exactly k neurons are active) at index k = 0 … n. */
  readonly activeDistribution: readonly number[];
}

/**
 * How many neurons of one hidden layer are alive at initialization, and whether they suffice.
 *
 * @throws InvalidArgumentError for numbers out of range
 */
export function predictTrainability(options: PredictTrainabilityOptions): TrainabilityPrediction {
  const { inputDimension, radius, width, needed } = options;
  checkBall('predictTrainability', options);
  checkCount('predictTrainability', 'width', width, { most: 1_000_000 });
  checkCount('predictTrainability', 'needed', needed, { least: 0 });
  const deadProbability = predictDeadProbability({ inputDimension, radius });
  const active = binomialProbabilities(width, 1 - deadProbability);
  return {
    deadProbability,
    trainability: upperTail(active, needed),
    activeDistribution: Array.from(active),
  };
}
