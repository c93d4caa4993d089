/** The grid of the study: where the checkpoints come from, and the width of their nets. */
import { cellFinder } from '../../find-cell.js';
import type { Cell } from '../../study.js';
import type { CheckpointFamily } from './generators.js';
import type { GenerateSpec } from './spec.js';

/** One grid point. */
export interface GenerateCell extends Cell {
  readonly family: CheckpointFamily;
  readonly hidden: number;
}

/** Every grid point. */
export function generateCells(spec: GenerateSpec): readonly GenerateCell[] {
  return spec.families.flatMap((family) =>
    spec.hidden.map((hidden) => ({
      id: `${family}/hidden=${hidden}`,
      family,
      hidden,
      trials: spec.runs,
      cost: trainedEpochs(spec, family) * 6 * spec.data.trainCount * spec.data.features * hidden,
    })),
  );
}

/** Epochs that a set of checkpoints takes. */
export function trainedEpochs({ maxEpochs, checkpoints }: GenerateSpec, family: CheckpointFamily): number {
  return family === 'run' ? maxEpochs + checkpoints - 1 : maxEpochs * checkpoints;
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findGenerateCell = cellFinder('generate', generateCells);
