/** The grid of the length-variance study: families of nets, widths and depths. */
import { cellFinder } from '../../find-cell.js';
import type { Cell } from '../../study.js';
import { type NetFamilyName, residualFamily } from './families.js';
import type { LengthVarianceSpec } from './spec.js';

/** One grid point. */
export interface LengthVarianceCell extends Cell {
  readonly family: NetFamilyName;
  readonly width: number;
  readonly depth: number;
  /** In all. */
  readonly nets: number;
  /** A trial draws so many, the last one what is left. */
  readonly netsPerTrial: number;
}

/** Nets of a trial: a record for every one of them would be more bytes than numbers. Part of what a trial is. */
const netsPerTrial = { law: 500, matrices: 10 } as const;
/** Drawing a number and using it once, and what a layer takes beside, in the units of `Cell.cost`. */
const operationsPerNumber = 80;
const operationsPerLayer = { law: 30_000, matrices: 300_000 } as const;

/** Every grid point. A cell's id holds all that tells its nets from another's. */
export function lengthVarianceCells(spec: LengthVarianceSpec): readonly LengthVarianceCell[] {
  const { families, widths, residualWidth, depths, nets, residualNets } = spec;
  return families.flatMap((family) => {
    const residual = residualFamily(family) !== null;
    const method = residual ? 'matrices' : 'law';
    return (residual ? [residualWidth] : widths).flatMap((width) =>
      depths.map((depth): LengthVarianceCell => {
        const all = residual ? residualNets : nets;
        const numbers = residual ? 2 * width * width : width;
        return {
          id: `length-variance/${family}/width=${width}/depth=${depth}`,
          family,
          width,
          depth,
          nets: all,
          netsPerTrial: netsPerTrial[method],
          trials: Math.ceil(all / netsPerTrial[method]),
          cost: netsPerTrial[method] * depth * (numbers * operationsPerNumber + operationsPerLayer[method]),
        };
      }),
    );
  });
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findLengthVarianceCell = cellFinder('length-variance', lengthVarianceCells);
