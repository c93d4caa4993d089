/** Many layers in few numbers. */

/** Neighbors together: 1, 2, 3, 7 as [1, 3], [7, 7]. @param layers whole numbers, ascending */
export function layerRanges(layers: readonly number[]): readonly (readonly [first: number, last: number])[] {
  const ranges: [number, number][] = [];
  for (const layer of layers) {
    const range = ranges.at(-1);
    if (range !== undefined && range[1] === layer - 1) range[1] = layer;
    else ranges.push([layer, layer]);
  }
  return ranges;
}
