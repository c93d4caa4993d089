/** From a cell's id, which is all a trial is told, back to the cell. */
import { InvalidArgumentError } from '@kindling/core';
import type { Cell, StudySpec } from './study.js';

/**
 * Makes the look-up of a study. It keeps the grid of each spec it was asked about as long as that spec is in use.
 *
 * @param study the study's name, with which the message begins
 * @param cells the study's grid
 * @returns the cell called `id`; throws `InvalidArgumentError` when the spec has none of that name
 */
export function cellFinder<Spec extends StudySpec, Found extends Cell>(
  study: string,
  cells: (spec: Spec) => readonly Found[],
): (spec: Spec, id: string) => Found {
  const known = new WeakMap<Spec, ReadonlyMap<string, Found>>();
  return (spec, id) => {
    let grid = known.get(spec);
    if (grid === undefined) {
      grid = new Map(cells(spec).map((cell) => [cell.id, cell]));
      known.set(spec, grid);
    }
    const cell = grid.get(id);
    if (cell === undefined) {
      throw new InvalidArgumentError(`${study}: no cell is called "${id}"; expected one of the spec's grid`);
    }
    return cell;
  };
}
