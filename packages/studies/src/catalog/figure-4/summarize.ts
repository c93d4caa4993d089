/**
 * What figure 4 comes to: lengths of random convolutional nets beside the exact recursion of their mean.
 *
 * How far a mean over nets may be off has a bound. Given the layer before, the C channels of the next are independent, and by Cauchy &
 * Schwarz E[ReLU(z_p)² ReLU(z_q)²] is at most √(E[ReLU(z_p)⁴] E[ReLU(z_q)⁴]) ≤ (3/2) Var(z_p) Var(z_q) for weights whose excess kurtosis
 * is not positive. So, pixel by pixel and hence on the average,
 *
 *     E[M_d²] ≤ E[M_d]² Π (1 + 5/C_j),
 *
 * with equality for fully connected nets of Gaussian weights: a convolutional net spreads its lengths as little as one of widths C_j, or
 * less. With d/10 channels in d layers Σ 1/C_j is 10, and no affordable number of nets tells the mean. Layer by layer it can be told:
 * with circular padding E[M_j | layers before] = g_j M_{j−1}, so ρ_j = M_j/(g_j M_{j−1}) has the mean 1, its deviations are uncorrelated,
 * and their variance is at most 5/C_j.
 */
import { mean, median, portableMath, quantile, standardError } from '@kindling/core';
import { largestRelativeError, predictNetworkLengths } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import type { Figure1InitializerName } from '../../lengths/curves.js';
import { decodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { type Figure4Cell, figure4Cells } from './cells.js';
import { architectureOf, imageOf } from './nets.js';
import type { Figure4Spec } from './spec.js';
import type { Figure4Result } from './trial.js';

/** The mean of ρ_j over the nets and layers of a point; 1 in theory. A type, not an interface: summaries hold it as JSON. */
export type MeanStep = {
  readonly value: number;
  /** From the sample, whose deviations are uncorrelated: √(Var(ρ)/layers). */
  readonly standardError: number;
  /** (value − 1) / standardError. */
  readonly deviation: number;
  /** Layers that count, over all nets. */
  readonly layers: number;
};

/** One initializer and depth. */
export interface Figure4Point extends JsonObject {
  readonly initializer: Figure1InitializerName;
  readonly depth: number;
  readonly channels: number;
  readonly trials: number;
  /** Nets whose last layer is exactly zero at every pixel. They count in means, and have no logarithm. */
  readonly deadTrials: number;
  /** 1 − Π (1 − 2^−C_j): no more nets than that die in theory, as a channel is zero everywhere at most as often as at one pixel. */
  readonly deadProbabilityBound: number;
  /** E[M_d / M_0] by the recursion, and its natural logarithm. */
  readonly predictedLength: number;
  readonly logPredictedLength: number;
  /** Mean of M_d / M_0 over the nets, and the sample's own standard error, too small where the law is heavy-tailed. */
  readonly sampleMean: number;
  readonly sampleStandardError: number;
  /** Bound on the relative standard error of that mean, √((Π(1 + 5/C_j) − 1)/trials). */
  readonly relativeErrorBound: number;
  /** (sampleMean/predictedLength − 1) / relativeErrorBound where the bound is at most ½; else null: the mean says nothing. */
  readonly deviation: number | null;
  /** With circular padding; else null. */
  readonly meanStep: MeanStep | null;
  /** E[M_d/M_0] as measured: the sample mean where it says something, else by layers, meanStep^d · Π g_j; null where neither does. */
  readonly meanLength: number | null;
  readonly meanLengthError: number | null;
  /** exp of the mean of log(M_d / M_0) over the living nets, and that mean with its standard error; null when none lives. */
  readonly typicalLength: number | null;
  readonly meanLogLength: number | null;
  readonly meanLogStandardError: number | null;
  readonly medianLength: number;
  /** 16 % and 84 % points of M_d / M_0. */
  readonly lowerLength: number;
  readonly upperLength: number;
}

/** The whole of `summary.json`. */
export interface Figure4Summary extends JsonObject {
  readonly study: 'figure-4';
  readonly spec: Figure4Spec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  readonly points: readonly Figure4Point[];
}

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeFigure4(spec: Figure4Spec, records: readonly TrialRecord[]): Figure4Summary {
  const cells = figure4Cells(spec);
  const groups = recordsByCell(records);
  checkComplete('figure-4', cells, groups);
  return {
    study: 'figure-4',
    spec: spec as Figure4Spec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    points: cells.map((cell) => pointOf(spec, cell, groups.get(cell.id) ?? [])),
  };
}

function pointOf(spec: Figure4Spec, cell: Figure4Cell, records: readonly TrialRecord[]): Figure4Point {
  const { initializer, depth, channels } = cell;
  const results = records.map(({ result }) => result as Figure4Result);
  const lengths = results.map(({ length }) => decodeNumber(length));
  const living = results
    .map(({ logLength }) => decodeNumber(logLength))
    .filter((value) => value !== Number.NEGATIVE_INFINITY);
  const trials = lengths.length;
  const predicted = predictNetworkLengths({
    architecture: architectureOf(spec, cell),
    initializer: findInitializer(initializer).initializer,
    input: imageOf(spec),
  }).at(-1);
  const logPredictedLength = predicted?.logMean ?? Number.NaN;
  const predictedLength = predicted?.mean ?? Number.NaN;
  const relativeErrorBound = Math.sqrt(
    (portableMath.exp(depth * portableMath.log(1 + 5 / channels)) - 1) / trials,
  );
  const sampleMean = mean(lengths);
  const told = relativeErrorBound <= largestRelativeError;
  const meanStep = spec.padding === 'circular' ? meanStepOf(results) : null;
  const byLayers =
    meanStep === null || !(meanStep.value > 0)
      ? null
      : portableMath.exp(logPredictedLength + depth * portableMath.log(meanStep.value));
  const meanLength = told ? sampleMean : byLayers;
  return {
    initializer,
    depth,
    channels,
    trials,
    deadTrials: trials - living.length,
    deadProbabilityBound: 1 - portableMath.exp(depth * portableMath.log(1 - powerOfHalf(channels))),
    predictedLength,
    logPredictedLength,
    sampleMean,
    sampleStandardError: standardError(lengths),
    relativeErrorBound,
    deviation: told ? (sampleMean / predictedLength - 1) / relativeErrorBound : null,
    meanStep,
    meanLength,
    meanLengthError:
      meanLength === null
        ? null
        : told
          ? predictedLength * relativeErrorBound
          : meanLength * depth * (meanStep?.standardError ?? 0),
    typicalLength: living.length === 0 ? null : portableMath.exp(mean(living)),
    meanLogLength: living.length === 0 ? null : mean(living),
    meanLogStandardError: living.length === 0 ? null : standardError(living),
    medianLength: median(lengths),
    lowerLength: quantile(lengths, 0.16),
    upperLength: quantile(lengths, 0.84),
  };
}

function meanStepOf(results: readonly Figure4Result[]): MeanStep {
  let layers = 0;
  let sum = 0;
  let squares = 0;
  for (const { steps, stepSum, stepSquares } of results) {
    layers += steps;
    sum += decodeNumber(stepSum);
    squares += decodeNumber(stepSquares);
  }
  const value = sum / layers;
  const error = Math.sqrt(Math.max(0, squares / layers - value * value) / layers);
  return { value, standardError: error, deviation: (value - 1) / error, layers };
}

/** 2^−n. */
function powerOfHalf(n: number): number {
  let power = 1;
  for (let i = 0; i < n; i++) power /= 2;
  return power;
}
