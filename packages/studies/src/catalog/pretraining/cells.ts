/** The grid of the study: one point, because the pretext model of a seed serves all numbers of labels. */
import { cellFinder } from '../../find-cell.js';
import type { Cell } from '../../study.js';
import type { PretrainingSpec } from './spec.js';

/** The grid point. */
export function pretrainingCells(spec: PretrainingSpec): readonly Cell[] {
  const { hidden, data, maxEpochs, pretextEpochs, donors, starts, labels, steps, batchSize, runs } = spec;
  const widths = [data.features, ...hidden];
  const products = widths.slice(1).reduce((sum, width, i) => sum + width * (widths[i] ?? 0), 0);
  const passes =
    data.trainCount * (maxEpochs * donors + 4 * pretextEpochs) +
    starts.length * labels.length * steps * batchSize;
  return [{ id: `hidden=${hidden.join('-')}`, trials: runs, cost: 6 * products * passes }];
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findPretrainingCell = cellFinder('pretraining', pretrainingCells);
