/** The grid of the trainability study: a target function and a width. */
import { cellFinder } from '../../find-cell.js';
import type { Cell } from '../../study.js';
import type { TrainabilitySpec, TrainabilityTargetName } from './spec.js';

/** One grid point. */
export interface TrainabilityCell extends Cell {
  readonly target: TrainabilityTargetName;
  readonly width: number;
}

/** A step costs mostly its calls, some 2 µs; in the units of `Cell.cost`. */
const operationsPerStep = 60_000;
/** Forward, gradient by weights and gradient by inputs of two layers: operations a point and neuron. */
const operationsPerUnit = 24;
/** Runs that succeed take about this many steps of gradient descent; the others take them all, unless they die. */
const usualSteps = 3000;

/** Every grid point. The nets of a target and width are the same in every spec that shares the seed. */
export function trainabilityCells(spec: TrainabilitySpec): readonly TrainabilityCell[] {
  return spec.targets.flatMap(({ name, widths }) =>
    widths.map((width) => ({
      id: `trainability/${name}/width=${width}`,
      target: name,
      width,
      trials: spec.runs,
      cost:
        Math.min(usualSteps, spec.maxSteps) * (operationsPerStep + operationsPerUnit * spec.points * width),
    })),
  );
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findTrainabilityCell = cellFinder('trainability', trainabilityCells);
