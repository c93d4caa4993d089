/** What the quine study comes to: of every method the course of L and of ρ = L/Σθ² over the runs. Pure. */
import { median } from '@kindling/core';
import { decodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { type QuineCell, quineCells } from './cells.js';
import { quineParameters } from './quine-net.js';
import type { QuineSpec } from './spec.js';
import { predictQuineStart } from './theory.js';
import type { QuineResult } from './trial.js';

/** Median over the runs, with the least and the most. */
export type Spread = { readonly median: number; readonly least: number; readonly most: number };

/** One method. A run that diverged counts as infinite. */
export interface QuineCourse extends JsonObject {
  readonly method: string;
  readonly runs: number;
  readonly diverged: number;
  /** L and ρ at every report, over the runs. */
  readonly losses: readonly Spread[];
  readonly ratios: readonly Spread[];
  /** Least L of a run, and the epoch of it. */
  readonly bestLoss: Spread;
  readonly bestEpoch: number;
  /** At the end. */
  readonly norm: Spread;
  readonly cosine: Spread;
  readonly meanShare: Spread;
  /** L over the sum of squares about the mean of the parameters: what ρ is of the part that is not one constant. */
  readonly centeredRatio: Spread;
}

/** The whole of `summary.json`. */
export interface QuineSummary extends JsonObject {
  readonly study: 'quine';
  readonly spec: QuineSpec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  readonly parameters: number;
  /** Theory's mean of L and Σθ² before the first step, and the measured mean of L over all nets of the study that stand alone. */
  readonly predictedLoss: number;
  readonly predictedNorm: number;
  readonly firstLoss: number;
  readonly firstNets: number;
  /** Epochs of the reports. */
  readonly epochs: readonly number[];
  readonly courses: readonly QuineCourse[];
}

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeQuine(spec: QuineSpec, records: readonly TrialRecord[]): QuineSummary {
  const cells = quineCells(spec);
  const groups = recordsByCell(records);
  checkComplete('quine', cells, groups);
  const start = predictQuineStart(spec.width);
  const resultsOf = (cell: QuineCell) =>
    (groups.get(cell.id) ?? []).map((record) => record.result as QuineResult);
  // A negative net's first loss has the same law: the sign of w₃ is as likely either way.
  const first = cells
    .filter(({ method }) => method.nets === 1)
    .flatMap((cell) => resultsOf(cell).map(({ losses }) => valueAt(losses, 0)));
  const epochs = reportedEpochs(spec);
  return {
    study: 'quine',
    spec: spec as QuineSpec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    parameters: quineParameters(spec.width),
    predictedLoss: start.loss,
    predictedNorm: start.norm,
    firstLoss: first.length === 0 ? 0 : first.reduce((sum, loss) => sum + loss, 0) / first.length,
    firstNets: first.length,
    epochs,
    courses: cells.map((cell) => courseOf(cell, resultsOf(cell), epochs)),
  };
}

/** Epoch 0, every report, and the last epoch. */
function reportedEpochs({ epochs, reportEvery }: QuineSpec): readonly number[] {
  const regular = Array.from({ length: Math.floor(epochs / reportEvery) + 1 }, (_, i) => i * reportEvery);
  return epochs % reportEvery === 0 ? regular : [...regular, epochs];
}

function courseOf(
  { method }: QuineCell,
  results: readonly QuineResult[],
  epochs: readonly number[],
): QuineCourse {
  const last = epochs.length - 1;
  const ratioAt = ({ losses, norms }: QuineResult, i: number) =>
    bounded(valueAt(losses, i) / valueAt(norms, i));
  const bests = results.map(({ losses }) => {
    let best = 0;
    for (let i = 1; i < epochs.length; i++) if (valueAt(losses, i) < valueAt(losses, best)) best = i;
    return { loss: valueAt(losses, best), epoch: epochs[best] ?? 0 };
  });
  const spread = (of: (result: QuineResult) => number) => spreadOf(results.map(of));
  return {
    method: method.name,
    runs: results.length,
    diverged: results.filter(({ outcome }) => outcome === 'diverged').length,
    losses: epochs.map((_, i) => spread(({ losses }) => valueAt(losses, i))),
    ratios: epochs.map((_, i) => spread((result) => ratioAt(result, i))),
    bestLoss: spreadOf(bests.map(({ loss }) => loss)),
    bestEpoch: median(bests.map(({ epoch }) => epoch)),
    norm: spread(({ norms }) => valueAt(norms, last)),
    cosine: spread(({ cosines }) => decodeNumber(cosines[last] ?? 0)),
    meanShare: spread(({ meanShares }) => decodeNumber(meanShares[last] ?? 0)),
    centeredRatio: spread((result) => {
      const share = decodeNumber(result.meanShares[last] ?? 0);
      return bounded(ratioAt(result, last) / (1 - share));
    }),
  };
}

/** A report; where a search had diverged before it, infinity. */
function valueAt(values: QuineResult['losses'], report: number): number {
  return bounded(decodeNumber(values[report] ?? 'Infinity'));
}

function bounded(value: number): number {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

function spreadOf(values: readonly number[]): Spread {
  const finite = values.filter((value) => !Number.isNaN(value));
  if (finite.length === 0) return { median: 0, least: 0, most: 0 };
  return { median: median(finite), least: Math.min(...finite), most: Math.max(...finite) };
}
