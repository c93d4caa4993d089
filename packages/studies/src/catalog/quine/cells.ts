/** The grid of the quine study: one cell a method. */
import { cellFinder } from '../../find-cell.js';
import type { Cell } from '../../study.js';
import { quineParameters } from './quine-net.js';
import type { NamedQuineMethod, QuineSpec } from './spec.js';

/** One grid point. */
export interface QuineCell extends Cell {
  readonly method: NamedQuineMethod;
}

/** What the calls of a step cost, in the units of `Cell.cost`. */
const operationsPerStep = 100_000;

/** Every grid point. The nets of a method are the same in every spec that shares the seed and the width. */
export function quineCells(spec: QuineSpec): readonly QuineCell[] {
  const count = quineParameters(spec.width);
  return spec.methods.map((method) => {
    const forward = 2 * count * count;
    const steps = Math.ceil(count / method.batchSize);
    const update = steps * (operationsPerStep + 10 * count);
    const epoch = forward + (method.optimizer === null ? 0 : 3 * forward + update);
    return {
      id: `quine/${method.name}/width=${spec.width}`,
      method,
      trials: spec.runs,
      cost: method.nets * spec.epochs * epoch,
    };
  });
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findQuineCell = cellFinder('quine', quineCells);
