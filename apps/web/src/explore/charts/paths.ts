/** Lines and bands as SVG path data, one decimal of a pixel. */

/** Coordinates of the points of a line: where layer i lies, and where a value of it does. */
export interface Place {
  x(index: number): number;
  y(value: number): number;
}

/**
 * A line through `values`; it begins at `from`, and breaks where a value is null or NaN. An infinite value
 * lies on the end of the axis, and at −∞ the line ends.
 *
 * @param from index of the first value, 0 by default
 * @param deadEnds false of values that can leave 0 again, such as gradients behind a dead layer; default true
 */
export function linePath(
  values: ArrayLike<number | null>,
  { x, y }: Place,
  from = 0,
  { deadEnds = true }: { readonly deadEnds?: boolean } = {},
): string {
  let path = '';
  let drawing = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (Number.isNaN(value)) {
      drawing = false;
      continue;
    }
    path += `${drawing ? 'L' : 'M'}${x(from + i).toFixed(1)} ${y(value).toFixed(1)}`;
    // What is dead stays dead: the line ends there.
    if (value === Number.NEGATIVE_INFINITY && deadEnds) break;
    drawing = true;
  }
  return path;
}

/** The area between two lines of equal length; where either has no value there is none. */
export function bandPath(
  low: ArrayLike<number | null>,
  high: ArrayLike<number | null>,
  place: Place,
  from = 0,
): string {
  let path = '';
  let start = 0;
  const known = (i: number) => !Number.isNaN(low[i] ?? Number.NaN) && !Number.isNaN(high[i] ?? Number.NaN);
  while (start < low.length) {
    if (!known(start)) {
      start += 1;
      continue;
    }
    let end = start;
    while (end + 1 < low.length && known(end + 1)) end += 1;
    const point = (values: ArrayLike<number | null>, i: number) =>
      `${place.x(from + i).toFixed(1)} ${place.y(values[i] ?? 0).toFixed(1)}`;
    path += `M${point(high, start)}`;
    for (let i = start + 1; i <= end; i++) path += `L${point(high, i)}`;
    for (let i = end; i >= start; i--) path += `L${point(low, i)}`;
    path += 'Z';
    start = end + 1;
  }
  return path;
}
