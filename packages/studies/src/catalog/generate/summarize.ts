/** What the study comes to: of every way to make parameters its accuracy, and how far from the checkpoints it ends. */
import { mean, median, quantile } from '@kindling/core';
import type { JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { type MeanInterval, meanInterval } from '../../statistics/mean-interval.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { generateCells } from './cells.js';
import { type CheckpointFamily, type GeneratorName, generators, generatorsOf } from './generators.js';
import type { GenerateSpec } from './spec.js';
import type { GenerateResult } from './trial.js';

/** One way to make parameters, over the sets of checkpoints. */
export interface DrawnPoint extends JsonObject {
  readonly generator: GeneratorName;
  /** Of each set the mean test accuracy of what was drawn, over the sets. */
  readonly accuracy: MeanInterval;
  /** The least and the largest accuracy of all that was drawn. */
  readonly least: number;
  readonly largest: number;
  /**
   * Distance to the nearest checkpoint in proportion to the median distance of a checkpoint to the nearest other, in the same
   * order of units; of each set the median, over the sets. 1: as far as another checkpoint; 0: a copy.
   */
  readonly distance: MeanInterval;
  /** Share of the test images answered otherwise than by the checkpoint that answers most alike; of each set the mean. */
  readonly differing: MeanInterval;
  /** Accuracy minus that of the checkpoints of the same set. */
  readonly loss: MeanInterval;
}

/** One family and width. */
export interface GeneratePoint extends JsonObject {
  readonly family: CheckpointFamily;
  readonly hidden: number;
  /** Sets whose trainings stayed finite; the rest is over these. */
  readonly sets: number;
  /** Sets in which a training broke. */
  readonly broken: number;
  /** Mean test accuracy of the checkpoints; null without a set. */
  readonly trained: MeanInterval | null;
  /** The least and the largest accuracy of all checkpoints; null without a set. */
  readonly trainedRange: readonly [number, number] | null;
  /** Distance of a checkpoint to the nearest other, over that of the median pair. */
  readonly nearestOverPairs: MeanInterval | null;
  /** By what matching shortens the median distance of two checkpoints; null for one training. */
  readonly matching: MeanInterval | null;
  /** Share of the test images that a checkpoint answers otherwise than the most alike other; median of each set. */
  readonly differing: MeanInterval | null;
  readonly drawn: readonly DrawnPoint[];
}

/** The whole of `summary.json`. */
export interface GenerateSummary extends JsonObject {
  readonly study: 'generate';
  readonly spec: GenerateSpec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  readonly points: readonly GeneratePoint[];
}

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeGenerate(spec: GenerateSpec, records: readonly TrialRecord[]): GenerateSummary {
  const cells = generateCells(spec);
  const groups = recordsByCell(records);
  checkComplete('generate', cells, groups);
  return {
    study: 'generate',
    spec: spec as GenerateSpec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    points: cells.map(({ id, family, hidden }) => {
      const results = (groups.get(id) ?? []).map(({ result }) => result as GenerateResult);
      const sets = results.filter(({ trained }) => trained);
      return pointOf({ family, hidden, sets: sets.length, broken: results.length - sets.length }, sets);
    }),
  };
}

type PointCounts = {
  readonly family: CheckpointFamily;
  readonly hidden: number;
  readonly sets: number;
  readonly broken: number;
};

function pointOf(counts: PointCounts, sets: readonly GenerateResult[]): GeneratePoint {
  const { family } = counts;
  if (sets.length === 0) {
    return {
      ...counts,
      trained: null,
      trainedRange: null,
      nearestOverPairs: null,
      matching: null,
      differing: null,
      drawn: [],
    };
  }
  const over = (value: (set: GenerateResult) => number) => meanInterval(sets.map(value));
  const accuracies = sets.flatMap(({ accuracy }) => accuracy);
  const shortened = ({ distances, matchedDistances }: GenerateResult) =>
    (matchedDistances?.pairs ?? Number.NaN) / (distances?.pairs ?? Number.NaN);
  return {
    ...counts,
    trained: over(({ accuracy }) => mean(accuracy)),
    trainedRange: [quantile(accuracies, 0), quantile(accuracies, 1)],
    nearestOverPairs: over(({ distances }) => (distances?.nearest ?? 0) / (distances?.pairs ?? 0)),
    matching: family === 'seeds' ? over(shortened) : null,
    differing: over(({ differing }) => differing ?? Number.NaN),
    drawn: generatorsOf(family).map((generator) => drawnPoint(generator, sets)),
  };
}

function drawnPoint(generator: GeneratorName, sets: readonly GenerateResult[]): DrawnPoint {
  const { matched } = generators[generator];
  const of = ({ drawn }: GenerateResult) => drawn[generator] ?? { accuracy: [], nearest: [], differing: [] };
  const all = sets.flatMap((set) => of(set).accuracy);
  const reference = ({ distances, matchedDistances }: GenerateResult) =>
    (matched ? matchedDistances : distances)?.nearest ?? Number.NaN;
  return {
    generator,
    accuracy: meanInterval(sets.map((set) => mean(of(set).accuracy))),
    least: quantile(all, 0),
    largest: quantile(all, 1),
    distance: meanInterval(sets.map((set) => median(of(set).nearest) / reference(set))),
    differing: meanInterval(sets.map((set) => mean(of(set).differing))),
    loss: meanInterval(sets.map((set) => mean(of(set).accuracy) - mean(set.accuracy))),
  };
}
