/**
 * What the trainability study comes to: for every target and width how many runs succeeded, how many nets had the neurons
 * to, and the bound T(n, m). A pure function of the spec and its records, reduced in a fixed order.
 */
import { median } from '@kindling/core';
import { predictTrainability } from '@kindling/diagnostics';
import type { JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { deviationFrom, type Share, shareOf } from '../../statistics/share.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { type TrainabilityCell, trainabilityCells } from './cells.js';
import { type TrainabilitySpec, targetOf } from './spec.js';
import type { TrainabilityResult } from './trial.js';

/** One target and width. */
export interface TrainabilityPoint extends JsonObject {
  readonly target: string;
  readonly width: number;
  /** m, the neurons the target needs. */
  readonly needed: number;
  readonly runs: number;
  /** T(n, m), the probability that at least m neurons are active. */
  readonly trainability: number;
  /** Nets in which at least m neurons were active. */
  readonly active: Share;
  /** How far that share lies above T, in standard errors of the binomial law at T. */
  readonly activeDeviation: number;
  /** Runs that reached the target loss. */
  readonly success: Share;
  /** The same for the success rate. Theory allows it to be negative, and positive only by chance. */
  readonly successDeviation: number;
  /** Runs that succeeded although fewer than m neurons were active at the start. */
  readonly successesWithTooFew: number;
  readonly censored: number;
  readonly diverged: number;
  readonly neverMoves: number;
  /** Median steps of the runs that succeeded, or null. */
  readonly medianSteps: number | null;
}

/** T(n, m) of one target at every width from the least to the greatest that was tried: the line of the figure. */
export interface TrainabilityCurve extends JsonObject {
  readonly target: string;
  readonly needed: number;
  /** p_d(r), the probability that a neuron is born dead. */
  readonly deadProbability: number;
  readonly widths: readonly number[];
  readonly trainability: readonly number[];
}

/** The whole of `summary.json`. */
export interface TrainabilitySummary extends JsonObject {
  readonly study: 'trainability';
  readonly spec: TrainabilitySpec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  readonly curves: readonly TrainabilityCurve[];
  readonly points: readonly TrainabilityPoint[];
}

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeTrainability(
  spec: TrainabilitySpec,
  records: readonly TrialRecord[],
): TrainabilitySummary {
  const cells = trainabilityCells(spec);
  const groups = recordsByCell(records);
  checkComplete('trainability', cells, groups);
  return {
    study: 'trainability',
    spec: spec as TrainabilitySpec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    curves: spec.targets.map(({ name, widths }) => curveOf(spec, name, widths)),
    points: cells.map((cell) => pointOf(spec, cell, groups.get(cell.id) ?? [])),
  };
}

function curveOf(
  { radius }: TrainabilitySpec,
  name: TrainabilityCell['target'],
  tried: readonly number[],
): TrainabilityCurve {
  const { needed } = targetOf(name);
  const least = Math.min(...tried);
  const widths = Array.from({ length: Math.max(...tried) - least + 1 }, (_, i) => least + i);
  const predictions = widths.map((width) =>
    predictTrainability({ inputDimension: 1, radius, width, needed }),
  );
  return {
    target: name,
    needed,
    deadProbability: predictions[0]?.deadProbability ?? Number.NaN,
    widths,
    trainability: predictions.map(({ trainability }) => trainability),
  };
}

function pointOf(
  { radius }: TrainabilitySpec,
  { target, width }: TrainabilityCell,
  records: readonly TrialRecord[],
): TrainabilityPoint {
  const results = records.map((record) => record.result as TrainabilityResult);
  const { needed } = targetOf(target);
  const { trainability } = predictTrainability({ inputDimension: 1, radius, width, needed });
  const reached = results.filter(({ outcome }) => outcome === 'reached');
  const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
  const active = shareOf(results.filter((result) => result.active >= needed).length, results.length);
  const success = shareOf(reached.length, results.length);
  return {
    target,
    width,
    needed,
    runs: results.length,
    trainability,
    active,
    activeDeviation: deviationFrom(active, trainability),
    success,
    successDeviation: deviationFrom(success, trainability),
    successesWithTooFew: reached.filter((result) => result.active < needed).length,
    censored: count('censored'),
    diverged: count('diverged'),
    neverMoves: count('never-moves'),
    medianSteps: reached.length === 0 ? null : median(reached.map(({ steps }) => steps)),
  };
}
