/** The grid of the dying-ReLU study: a target function with its nets, and an initializer. */
import { predictBornDead } from '@kindling/diagnostics';
import { findTargetFunction } from '@kindling/trainer';
import { cellFinder } from '../../find-cell.js';
import type { ComparedInitializerName } from '../../regression/compared-initializers.js';
import type { Cell } from '../../study.js';
import type { DyingReluSpec, DyingReluTarget } from './spec.js';

/** One grid point. */
export interface DyingReluCell extends Cell {
  readonly target: DyingReluTarget;
  readonly initializer: ComparedInitializerName;
  /** Inputs of the target function. */
  readonly inputs: number;
  readonly outputs: number;
}

/** A step costs mostly its calls, some 0.7 µs a layer; in the units of `Cell.cost`. */
const operationsPerLayer = 20_000;

/** Every grid point. The nets and points of a target and initializer are the same in every spec that shares the seed. */
export function dyingReluCells(spec: DyingReluSpec): readonly DyingReluCell[] {
  return spec.targets.flatMap((target) =>
    spec.initializers.map((initializer) => {
      const { name, hiddenLayers, width } = target;
      const { inputs, outputs } = findTargetFunction(name);
      const step = (hiddenLayers + 1) * (operationsPerLayer + 6 * width * width * spec.batchSize);
      return {
        id: `dying-relu/${name}/${initializer}/hidden=${width}*${hiddenLayers}`,
        target,
        initializer,
        inputs,
        outputs,
        trials: spec.runs,
        cost: Math.max(1, expectedSteps(spec, target, initializer)) * step,
      };
    }),
  );
}

/** A net that is born dead takes no step. About how many others take is a hint for sharing out the work. */
function expectedSteps(
  { maxSteps }: DyingReluSpec,
  { hiddenLayers, width }: DyingReluTarget,
  initializer: ComparedInitializerName,
): number {
  if (initializer === 'data-dependent' || initializer === 'data-dependent-uniform') return maxSteps;
  const hidden = new Array<number>(hiddenLayers).fill(width);
  const { upper } = predictBornDead({ inputDimension: 1, hidden, zeroBiases: true });
  // RAI leaves about a quarter of the dead.
  return maxSteps * (1 - (initializer === 'rai' ? upper / 4 : upper));
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findDyingReluCell = cellFinder('dying-relu', dyingReluCells);
