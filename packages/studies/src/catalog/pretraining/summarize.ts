/** What the study comes to: accuracy against the number of labels for every start, and what each gains over fresh weights. */
import { decodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { type MeanInterval, meanInterval } from '../../statistics/mean-interval.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { pretrainingCells } from './cells.js';
import type { PretrainingSpec } from './spec.js';
import type { StartName } from './starts.js';
import type { PretrainingResult } from './trial.js';

/** A start and a number of labels. */
export interface PretrainingPoint extends JsonObject {
  readonly start: StartName;
  readonly labels: number;
  /** Seeds whose training broke. */
  readonly broken: number;
  /** Test accuracy over the seeds that did not break; null without any. */
  readonly accuracy: MeanInterval | null;
  /** Accuracy minus that of fresh He weights of the same seed, labels, outputs and batches; null where there is none. */
  readonly gain: MeanInterval | null;
}

/** The whole of `summary.json`. */
export interface PretrainingSummary extends JsonObject {
  readonly study: 'pretraining';
  readonly spec: PretrainingSpec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  readonly points: readonly PretrainingPoint[];
  /** Mean squared error of the pretext models, before and after; null where one broke. */
  readonly pretext: { readonly before: MeanInterval; readonly after: MeanInterval } | null;
  /** Test accuracy of nets trained on all labels of the pool, of each seed the mean. */
  readonly donors: MeanInterval | null;
}

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizePretraining(
  spec: PretrainingSpec,
  records: readonly TrialRecord[],
): PretrainingSummary {
  const cells = pretrainingCells(spec);
  const groups = recordsByCell(records);
  checkComplete('pretraining', cells, groups);
  const results = cells.flatMap(({ id }) =>
    (groups.get(id) ?? []).map(({ result }) => result as PretrainingResult),
  );
  const donors = results.flatMap(({ donorAccuracy }) =>
    donorAccuracy.length === 0
      ? []
      : [donorAccuracy.reduce((sum, value) => sum + value, 0) / donorAccuracy.length],
  );
  return {
    study: 'pretraining',
    spec: spec as PretrainingSpec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    points: spec.starts.flatMap((start) =>
      spec.labels.map((labels, index) => pointOf(results, start, labels, index)),
    ),
    pretext: pretextOf(results),
    donors: donors.length === 0 ? null : meanInterval(donors),
  };
}

function pointOf(
  results: readonly PretrainingResult[],
  start: StartName,
  labels: number,
  index: number,
): PretrainingPoint {
  const of = ({ accuracy }: PretrainingResult, name: StartName) => accuracy[name]?.[index] ?? null;
  const found = results.flatMap((result) => {
    const value = of(result, start);
    return value === null ? [] : [value];
  });
  const gains = results.flatMap((result) => {
    const [value, fresh] = [of(result, start), of(result, 'he')];
    return value === null || fresh === null || start === 'he' ? [] : [value - fresh];
  });
  return {
    ...{ start, labels, broken: results.length - found.length },
    accuracy: found.length === 0 ? null : meanInterval(found),
    gain: gains.length === 0 ? null : meanInterval(gains),
  };
}

function pretextOf(results: readonly PretrainingResult[]): PretrainingSummary['pretext'] {
  const losses = results.map(
    ({ pretextLoss: [before, after] }) => [decodeNumber(before), decodeNumber(after)] as const,
  );
  if (losses.some((pair) => !pair.every(Number.isFinite))) return null;
  return {
    before: meanInterval(losses.map(([before]) => before)),
    after: meanInterval(losses.map(([, after]) => after)),
  };
}
