/** The grid of figure 2: which points it has, in the order of the summary, and about what a trial of each costs. */
import { cellFinder } from '../../find-cell.js';
import type { Cell } from '../../study.js';
import type { TrainingPart } from '../../training/lengths-and-training.js';
import { epochCost } from '../../training/training-cost.js';
import type { Figure2Spec } from './spec.js';

/** One grid point: a part of the figure, a base and a number of modules. */
export interface Figure2Cell extends Cell {
  readonly part: 'lengths' | 'training';
  /** b of η_l = b^l. */
  readonly base: number;
  /** L. */
  readonly modules: number;
}

/** Drawing a weight and using it once takes as long as about this many operations of training. */
const operationsPerRandomWeight = 80;
/** Measuring costs about this much a layer of a module, however narrow it is, and this much a net: a tenth of a millisecond and one. */
const operationsPerMeasuredLayer = 3_000_000;
const operationsPerMeasuredNet = 30_000_000;

/**
 * Every grid point. A cell's id holds all that tells its trials from another cell's, and the random numbers derive from the id:
 * the same module, width, base, depth and trial draw the same net in every spec that shares the seed.
 */
export function figure2Cells(spec: Figure2Spec): Figure2Cell[] {
  const { module, width, bases, lengths, training } = spec;
  const id = (part: string, base: number, modules: number) =>
    `${part}/${module}-${width}/b=${base}/modules=${modules}`;
  const layers = module === 'relu' ? 1 : 2;
  return [
    ...bases.flatMap((base) =>
      (lengths?.depths ?? []).map((modules) => ({
        id: id('lengths', base, modules),
        part: 'lengths' as const,
        base,
        modules,
        trials: lengths?.trials ?? 0,
        cost:
          operationsPerMeasuredNet +
          modules * layers * (width * width * operationsPerRandomWeight + operationsPerMeasuredLayer),
      })),
    ),
    ...bases.flatMap((base) =>
      training === null
        ? []
        : training.depths.map((modules) => ({
            id: id('training', base, modules),
            part: 'training' as const,
            base,
            modules,
            trials: training.runs,
            cost: trainingCost(spec, training, base, modules),
          })),
    ),
  ];
}

function trainingCost(
  { module, width }: Figure2Spec,
  training: TrainingPart,
  base: number,
  modules: number,
): number {
  const { data, batchSize } = training;
  const layers = modules * (module === 'relu' ? 1 : 2);
  const widths = [data.features, ...new Array<number>(layers + 1).fill(width), data.classes];
  const epoch = epochCost({ widths, trainCount: data.trainCount, batchSize });
  return expectedEpochs(training, base, modules) * epoch;
}

/**
 * About how long a training will take: a hint for sharing out the work and for the time left, never a result. Seen on MNIST: a
 * stream of bounded length starts within some eight epochs, one that has grown by more than about 10^6 breaks in its first.
 */
export function expectedEpochs({ maxEpochs }: TrainingPart, base: number, modules: number): number {
  return base === 1 && modules > 12 ? 1 : Math.min(maxEpochs, 8);
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findFigure2Cell = cellFinder('figure-2', figure2Cells);
