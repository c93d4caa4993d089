/** What the verdict study comes to: verdict beside outcome for every net, and how often they agree. */
import { median } from '@kindling/core';
import type { VerdictCode } from '@kindling/diagnostics';
import type { JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { type Share, shareOf } from '../../statistics/share.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { type Agreement, agreementOf } from './agreement.js';
import { verdictAgreementCells } from './cells.js';
import type { VerdictAgreementSpec } from './spec.js';
import type { TrainingResult, VerdictResult } from './trial.js';

/** One net of the grid. */
export interface VerdictPoint extends JsonObject {
  readonly initializer: string;
  readonly width: number;
  readonly depth: number;
  readonly verdict: VerdictCode;
  readonly verdicts: readonly VerdictCode[];
  /** Share of random nets that the diagnosis expects to start. */
  readonly startingShare: number;
  readonly runs: number;
  readonly reached: number;
  readonly censored: number;
  readonly diverged: number;
  readonly neverMoves: number;
  /** Of the runs that reached the target; null when none did. */
  readonly medianEpochs: number | null;
  /** Half of the runs or more reached the target. */
  readonly started: boolean;
  /** The verdict says so too. */
  readonly agrees: boolean;
}

/** One verdict, as the main one of some nets. */
export interface VerdictRow extends JsonObject {
  readonly verdict: VerdictCode;
  readonly nets: number;
  /** Nets most of whose runs did not start. */
  readonly netsFailed: number;
  /** Runs that did not start. */
  readonly runsFailed: Share;
}

/** Nets by the share that was expected to start. */
export interface CalibrationRow extends JsonObject {
  readonly from: number;
  readonly to: number;
  /** Mean expected share of the nets in the range. */
  readonly expected: number;
  readonly started: Share;
}

/** The whole of `summary.json`. */
export interface VerdictAgreementSummary extends JsonObject {
  readonly study: 'verdict-agreement';
  readonly spec: VerdictAgreementSpec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  /** Verdict against the majority of a net's runs. */
  readonly nets: Agreement;
  /** Verdict against every run. */
  readonly runs: Agreement;
  readonly verdicts: readonly VerdictRow[];
  readonly calibration: readonly CalibrationRow[];
  readonly points: readonly VerdictPoint[];
}

/** Ends of the ranges of expected shares. */
const ranges = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const;

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeVerdictAgreement(
  spec: VerdictAgreementSpec,
  records: readonly TrialRecord[],
): VerdictAgreementSummary {
  const cells = verdictAgreementCells(spec);
  const groups = recordsByCell(records);
  checkComplete('verdict-agreement', cells, groups);
  const points = cells
    .filter(({ part }) => part === 'training')
    .map(({ id, initializer, width, depth }): VerdictPoint => {
      const verdict = groups.get(id.replace('training/', 'verdict/'))?.[0]?.result as VerdictResult;
      const results = (groups.get(id) ?? []).map(({ result }) => result as TrainingResult);
      const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
      const epochs = results.filter(({ outcome }) => outcome === 'reached').map((result) => result.epochs);
      const started = 2 * epochs.length >= results.length;
      return {
        initializer,
        width,
        depth,
        verdict: verdict.verdict,
        verdicts: verdict.verdicts,
        startingShare: verdict.startingShare,
        runs: results.length,
        reached: epochs.length,
        censored: count('censored'),
        diverged: count('diverged'),
        neverMoves: count('never-moves'),
        medianEpochs: epochs.length === 0 ? null : median(epochs),
        started,
        agrees: started === (verdict.verdict === 'starts'),
      };
    });
  return {
    study: 'verdict-agreement',
    spec: spec as VerdictAgreementSpec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    nets: agreementOf(points.map(({ verdict, started }) => ({ predicted: verdict === 'starts', started }))),
    runs: agreementOf(
      points.flatMap(({ verdict, reached, runs }) => {
        const predicted = verdict === 'starts';
        return [
          { predicted, started: true, count: reached },
          { predicted, started: false, count: runs - reached },
        ];
      }),
    ),
    verdicts: verdictRows(points),
    calibration: calibrationRows(points),
    points,
  };
}

function verdictRows(points: readonly VerdictPoint[]): readonly VerdictRow[] {
  return [...new Set(points.map(({ verdict }) => verdict))].sort().map((verdict) => {
    const own = points.filter((point) => point.verdict === verdict);
    return {
      verdict,
      nets: own.length,
      netsFailed: own.filter(({ started }) => !started).length,
      runsFailed: shareOf(
        sum(own, ({ runs, reached }) => runs - reached),
        sum(own, ({ runs }) => runs),
      ),
    };
  });
}

function calibrationRows(points: readonly VerdictPoint[]): readonly CalibrationRow[] {
  return ranges.slice(1).flatMap((to, index) => {
    const from = ranges[index] ?? 0;
    const own = points.filter(
      ({ startingShare: share }) => share >= from && (share < to || (to === 1 && share <= 1)),
    );
    if (own.length === 0) return [];
    const expected = sum(own, ({ startingShare }) => startingShare) / own.length;
    const started = shareOf(
      sum(own, ({ reached }) => reached),
      sum(own, ({ runs }) => runs),
    );
    return [{ from, to, expected, started }];
  });
}

function sum(points: readonly VerdictPoint[], value: (point: VerdictPoint) => number): number {
  return points.reduce((total, point) => total + value(point), 0);
}
