/** The grid of the data-dependent study: a regression and an initializer. */
import { findTargetFunction } from '@kindling/trainer';
import { cellFinder } from '../../find-cell.js';
import type { ComparedInitializerName } from '../../regression/compared-initializers.js';
import type { Cell } from '../../study.js';
import type { DataDependentSpec, DataDependentTarget } from './spec.js';

/** One grid point. */
export interface DataDependentCell extends Cell {
  readonly target: DataDependentTarget;
  readonly initializer: ComparedInitializerName;
  readonly inputs: number;
  readonly outputs: number;
}

/** What the calls of a step cost, and a weight at a point forward and twice backward; in the units of `Cell.cost`. */
const operationsPerStep = 60_000;
const operationsPerWeight = 12;

/** Every grid point. The nets of a target and initializer are the same in every spec that shares the seed. */
export function dataDependentCells(spec: DataDependentSpec): readonly DataDependentCell[] {
  return spec.targets.flatMap((target) =>
    spec.initializers.map((initializer) => {
      const { name, points, width } = target;
      const { inputs, outputs } = findTargetFunction(name);
      return {
        id: `data-dependent/${name}/${initializer}/points=${points}/width=${width}`,
        target,
        initializer,
        inputs,
        outputs,
        trials: spec.runs,
        cost:
          spec.epochs * (operationsPerStep + operationsPerWeight * points * width * (inputs + outputs + 2)),
      };
    }),
  );
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findDataDependentCell = cellFinder('data-dependent', dataDependentCells);
