/** What the synthesis study comes to: errors by method and width, and how often training reached zero loss. Pure. */
import { mean, median } from '@kindling/core';
import { decodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { type Share, shareOf } from '../../statistics/share.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { type SynthesisCell, synthesisCells } from './cells.js';
import type { SynthesisSpec } from './spec.js';
import type { CapacityResult, FitResult } from './trial.js';

/** Median over the runs, with the least and the most. */
export type Spread = { readonly median: number; readonly least: number; readonly most: number };

/** Nets of one task, method and width. */
export interface SynthesisFit extends JsonObject {
  /** The function's name, or the data set's. */
  readonly task: string;
  readonly images: boolean;
  readonly method: string;
  readonly width: number;
  readonly runs: number;
  /** Root mean square of a function's; share of images that is wrong. */
  readonly trainError: Spread;
  readonly testError: Spread;
  readonly operations: number;
}

/** Trainings of one width. */
export interface CapacityPoint extends JsonObject {
  readonly data: string;
  readonly width: number;
  /** Trainings that came to zero loss. */
  readonly reached: Share;
  /** Kinks that the data force, on average over the draws. */
  readonly meanNeeded: number;
  /** Draws whose data force more kinks than the net has units: zero loss is impossible. And how many of them came to it all the same. */
  readonly impossible: number;
  readonly reachedImpossible: number;
}

/** The whole of `summary.json`. */
export interface SynthesisSummary extends JsonObject {
  readonly study: 'synthesis';
  readonly spec: SynthesisSpec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  readonly fits: readonly SynthesisFit[];
  readonly capacity: readonly CapacityPoint[];
}

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeSynthesis(spec: SynthesisSpec, records: readonly TrialRecord[]): SynthesisSummary {
  const cells = synthesisCells(spec);
  const groups = recordsByCell(records);
  checkComplete('synthesis', cells, groups);
  const resultsOf = <Result extends JsonObject>(cell: SynthesisCell) =>
    (groups.get(cell.id) ?? []).map(({ result }) => result as Result);
  return {
    study: 'synthesis',
    spec: spec as SynthesisSpec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    fits: cells.flatMap((cell) => fitOf(spec, cell, resultsOf<FitResult>(cell))),
    capacity: cells.flatMap((cell) => capacityOf(cell, resultsOf<CapacityResult>(cell))),
  };
}

function fitOf(
  { data }: SynthesisSpec,
  { task, width, operations }: SynthesisCell,
  results: readonly FitResult[],
): readonly SynthesisFit[] {
  if (task.part === 'capacity') return [];
  const images = task.part === 'images';
  return [
    {
      task: images ? data.name : task.target,
      images,
      method: task.method,
      width,
      runs: results.length,
      trainError: spreadOf(results.map(({ trainError }) => decodeNumber(trainError))),
      testError: spreadOf(results.map(({ testError }) => decodeNumber(testError))),
      operations,
    },
  ];
}

function capacityOf(
  { task, width }: SynthesisCell,
  results: readonly CapacityResult[],
): readonly CapacityPoint[] {
  if (task.part !== 'capacity') return [];
  const impossible = results.filter(({ neededKinks }) => neededKinks > width);
  const count = (some: readonly CapacityResult[]) => some.filter(({ reached }) => reached).length;
  return [
    {
      data: task.data,
      width,
      reached: shareOf(count(results), results.length),
      meanNeeded: mean(results.map(({ neededKinks }) => neededKinks)),
      impossible: impossible.length,
      reachedImpossible: count(impossible),
    },
  ];
}

/** A net that diverged counts as infinite. */
function spreadOf(errors: readonly number[]): Spread {
  const values = errors.map((error) => (Number.isNaN(error) ? Number.POSITIVE_INFINITY : error));
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}
