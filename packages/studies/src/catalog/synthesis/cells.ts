/** The grid of the synthesis study: functions and images by method and width, and trainings by width on data that force kinks. */
import { cellFinder } from '../../find-cell.js';
import type { Cell } from '../../study.js';
import type { CapacityDataName, SynthesisSpec, SynthesisTargetName } from './spec.js';
import { capacityDataNames } from './spec.js';

/** How a net comes to its parameters. */
export type SynthesisMethod = 'interpolation' | 'random-features' | 'training';

/** What a net is to do. */
export type SynthesisTask =
  | { readonly part: 'functions'; readonly target: SynthesisTargetName; readonly method: SynthesisMethod }
  | { readonly part: 'images'; readonly method: Exclude<SynthesisMethod, 'interpolation'> }
  | { readonly part: 'capacity'; readonly data: CapacityDataName };

/** One grid point. */
export interface SynthesisCell extends Cell {
  readonly task: SynthesisTask;
  /** Units of the one hidden layer. */
  readonly width: number;
  /** Multiplications and additions that make the net, to the leading orders; of the sort of interpolation none. */
  readonly operations: number;
}

/** What the calls of a step cost, in the units of `Cell.cost`. */
const operationsPerStep = 60_000;

/** Every grid point. Nets and points are the same in every spec that shares the seed and the sizes. */
export function synthesisCells(spec: SynthesisSpec): readonly SynthesisCell[] {
  const { points, functionWidths, functionSteps, imageWidths, maxEpochs, data, runs } = spec;
  const functions = spec.targets.flatMap((target): SynthesisCell[] => [
    {
      id: `synthesis/functions/${target}/interpolation/points=${points}`,
      task: { part: 'functions', target, method: 'interpolation' },
      width: points - 1,
      operations: 5 * (points - 1),
      trials: runs,
      cost: operationsPerStep,
    },
    ...functionWidths.flatMap((width): SynthesisCell[] => [
      {
        id: `synthesis/functions/${target}/random-features/points=${points}/width=${width}`,
        task: { part: 'functions', target, method: 'random-features' },
        width,
        operations: featureOperations({ rows: points, inputs: 1, width, outputs: 1 }),
        trials: runs,
        cost: operationsPerStep + 3 * featureOperations({ rows: points, inputs: 1, width, outputs: 1 }),
      },
      {
        id: `synthesis/functions/${target}/training/points=${points}/width=${width}`,
        task: { part: 'functions', target, method: 'training' },
        width,
        operations: functionSteps * trainingOperations({ rows: points, inputs: 1, width, outputs: 1 }),
        trials: runs,
        cost: functionSteps * (operationsPerStep + 12 * points * width),
      },
    ]),
  ]);
  const sizes = { rows: data.trainCount, inputs: data.features, outputs: data.classes };
  const images = imageWidths.flatMap((width): SynthesisCell[] => {
    const features = featureOperations({ ...sizes, width });
    const training = maxEpochs * trainingOperations({ ...sizes, width });
    const id = (method: string) =>
      `synthesis/images/${data.name}/${method}/images=${data.trainCount}/width=${width}`;
    return [
      {
        id: id('random-features'),
        task: { part: 'images', method: 'random-features' },
        width,
        operations: features,
        trials: runs,
        // Sums in f64 and without SIMD.
        cost: 8 * features,
      },
      {
        id: id('training'),
        task: { part: 'images', method: 'training' },
        width,
        operations: training,
        trials: runs,
        cost: training,
      },
    ];
  });
  const { capacityPoints, capacityWidths, capacityRuns, capacitySteps } = spec;
  const capacity = capacityDataNames.flatMap((name) =>
    capacityWidths.map((width): SynthesisCell => {
      const step = trainingOperations({ rows: capacityPoints, inputs: 1, width, outputs: 1 });
      return {
        id: `synthesis/capacity/${name}/points=${capacityPoints}/width=${width}`,
        task: { part: 'capacity', data: name },
        width,
        operations: capacitySteps * step,
        trials: capacityRuns,
        cost: capacitySteps * (operationsPerStep / 3 + step),
      };
    }),
  );
  return [...functions, ...images, ...capacity];
}

interface Sizes {
  readonly rows: number;
  readonly inputs: number;
  readonly width: number;
  readonly outputs: number;
}

/** Features of every row, half of XᵀX, XᵀY, Cholesky. */
function featureOperations({ rows, inputs, width, outputs }: Sizes): number {
  const columns = width + 1;
  return (
    rows * (2 * inputs * width + columns * columns + 2 * columns * outputs) +
    (columns * columns * columns) / 3
  );
}

/** Every row once forward and twice backward, two operations a weight each. */
function trainingOperations({ rows, inputs, width, outputs }: Sizes): number {
  return 6 * rows * width * (inputs + outputs);
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findSynthesisCell = cellFinder('synthesis', synthesisCells);
