/** The grid of the study: every architecture from every initializer. */
import { cellFinder } from '../../find-cell.js';
import type { Cell } from '../../study.js';
import { trainingWork } from '../../weight-laws/training-work.js';
import { type ZooArchitectureName, zooArchitecture } from '../../zoo/architectures.js';
import type { ArrivalInitializerName, LawArrivalSpec } from './spec.js';

/** One grid point. */
export interface LawArrivalCell extends Cell {
  readonly architecture: ZooArchitectureName;
  readonly initializer: ArrivalInitializerName;
}

/** The net of a cell. */
export function architectureOf({ data }: LawArrivalSpec, name: ZooArchitectureName) {
  return zooArchitecture(name, { side: Math.round(Math.sqrt(data.features)), classes: data.classes });
}

/** Every grid point. */
export function lawArrivalCells(spec: LawArrivalSpec): readonly LawArrivalCell[] {
  return spec.architectures.flatMap((architecture) =>
    spec.initializers.map((initializer) => ({
      id: `${architecture}/${initializer}`,
      architecture,
      initializer,
      trials: spec.nets,
      cost: trainingWork(architectureOf(spec, architecture), spec.maxEpochs * spec.data.trainCount),
    })),
  );
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findLawArrivalCell = cellFinder('law-arrival', lawArrivalCells);
