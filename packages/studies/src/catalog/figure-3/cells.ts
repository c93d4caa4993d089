/** The grid of figure 3: width patterns by depths. */
import { cellFinder } from '../../find-cell.js';
import type { Cell } from '../../study.js';
import { epochCost } from '../../training/training-cost.js';
import { patternWidths, type WidthPatternName } from './patterns.js';
import type { Figure3Spec } from './spec.js';

/** One grid point. */
export interface Figure3Cell extends Cell {
  readonly pattern: WidthPatternName;
  readonly depth: number;
  /** S = Σ 1/n_j over the hidden layers. */
  readonly sumReciprocalWidths: number;
}

/** Every grid point. A pattern's nets of a depth are the same in every spec that shares the seed. */
export function figure3Cells(spec: Figure3Spec): readonly Figure3Cell[] {
  const { data, batchSize, runs, maxEpochs } = spec;
  return spec.patterns.flatMap((pattern) =>
    spec.depths.map((depth): Figure3Cell => {
      const hidden = patternWidths(pattern, depth);
      const widths = [data.features, ...hidden, data.classes];
      // To a billionth, so that sums that are equal are so whatever the order of the widths.
      const sum = Math.round(hidden.reduce((total, width) => total + 1 / width, 0) * 1e9) / 1e9;
      return {
        id: `figure-3/${pattern}/depth=${depth}`,
        pattern,
        depth,
        sumReciprocalWidths: sum,
        trials: runs,
        cost: expectedEpochs(sum, maxEpochs) * epochCost({ widths, trainCount: data.trainCount, batchSize }),
      };
    }),
  );
}

/** About how long a training takes, as seen on MNIST: a hint for sharing out the work, never a result. */
export function expectedEpochs(sumReciprocalWidths: number, maxEpochs: number): number {
  return Math.min(maxEpochs, 2 + 0.7 * sumReciprocalWidths * sumReciprocalWidths);
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findFigure3Cell = cellFinder('figure-3', figure3Cells);
