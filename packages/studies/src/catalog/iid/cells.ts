/** The grid of the study: a point a net, and one for the images. */
import { cellFinder } from '../../find-cell.js';
import type { Cell } from '../../study.js';
import type { IidNetName } from './nets.js';
import type { IidSpec } from './spec.js';

/** One grid point; `net` is null for the images, which are one draw. */
export interface IidCell extends Cell {
  readonly net: IidNetName | null;
}

/** Products an image takes forward, about; three times as many a step, and convolutions run at a fifth of the speed assumed. */
const products: Readonly<Record<IidNetName, number>> = { dense: 3e5, conv: 5 * 3e6, 'residual-bn': 5 * 3e6 };

/** Every grid point. */
export function iidCells(spec: IidSpec): readonly IidCell[] {
  const { nets, runs, images, data, maxEpochs } = spec;
  const trainings = nets.map((net) => ({
    id: `net/${net}`,
    net,
    trials: runs,
    cost: maxEpochs * data.trainCount * products[net],
  }));
  if (images === 0) return trainings;
  return [...trainings, { id: `images/${images}`, net: null, trials: 1, cost: images * data.features * 100 }];
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findIidCell = cellFinder('iid', iidCells);
