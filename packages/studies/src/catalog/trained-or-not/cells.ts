/** The grid of the study of trained and fresh parameters. */
import { countParameters } from '@kindling/core';
import { cellFinder } from '../../find-cell.js';
import type { Cell } from '../../study.js';
import { type ZooArchitectureName, zooArchitecture } from '../../zoo/architectures.js';
import type { ZooDataName } from '../../zoo/datasets.js';
import type { ZooOptimizerName } from '../../zoo/optimizers.js';
import { sideOf, stagesOf, type TrainedOrNotSpec } from './spec.js';

/** One combination. */
export interface TrainedOrNotCell extends Cell {
  readonly architecture: ZooArchitectureName;
  readonly initializer: string;
  readonly learned: ZooDataName;
  readonly optimizer: ZooOptimizerName;
}

/** Tests of all tensors of a net at one stage take about as long as so many operations a number. */
const testOperations = 5000;
/** A convolution uses each of its weights so often an image; the speed that `Cell.cost` assumes is not reached by small ones. */
const convolutionUse = 200;

/** Every grid point. */
export function trainedOrNotCells(spec: TrainedOrNotSpec): readonly TrainedOrNotCell[] {
  const sizes = { side: sideOf(spec), classes: spec.data.classes };
  return spec.architectures.flatMap((architecture) => {
    const net = zooArchitecture(architecture, sizes);
    const numbers = countParameters(net);
    const uses = 'channels' in net.input ? convolutionUse : 1;
    const cost =
      numbers * (6 * uses * spec.maxEpochs * spec.data.trainCount + testOperations * stagesOf(spec).length);
    return spec.initializers.flatMap((initializer) =>
      spec.learned.flatMap((learned) =>
        spec.optimizers.map((optimizer) => ({
          id: `net/${architecture}/${initializer}/${learned}/${optimizer}`,
          ...{ architecture, initializer, learned, optimizer, cost },
          trials: spec.runs,
        })),
      ),
    );
  });
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findTrainedOrNotCell = cellFinder('trained-or-not', trainedOrNotCells);
