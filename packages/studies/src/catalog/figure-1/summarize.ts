/** From records to `summary.json`: sort by trial, then reduce in that order, so that the bytes depend on the spec alone. */
import { InvalidArgumentError, mean, median, quantile, standardError } from '@kindling/core';
import { predictLengths } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { decodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { summarizeEpochs } from '../../training/epochs-to-accuracy.js';
import { type Figure1Cell, figure1Cells } from './cells.js';
import type { Figure1Spec } from './spec.js';
import type { Figure1Summary, LengthCell, TrainingCell } from './summary.js';
import type { LengthResult } from './trial.js';

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeFigure1(spec: Figure1Spec, records: readonly TrialRecord[]): Figure1Summary {
  checkComplete('figure-1', figure1Cells(spec), recordsByCell(records));
  return summarizePartial(spec, records);
}

/** The summary of what there is so far, for live figures; cells without a record are left out. */
export function summarizePartial(spec: Figure1Spec, records: readonly TrialRecord[]): Figure1Summary {
  const groups = recordsByCell(records);
  const lengths: LengthCell[] = [];
  const training: TrainingCell[] = [];
  for (const cell of figure1Cells(spec)) {
    const group = groups.get(cell.id);
    if (group === undefined) continue;
    if (cell.part === 'lengths') lengths.push(summarizeLengths(cell, group));
    else training.push({ initializer: cell.initializer, depth: cell.depth, ...summarizeEpochs(group) });
  }
  return {
    study: 'figure-1',
    spec: spec as Figure1Spec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    lengths,
    training,
  };
}

function summarizeLengths(cell: Figure1Cell, records: readonly TrialRecord[]): LengthCell {
  const results = records.map((record) => record.result as LengthResult);
  const lengths = results.map((result) => decodeNumber(result.length));
  const living = results
    .map((result) => decodeNumber(result.logLength))
    .filter((value) => value !== Number.NEGATIVE_INFINITY);
  const widths = new Array<number>(cell.depth + 1).fill(cell.depth);
  const predicted = predictLengths({
    widths,
    initializer: findInitializer(cell.initializer).initializer,
  }).at(-1);
  if (predicted === undefined) throw new InvalidArgumentError(`figure-1: ${cell.id} has no layer`);
  const { mean: predictedLength, relativeSecondMoment } = predicted;
  if (predictedLength === null || relativeSecondMoment === null) {
    throw new InvalidArgumentError(`figure-1: there is no formula for the lengths of ${cell.initializer}`);
  }
  const meanLength = mean(lengths);
  const predictedStandardError = predictedLength * Math.sqrt((relativeSecondMoment - 1) / lengths.length);
  return {
    initializer: cell.initializer,
    depth: cell.depth,
    trials: lengths.length,
    deadTrials: lengths.length - living.length,
    meanLength: meanLength,
    standardError: standardError(lengths),
    predictedLength,
    predictedStandardError: predictedStandardError,
    deviation: (meanLength - predictedLength) / predictedStandardError,
    meanLogLength: living.length === 0 ? null : mean(living),
    medianLength: median(lengths),
    lowerLength: quantile(lengths, 0.16),
    upperLength: quantile(lengths, 0.84),
    meanLengthVariance: mean(results.map((result) => decodeNumber(result.lengthVariance))),
  };
}
