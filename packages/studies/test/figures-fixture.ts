/** A summary of figure 1 made up by formula: plausible numbers, no simulation, the same on every run. */

import type { TrainingOutcome } from '@kindling/trainer';
import type { Figure1Spec } from '../src/catalog/figure-1/spec.js';
import type { Figure1Summary, LengthCell, TrainingCell } from '../src/catalog/figure-1/summary.js';
import type { JsonObject } from '../src/spec/canonical-json.js';

export const factors: Readonly<Record<string, number>> = {
  'he-normal': 1,
  'he-uniform': 1,
  'he-truncated-normal-uncorrected': 0.773741,
  'he-normal-2x': 2,
  'glorot-normal': 0.5,
  'glorot-uniform': 0.5,
  'lecun-normal': 0.5,
  'lecun-uniform': 0.5,
};

/** Uniform in [0, 1), from a Weyl sequence of the golden ratio: even, and nothing random about it. */
function weyl(seed: number): () => number {
  let state = seed * 0.7548776662466927;
  return () => {
    state = (state + 0.6180339887498949) % 1;
    return state;
  };
}

export interface FixtureOptions {
  readonly initializers?: readonly string[];
  readonly lengthDepths?: readonly number[];
  readonly trainingDepths?: readonly number[];
  readonly trials?: number;
  readonly runs?: number;
  readonly maxEpochs?: number;
}

export function lengthCell(initializer: string, depth: number, trials: number, wobble: number): LengthCell {
  const factor = factors[initializer] ?? 0.9;
  const predictedLength = factor ** depth;
  const predictedStandardError = predictedLength * Math.sqrt(((1 + 5 / depth) ** depth - 1) / trials);
  // A mean of squares is never negative; heavy tails put most means a little low.
  const meanLength = Math.max(predictedLength * 0.3, predictedLength + wobble * predictedStandardError);
  return {
    initializer,
    depth,
    trials,
    deadTrials: Math.round(trials * (1 - (1 - 2 ** -depth) ** depth)),
    meanLength,
    standardError: predictedStandardError * 0.9,
    predictedLength,
    predictedStandardError,
    deviation: wobble,
    meanLogLength: Math.log(predictedLength) - 2.5,
    medianLength: predictedLength * 0.08,
    lowerLength: predictedLength * 0.01,
    upperLength: predictedLength * 0.6,
    meanLengthVariance: 1.4,
  };
}

export function trainingCell(
  initializer: string,
  depth: number,
  epochs: readonly (number | null)[],
  outcomes: readonly TrainingOutcome[],
): TrainingCell {
  const count = (outcome: TrainingOutcome) => outcomes.filter((item) => item === outcome).length;
  const reached = epochs.filter((value) => value !== null);
  const sorted = [...epochs].sort((a, b) => (a ?? Infinity) - (b ?? Infinity));
  return {
    initializer,
    depth,
    runs: epochs.length,
    reached: count('reached'),
    censored: count('censored'),
    diverged: count('diverged'),
    neverMoves: count('never-moves'),
    medianEpochs: sorted[Math.floor(sorted.length / 2)] ?? null,
    meanEpochsReached: reached.length > 0 ? reached.reduce((a, b) => a + b, 0) / reached.length : null,
    epochs,
    outcomes,
    meanFinalAccuracy: 0.2,
  };
}

export function fixtureSummary(options: FixtureOptions = {}): Figure1Summary {
  const initializers = options.initializers ?? Object.keys(factors);
  const lengthDepths = options.lengthDepths ?? [5, 10, 20, 30, 50];
  const trainingDepths = options.trainingDepths ?? [5, 10, 20, 30, 50];
  const trials = options.trials ?? 1000;
  const runs = options.runs ?? 5;
  const maxEpochs = options.maxEpochs ?? 100;
  const spec = {
    study: 'figure-1',
    version: 1,
    seed: 1,
    initializers,
    lengths: lengthDepths.length > 0 ? { depths: lengthDepths, trials } : null,
    training:
      trainingDepths.length > 0
        ? {
            data: {
              name: 'mnist',
              digest: '0123456789abcdef'.repeat(4),
              trainCount: 60000,
              testCount: 10000,
              features: 784,
              classes: 10,
            },
            depths: trainingDepths,
            runs,
            learningRate: 0.01,
            batchSize: 1024,
            maxEpochs,
            targetAccuracy: 0.2,
          }
        : null,
  } as unknown as Figure1Spec & JsonObject;
  const next = weyl(3);
  return {
    study: 'figure-1',
    spec,
    specHash: 'fedcba9876543210'.repeat(4),
    kernels: 'strict-0123456789abcdef',
    version: '0.1.0',
    lengths: initializers.flatMap((initializer) =>
      lengthDepths.map((depth) => lengthCell(initializer, depth, trials, 3 * next() - 1.5)),
    ),
    training: initializers.flatMap((initializer) =>
      trainingDepths.map((depth) => {
        const factor = factors[initializer] ?? 0.9;
        const outcomes: TrainingOutcome[] = [];
        const epochs = Array.from({ length: runs }, () => {
          const luck = next();
          if (2 ** -depth * depth > luck * 0.7) return push('never-moves');
          if (factor > 1 && depth > 8 + 6 * luck) return push('diverged');
          const slow = factor < 1 ? 8 * factor ** (-depth / 8) : factor > 1 ? 2 : 5.5 - depth / 25;
          const epoch = Math.max(1, Math.round(slow * (0.7 + 0.7 * luck)));
          return epoch > maxEpochs ? push('censored') : push('reached', epoch);
        });
        function push(outcome: TrainingOutcome, epoch: number | null = null): number | null {
          outcomes.push(outcome);
          return epoch;
        }
        return trainingCell(initializer, depth, epochs, outcomes);
      }),
    ),
  };
}
