/**
 * How well one number of a net foretells its epochs: by one monotone curve for all width patterns, judged on the pattern that
 * the curve has not seen. If epochs depend on S = Σ 1/n_j alone, curves of other patterns foretell a pattern's epochs as well
 * as its own runs do, and depth, which patterns of equal depth share whatever their S, does worse.
 */
import { deriveKey, keyPurpose, mean, portableMath, type RandomKey, rootKey } from '@kindling/core';
import type { TrainingOutcome } from '@kindling/trainer';
import { bootstrapEstimates, type Estimate } from '../../statistics/bootstrap.js';
import { isotonicFit } from '../../statistics/isotonic.js';

/** Resamples behind the intervals. */
const resamples = 1000;

/** One grid point with the epochs of its runs. */
export interface CollapseCell {
  readonly pattern: string;
  readonly depth: number;
  readonly sumReciprocalWidths: number;
  /** Of every run; null where it did not reach the target. */
  readonly epochs: readonly (number | null)[];
  readonly outcomes: readonly TrainingOutcome[];
}

/** What foretells the epochs. A type, not an interface: summaries hold it as JSON. */
export type Collapse = {
  /** R² of S, of depth, and by how much that of S is greater. */
  readonly bySum: Estimate;
  readonly byDepth: Estimate;
  readonly advantage: Estimate;
  /** R² of the other runs of the same grid point: what no number of a net can much exceed. Null with one run a point. */
  readonly byOwnRuns: number | null;
  /** Share of the living runs that did not reach the target, and so count as the cap. */
  readonly censoredShare: number;
  /** Runs that could never move: dead nets, which Σ 2^−n_j decides and not S. They are left out. */
  readonly deadRuns: number;
};

/** Epochs of one pattern in proportion to another's at equal depth. A type, not an interface: summaries hold it as JSON. */
export type PatternRatio = {
  readonly pattern: string;
  readonly reference: string;
  /** Depths that count: the median of neither pattern is beyond the cap. */
  readonly depths: readonly number[];
  /** Geometric mean over these depths and their runs. */
  readonly ratio: Estimate;
};

/**
 * Epochs as the fits take them: log min(T, cap), a living run that did not reach the target counting as the cap; nets that could never
 * move are left out.
 */
export function restrictedLogEpochs(
  { epochs, outcomes }: Pick<CollapseCell, 'epochs' | 'outcomes'>,
  cap: number,
): readonly number[] {
  return livingEpochs({ epochs, outcomes }).map((value) => portableMath.log(Math.min(value ?? cap, cap)));
}

function livingEpochs({ epochs, outcomes }: Pick<CollapseCell, 'epochs' | 'outcomes'>) {
  return epochs.filter((_, run) => outcomes[run] !== 'never-moves');
}

/**
 * R² = 1 − Σ (y − ŷ)² / Σ (y − ȳ)² over all runs, y = log min(T, cap), ŷ from the monotone fit through the runs of all other
 * patterns; 95 % intervals by drawing each point's runs again. Patterns of one x share no run, so the sum of reciprocal
 * widths, which has more distinct values than depth, gains nothing by that.
 *
 * @param seed the study's: the resamples derive from it
 * @returns null for fewer than two patterns, or runs that all took equally long
 */
export function measureCollapse(points: readonly CollapseCell[], cap: number, seed: number): Collapse | null {
  const cells = points.filter((cell) => livingEpochs(cell).length > 0);
  if (new Set(cells.map(({ pattern }) => pattern)).size < 2) return null;
  const groups = cells.map((cell) => restrictedLogEpochs(cell, cap));
  const first = groups[0]?.[0];
  if (groups.flat().every((value) => value === first)) return null;
  const [bySum, byDepth, advantage] = bootstrapEstimates(
    groups,
    (drawn) => {
      const sum = predictedR2(cells, drawn, (cell) => cell.sumReciprocalWidths);
      const depth = predictedR2(cells, drawn, (cell) => cell.depth);
      return [sum, depth, sum - depth];
    },
    { key: keyOf(seed, 0), resamples },
  );
  if (bySum === undefined || byDepth === undefined || advantage === undefined) return null;
  const all = cells.flatMap(livingEpochs);
  return {
    bySum,
    byDepth,
    advantage,
    byOwnRuns: ownRunsR2(groups),
    censoredShare: all.filter((value) => value === null).length / all.length,
    deadRuns: points.reduce((sum, { epochs }) => sum + epochs.length, 0) - all.length,
  };
}

/** Epochs of every pattern against those of `reference` at equal depth; empty where no depth has both. */
export function patternRatios(
  cells: readonly (CollapseCell & { readonly medianEpochs: number | null })[],
  reference: string,
  cap: number,
  seed: number,
): readonly PatternRatio[] {
  const others = [...new Set(cells.map(({ pattern }) => pattern))].filter((pattern) => pattern !== reference);
  return others.flatMap((pattern, index) => {
    const pairs = cells.flatMap((cell) => {
      if (cell.pattern !== pattern || cell.medianEpochs === null) return [];
      const other = cells.find((one) => one.pattern === reference && one.depth === cell.depth);
      return other === undefined || other.medianEpochs === null ? [] : [[cell, other] as const];
    });
    if (pairs.length === 0) return [];
    const groups = pairs.flat().map((cell) => restrictedLogEpochs(cell, cap));
    const [found] = bootstrapEstimates(
      groups,
      (drawn) => [mean(pairs.map((_, i) => mean(drawn[2 * i] ?? []) - mean(drawn[2 * i + 1] ?? [])))],
      { key: keyOf(seed, index + 1), resamples },
    );
    if (found === undefined) return [];
    const { value, low, high } = found;
    const exp = (log: number | null) => (log === null ? null : portableMath.exp(log));
    const ratio = { value: portableMath.exp(value), low: exp(low), high: exp(high) };
    return [{ pattern, reference, depths: pairs.map(([{ depth }]) => depth), ratio }];
  });
}

/** Keys no trial has: the cells' own are of another index. */
function keyOf(seed: number, statistic: number): RandomKey {
  return deriveKey(rootKey(seed), keyPurpose.data, statistic);
}

function predictedR2(
  cells: readonly CollapseCell[],
  groups: readonly (readonly number[])[],
  x: (cell: CollapseCell) => number,
): number {
  const points = cells.map((cell, i) => {
    const values = groups[i] ?? [];
    return { pattern: cell.pattern, x: x(cell), y: mean(values), weight: values.length };
  });
  let squares = 0;
  for (const pattern of new Set(cells.map((cell) => cell.pattern))) {
    const fit = isotonicFit(points.filter((point) => point.pattern !== pattern));
    points.forEach((point, i) => {
      if (point.pattern !== pattern) return;
      const expected = fit(point.x);
      for (const value of groups[i] ?? []) squares += (value - expected) * (value - expected);
    });
  }
  return 1 - squares / totalSquares(groups);
}

/** The same, each run foretold by the mean of the others of its point: its deviation from them is n/(n − 1) of that from all. */
function ownRunsR2(groups: readonly (readonly number[])[]): number | null {
  if (groups.some(({ length }) => length < 2)) return null;
  let squares = 0;
  for (const group of groups) {
    const center = mean(group);
    const stretch = group.length / (group.length - 1);
    for (const value of group) squares += stretch * stretch * (value - center) * (value - center);
  }
  return 1 - squares / totalSquares(groups);
}

function totalSquares(groups: readonly (readonly number[])[]): number {
  const all = groups.flat();
  const center = mean(all);
  return all.reduce((sum, value) => sum + (value - center) * (value - center), 0);
}
