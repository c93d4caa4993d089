/** The grid of the study: every architecture on every task. */
import { cellFinder } from '../../find-cell.js';
import type { Cell } from '../../study.js';
import { type Task, taskName } from '../../weight-laws/tasks.js';
import { trainingWork } from '../../weight-laws/training-work.js';
import { type ZooArchitectureName, zooArchitecture } from '../../zoo/architectures.js';
import type { WeightLawSpec } from './spec.js';

/** One grid point. */
export interface WeightLawCell extends Cell {
  readonly architecture: ZooArchitectureName;
  readonly task: Task;
}

/** The net of a cell. */
export function architectureOf({ data, sources }: WeightLawSpec, name: ZooArchitectureName) {
  return zooArchitecture(name, {
    side: Math.round(Math.sqrt(data.features)),
    classes: sources[0]?.classes ?? data.classes,
  });
}

/** Every grid point. */
export function weightLawCells(spec: WeightLawSpec): readonly WeightLawCell[] {
  return spec.architectures.flatMap((architecture) =>
    spec.tasks.map((task) => ({
      id: `${architecture}/${taskName(spec, task)}`,
      architecture,
      task,
      trials: spec.nets,
      cost: trainingWork(
        architectureOf(spec, architecture),
        spec.maxEpochs * (spec.sources[task.source]?.trainCount ?? 0),
      ),
    })),
  );
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findWeightLawCell = cellFinder('weight-law', weightLawCells);
