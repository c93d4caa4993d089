/** What the study comes to: steps to two accuracies of every grid point, and how they compare with He's over all depths. */
import { deriveKey, mean, median, portableMath, type RandomKey, rootKey } from '@kindling/core';
import type { JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { bootstrapEstimates, type Estimate } from '../../statistics/bootstrap.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { initializationsOf, type LawInitCell, lawInitCells } from './cells.js';
import type { LawFamilyName } from './families.js';
import type { LawInitName } from './initializations.js';
import type { LawInitSpec } from './spec.js';
import { initSteps, type LawInitResult } from './trial.js';

/** Purpose of the keys of intervals: "rati" in ASCII; none of the tree's own. */
const comparing = 0x72_61_74_69;
const resamples = 2000;

/** Steps to an accuracy over the runs of a grid point. */
export interface StepsTo extends JsonObject {
  /** First of the steps looked at with the accuracy, by run; null where there was none. */
  readonly steps: readonly (number | null)[];
  /** Their median, runs that never came there counted as longer than any; null when that is it. */
  readonly median: number | null;
}

/** One grid point. */
export interface LawInitPoint extends JsonObject {
  readonly family: LawFamilyName;
  readonly depth: number;
  /** Null for He. */
  readonly initialization: LawInitName | null;
  /** Index of the law's task; null for He. */
  readonly task: number | null;
  readonly runs: number;
  readonly diverged: number;
  /** To `startAccuracy`, and to the family's goal. */
  readonly start: StepsTo;
  readonly goal: StepsTo;
  /** Means over the runs: before the first step, and after the last (runs that diverged count as chance, 1/classes). */
  readonly firstAccuracy: number;
  readonly lastAccuracy: number;
  readonly lawNets: number;
  readonly lawAccuracy: number | null;
}

/** One way to draw from one law, against He over all depths of a family. */
export interface LawInitComparison extends JsonObject {
  readonly family: LawFamilyName;
  readonly initialization: LawInitName;
  readonly task: number;
  /** Geometric means of steps over He's; below 1 is faster. Runs that never came there count with the last step. */
  readonly start: Estimate;
  readonly goal: Estimate;
  /** Difference of mean test accuracies before the first step. */
  readonly firstAccuracy: Estimate;
}

/** The whole of `summary.json`. */
export interface LawInitSummary extends JsonObject {
  readonly study: 'law-init';
  readonly spec: LawInitSpec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  readonly lastStep: number;
  /** Test accuracy that is the goal, by family of the spec. */
  readonly goals: readonly number[];
  readonly points: readonly LawInitPoint[];
  readonly comparisons: readonly LawInitComparison[];
}

/** A grid point with its records. */
interface Group {
  readonly cell: LawInitCell;
  readonly results: readonly LawInitResult[];
}

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeLawInit(spec: LawInitSpec, records: readonly TrialRecord[]): LawInitSummary {
  const cells = lawInitCells(spec);
  const byCell = recordsByCell(records);
  checkComplete('law-init', cells, byCell);
  const groups = cells.map(
    (cell): Group => ({
      cell,
      results: (byCell.get(cell.id) ?? []).map(({ result }) => result as LawInitResult),
    }),
  );
  const goals = spec.families.map((family) => goalOf(spec, groups, family));
  const steps = initSteps(spec);
  const points = groups.map((group) =>
    pointOf(spec, group, steps, goals[spec.families.indexOf(group.cell.family)] ?? 1),
  );
  return {
    study: 'law-init',
    spec: spec as LawInitSpec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    lastStep: steps.at(-1) ?? 0,
    goals,
    points,
    comparisons: compare(spec, points, groups, steps.at(-1) ?? 1),
  };
}

/** A share of the best mean accuracy that He's nets of any depth reach at any step. */
function goalOf({ goalShare }: LawInitSpec, groups: readonly Group[], family: LawFamilyName): number {
  const best = groups.flatMap(({ cell, results }) =>
    cell.family === family && cell.origin.kind === 'he'
      ? [mean(results.map(({ testAccuracy }) => Math.max(...testAccuracy)))]
      : [],
  );
  return goalShare * Math.max(...best);
}

function pointOf(
  spec: LawInitSpec,
  { cell, results }: Group,
  steps: readonly number[],
  goal: number,
): LawInitPoint {
  const { family, depth, origin } = cell;
  const to = (accuracy: number): StepsTo => {
    const reached = results.map(({ testAccuracy }) => {
      const index = testAccuracy.findIndex((value) => value >= accuracy);
      return steps[index] ?? null;
    });
    const middle = median(reached.map((step) => step ?? Number.POSITIVE_INFINITY));
    return { steps: reached, median: Number.isFinite(middle) ? middle : null };
  };
  const chance = 1 / (spec.sources[0]?.classes ?? 1);
  return {
    family,
    depth,
    initialization: origin.kind === 'he' ? null : origin.name,
    task: origin.kind === 'he' ? null : spec.tasks.indexOf(origin.task),
    runs: results.length,
    diverged: results.filter(({ testAccuracy }) => testAccuracy.length < steps.length).length,
    start: to(spec.startAccuracy),
    goal: to(goal),
    firstAccuracy: mean(results.map(({ testAccuracy }) => testAccuracy[0] ?? chance)),
    lastAccuracy: mean(results.map(({ testAccuracy }) => testAccuracy[steps.length - 1] ?? chance)),
    lawNets: results[0]?.lawNets ?? 0,
    lawAccuracy: results[0]?.lawAccuracy ?? null,
  };
}

function compare(
  spec: LawInitSpec,
  points: readonly LawInitPoint[],
  groups: readonly Group[],
  lastStep: number,
): readonly LawInitComparison[] {
  const key = deriveKey(rootKey(spec.seed), comparing);
  // Step 0 has no logarithm; to be there before the first step counts as half a step.
  const logs = ({ steps }: StepsTo) => steps.map((step) => portableMath.log(Math.max(0.5, step ?? lastStep)));
  let index = 0;
  return spec.families.flatMap((family) =>
    spec.tasks.flatMap((_, task) =>
      initializationsOf(spec, family).map((initialization): LawInitComparison => {
        const own = points.flatMap((point, i) =>
          point.family === family &&
          (point.initialization === null || (point.initialization === initialization && point.task === task))
            ? [{ point, results: groups[i]?.results ?? [] }]
            : [],
        );
        const [he, law] = [true, false].map((isHe) =>
          own.filter(({ point }) => (point.initialization === null) === isHe),
        ) as [typeof own, typeof own];
        const resampleKey = deriveKey(key, comparing, index++);
        const ratio = (threshold: 'start' | 'goal') =>
          geometricRatio(
            law.map(({ point }) => logs(point[threshold])),
            he.map(({ point }) => logs(point[threshold])),
            resampleKey,
          );
        const first = ({ results }: (typeof own)[number]) =>
          results.map(({ testAccuracy }) => testAccuracy[0] ?? 0);
        return {
          family,
          initialization,
          task,
          start: ratio('start'),
          goal: ratio('goal'),
          firstAccuracy: difference(law.map(first), he.map(first), resampleKey),
        };
      }),
    ),
  );
}

type Groups = readonly (readonly number[])[];

/** Mean over depths of the difference of means, by the groups of two ways. */
function difference(ours: Groups, theirs: Groups, key: RandomKey): Estimate {
  const [estimate] = bootstrapEstimates(
    [...ours, ...theirs],
    (groups) => [mean(ours.map((_, i) => mean(groups[i] ?? []) - mean(groups[ours.length + i] ?? [])))],
    { key, resamples },
  );
  return estimate ?? { value: Number.NaN, low: null, high: null };
}

function geometricRatio(ours: Groups, theirs: Groups, key: RandomKey): Estimate {
  const { value, low, high } = difference(ours, theirs, key);
  const exp = (log: number | null) => (log === null ? null : portableMath.exp(log));
  return { value: portableMath.exp(value), low: exp(low), high: exp(high) };
}
