/** From records to `summary.json`: sort by trial, then reduce in that order, so that the bytes depend on the spec alone. */
import { mean, median, portableMath, quantile, sampleVariance, standardError } from '@kindling/core';
import { decodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { summarizeEpochs } from '../../training/epochs-to-accuracy.js';
import { type Figure2Cell, figure2Cells } from './cells.js';
import { growthRow } from './growth.js';
import type { Figure2Spec } from './spec.js';
import type { Figure2Summary, ResidualLengthCell } from './summary.js';
import { type PredictedLength, predictedCurve, predictedRelativeError } from './theory.js';
import type { ResidualLengthResult } from './trial.js';

/** Above it a mean over the trials says little about the expectation. */
const largestTrustedError = 1 / 3;

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeFigure2(spec: Figure2Spec, records: readonly TrialRecord[]): Figure2Summary {
  const cells = figure2Cells(spec);
  const groups = recordsByCell(records);
  checkComplete('figure-2', cells, groups);
  const deepest = Math.max(0, ...(spec.lengths?.depths ?? []));
  const curves = new Map(
    deepest === 0 ? [] : spec.bases.map((base) => [base, predictedCurve(spec, base, deepest)]),
  );
  const lengths = cells.flatMap((cell) => {
    const predicted = curves.get(cell.base)?.[cell.modules];
    return cell.part === 'lengths' && predicted !== undefined
      ? [summarizeLengths(cell, predicted, groups.get(cell.id) ?? [])]
      : [];
  });
  return {
    study: 'figure-2',
    spec: spec as Figure2Spec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    lengths,
    growth: [...curves].map(([base, curve]) =>
      growthRow(
        spec,
        curve,
        lengths.filter((cell) => cell.base === base),
      ),
    ),
    training: cells
      .filter(({ part }) => part === 'training')
      .map(({ id, base, modules }) => ({ base, modules, ...summarizeEpochs(groups.get(id) ?? []) })),
  };
}

function summarizeLengths(
  { base, modules }: Figure2Cell,
  predicted: PredictedLength,
  records: readonly TrialRecord[],
): ResidualLengthCell {
  const logs = records.map(({ result }) => decodeNumber((result as ResidualLengthResult).logLength));
  const living = logs.filter((log) => log !== Number.NEGATIVE_INFINITY);
  const trials = logs.length;
  // Relative to the largest, which may itself be beyond f64.
  const largest = living.reduce((most, log) => Math.max(most, log), Number.NEGATIVE_INFINITY);
  const shares = logs.map((log) => (log === Number.NEGATIVE_INFINITY ? 0 : portableMath.exp(log - largest)));
  const logMean = living.length === 0 ? Number.NEGATIVE_INFINITY : largest + portableMath.log(mean(shares));
  const { exact, estimate, lower, upper } = predicted;
  const exactError = predictedRelativeError(predicted, trials);
  const relativeError = exactError ?? Math.max(standardError(shares) / mean(shares), lognormalError(living));
  return {
    base,
    modules,
    trials,
    deadTrials: trials - living.length,
    logMean,
    relativeError,
    heavyTailed: !(relativeError <= largestTrustedError),
    predictedLogMean: exact ? estimate : null,
    logLower: lower,
    logUpper: upper,
    logEstimate: estimate,
    deviation: deviationOf(logMean, { lower, upper }, relativeError, exactError !== null),
    meanLog: living.length === 0 ? null : mean(living),
    meanLogError: living.length === 0 ? null : standardError(living),
    logMedian: median(logs),
    logLow: quantile(logs, 0.16),
    logHigh: quantile(logs, 0.84),
  };
}

/** Relative standard error of the mean of as many lognormal numbers as there are logarithms, which scatter as these do. */
function lognormalError(logs: readonly number[]): number {
  const variance = logs.length < 2 ? 0 : sampleVariance(logs);
  return Math.sqrt((portableMath.exp(variance) - 1) / logs.length);
}

/** @param error of the mean, relative to the prediction when `predicted`, else to the mean */
function deviationOf(
  logMean: number,
  { lower, upper }: { readonly lower: number; readonly upper: number },
  error: number,
  predicted: boolean,
): number {
  const nearest = Math.min(upper, Math.max(lower, logMean));
  if (logMean === nearest) return 0;
  const distance = predicted
    ? portableMath.exp(logMean - nearest) - 1
    : 1 - portableMath.exp(nearest - logMean);
  return distance / error;
}
