/**
 * What the data-dependent study comes to: for every regression and initializer the course of the loss over the runs, and how
 * many neurons were dead on the data. A pure function of the spec and its records.
 */
import { mean, median, quantile } from '@kindling/core';
import { predictDeadProbability } from '@kindling/diagnostics';
import { comparedInitializer } from '../../regression/compared-initializers.js';
import { decodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { type DataDependentCell, dataDependentCells } from './cells.js';
import type { DataDependentSpec } from './spec.js';
import type { DataDependentResult } from './trial.js';

/** One regression and initializer. */
export interface DataDependentCurve extends JsonObject {
  readonly target: string;
  readonly initializer: string;
  readonly points: number;
  readonly width: number;
  readonly runs: number;
  /** Neurons that were dead on the data at the start, over all runs. */
  readonly bornDead: number;
  /** All neurons, over all runs. */
  readonly neurons: number;
  /** Probability that a neuron is born dead on the interval; null where there is no formula. */
  readonly predictedDead: number | null;
  /** Mean share of neurons dead on the data after the last epoch. */
  readonly meanDeadAtEnd: number;
  readonly diverged: number;
  /** Epochs at which the loss was recorded. */
  readonly epochs: readonly number[];
  /** Median of the loss over the runs at each of them; a run that has diverged counts as infinite. */
  readonly medianLoss: readonly number[];
  /** 16 % and 84 % points of it: where two thirds of the runs lie. */
  readonly lowerLoss: readonly number[];
  readonly upperLoss: readonly number[];
}

/** The whole of `summary.json`. */
export interface DataDependentSummary extends JsonObject {
  readonly study: 'data-dependent';
  readonly spec: DataDependentSpec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  readonly curves: readonly DataDependentCurve[];
}

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeDataDependent(
  spec: DataDependentSpec,
  records: readonly TrialRecord[],
): DataDependentSummary {
  const cells = dataDependentCells(spec);
  const groups = recordsByCell(records);
  checkComplete('data-dependent', cells, groups);
  return {
    study: 'data-dependent',
    spec: spec as DataDependentSpec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    curves: cells.map((cell) => curveOf(spec, cell, groups.get(cell.id) ?? [])),
  };
}

/** Epoch 0, every report, and the last epoch. */
export function reportedEpochs({ epochs, reportEvery }: DataDependentSpec): readonly number[] {
  const regular = Array.from({ length: Math.floor(epochs / reportEvery) + 1 }, (_, i) => i * reportEvery);
  return epochs % reportEvery === 0 ? regular : [...regular, epochs];
}

function curveOf(
  spec: DataDependentSpec,
  { target, initializer, inputs }: DataDependentCell,
  records: readonly TrialRecord[],
): DataDependentCurve {
  const { name, points, width } = target;
  const results = records.map((record) => record.result as DataDependentResult);
  const epochs = reportedEpochs(spec);
  const columns = epochs.map((_, i) => results.map((result) => lossAt(result, i)));
  return {
    target: name,
    initializer,
    points,
    width,
    runs: results.length,
    bornDead: results.reduce((sum, { bornDead }) => sum + bornDead, 0),
    neurons: results.length * width,
    predictedDead: predictedDead(spec, initializer, inputs),
    meanDeadAtEnd: mean(results.map(({ deadAtEnd }) => deadAtEnd / width)),
    diverged: results.filter(({ outcome }) => outcome === 'diverged').length,
    epochs,
    medianLoss: columns.map(median),
    lowerLoss: columns.map((losses) => quantile(losses, 0.16)),
    upperLoss: columns.map((losses) => quantile(losses, 0.84)),
  };
}

/** A training that ended early has diverged, or can never move again and keeps its loss. */
function lossAt({ losses, outcome }: DataDependentResult, report: number): number {
  const value = decodeNumber(
    losses[report] ?? (outcome === 'diverged' ? 'Infinity' : (losses.at(-1) ?? 'NaN')),
  );
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

/**
 * On an interval whose ends are data a neuron is dead on the data when it is dead on the interval. For more inputs the formula
 * is that of a ball, and the points are a grid in a square. Without biases every neuron is active on one side of zero.
 */
function predictedDead(
  { radius }: DataDependentSpec,
  initializer: DataDependentCell['initializer'],
  inputs: number,
): number | null {
  const { initializer: law } = comparedInitializer(initializer);
  if (law.kind === 'data-dependent') return 0;
  if (law.kind !== 'layerwise') return null;
  if (law.biases.kind === 'zeros') return 0;
  return inputs === 1 ? predictDeadProbability({ inputDimension: 1, radius }) : null;
}
