/** About what a training costs, in floating-point operations: for sharing out work and the time left, never a result. */

/** Forward, gradient by weights and gradient by inputs: two operations a weight each. */
const operationsPerTrainedWeight = 6;
/** A layer's calls cost about this much a step, whatever its size. */
const operationsPerLayer = 30_000;

/** A training of a fully connected net. */
export interface TrainedNet {
  /** The input's width, every hidden layer's, the outputs. */
  readonly widths: readonly number[];
  /** Images an epoch. */
  readonly trainCount: number;
  readonly batchSize: number;
}

/** One epoch. */
export function epochCost({ widths, trainCount, batchSize }: TrainedNet): number {
  const weights = widths.slice(1).reduce((sum, width, i) => sum + width * (widths[i] ?? 0), 0);
  const steps = Math.ceil(trainCount / batchSize);
  return steps * (widths.length - 1) * operationsPerLayer + trainCount * weights * operationsPerTrainedWeight;
}
