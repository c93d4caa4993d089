/** The grid of figure 4: initializers by depths. */
import { cellFinder } from '../../find-cell.js';
import type { Figure1InitializerName } from '../../lengths/curves.js';
import type { Cell } from '../../study.js';
import { channelsOf, kernelSize } from './nets.js';
import type { Figure4Spec } from './spec.js';

/** One grid point. */
export interface Figure4Cell extends Cell {
  readonly initializer: Figure1InitializerName;
  readonly depth: number;
  /** Of every layer. */
  readonly channels: number;
}

/** A layer's calls, borders and sums cost about this much a pixel, in the units of `Cell.cost`. */
const operationsPerPixel = 2600;

/** Every grid point. A cell's id holds all that tells its nets from another's; the image is the seed's. */
export function figure4Cells(spec: Figure4Spec): readonly Figure4Cell[] {
  const { initializers, depths, trials, padding, size, depthPerChannel } = spec;
  return initializers.flatMap((initializer) =>
    depths.map((depth): Figure4Cell => {
      const channels = channelsOf(spec, depth);
      const layer =
        size * size * (operationsPerPixel + 2 * (kernelSize * channels) * (kernelSize * channels));
      return {
        id: `figure-4/${initializer}/${padding}/size=${size}/per-channel=${depthPerChannel}/depth=${depth}`,
        initializer,
        depth,
        channels,
        trials,
        cost: depth * layer,
      };
    }),
  );
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findFigure4Cell = cellFinder('figure-4', figure4Cells);
