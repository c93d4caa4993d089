/** The grid of figure 1: which points it has, in the order of the summary, and about what a trial of each costs. */
import { meanLengthFactor } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { cellFinder } from '../../find-cell.js';
import type { Figure1InitializerName } from '../../lengths/curves.js';
import type { Cell } from '../../study.js';
import { epochCost } from '../../training/training-cost.js';
import type { Figure1Spec } from './spec.js';

/** One grid point: a part of the figure, an initializer and a depth. */
export interface Figure1Cell extends Cell {
  readonly part: 'lengths' | 'training';
  readonly initializer: Figure1InitializerName;
  readonly depth: number;
}

/**
 * Drawing a weight and using it once takes as long as about this many operations of training (some 2.5 ns against 0.03 on
 * one core of a 2026 Xeon).
 */
const operationsPerRandomWeight = 80;

/**
 * Every grid point. A cell's id holds all that tells its trials from another cell's, and the random numbers derive
 * from the id: the same initializer, depth and trial draw the same net in every spec that shares the seed.
 */
export function figure1Cells(spec: Figure1Spec): Figure1Cell[] {
  const { lengths, training } = spec;
  const cells: Figure1Cell[] = [];
  for (const initializer of spec.initializers) {
    for (const depth of lengths?.depths ?? []) {
      const cost = depth * depth * depth * operationsPerRandomWeight;
      const id = `lengths/${initializer}/depth=${depth}`;
      cells.push({ id, part: 'lengths', initializer, depth, trials: lengths?.trials ?? 0, cost });
    }
  }
  for (const initializer of spec.initializers) {
    for (const depth of training?.depths ?? []) {
      if (training === null) continue;
      const { data, batchSize, maxEpochs, runs } = training;
      const widths = [data.features, ...new Array<number>(depth).fill(depth), data.classes];
      const epoch = epochCost({ widths, trainCount: data.trainCount, batchSize });
      const cost = expectedEpochs(initializer, depth, maxEpochs) * epoch;
      const id = `training/${initializer}/depth=${depth}`;
      cells.push({ id, part: 'training', initializer, depth, trials: runs, cost });
    }
  }
  return cells;
}

/**
 * About how long a training will take: a hint for sharing out the work and for the time left, never a result. A kept
 * length starts within some five epochs, a vanishing one takes the longer the more it vanishes (seen on MNIST: LeCun
 * about 20 at depth 10, 50 and more at depth 30), an exploding one breaks in its first.
 */
export function expectedEpochs(
  initializer: Figure1InitializerName,
  depth: number,
  maxEpochs: number,
): number {
  const law = findInitializer(initializer).initializer;
  const drift = (meanLengthFactor(law, { fanIn: depth, fanOut: depth }) - 1) * depth;
  return drift > 10 ? 1 : Math.min(maxEpochs, 5 + 3 * Math.abs(drift));
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findCell = cellFinder('figure-1', figure1Cells);
