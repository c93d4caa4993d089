/** Which layers of a deep net a table shows. */

/** Up to this many layers all are shown. */
const mostShown = 12;

/** Layers of a net of depth `depth`, from 1, ascending: all of them when few, else 1, 2, 5, 10, 20, 50, … and the last. */
export function chosenLayers(depth: number): readonly number[] {
  if (depth <= mostShown) return Array.from({ length: depth }, (_, i) => i + 1);
  const layers: number[] = [];
  for (let unit = 1; unit < depth; unit *= 10) {
    for (const factor of [1, 2, 5]) if (unit * factor < depth) layers.push(unit * factor);
  }
  return [...layers, depth];
}
