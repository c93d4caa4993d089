/** Monotone regression: the best non-decreasing curve through points. */

/** One point, or several of one place in their mean. */
export interface WeightedPoint {
  readonly x: number;
  readonly y: number;
  /** How many observations y is the mean of, > 0. */
  readonly weight: number;
}

interface Block {
  x: number;
  y: number;
  weight: number;
}

/**
 * The non-decreasing function with the least weighted squared error (pool adjacent violators), at the places of the points;
 * linear between them, constant beyond the ends. Points of one x count as their mean. NaN everywhere for no points.
 */
export function isotonicFit(points: readonly WeightedPoint[]): (x: number) => number {
  const places: Block[] = [];
  for (const { x, y, weight } of [...points].sort((a, b) => a.x - b.x)) {
    const last = places.at(-1);
    if (last?.x === x) merge(last, { x, y, weight });
    else places.push({ x, y, weight });
  }
  // Every level holds the places it has swallowed; a level below the one before it is poured into that.
  const levels: { level: Block; xs: number[] }[] = [];
  for (const place of places) {
    let current = { level: { ...place }, xs: [place.x] };
    for (let before = levels.at(-1); before && before.level.y > current.level.y; before = levels.at(-1)) {
      levels.pop();
      merge(before.level, current.level);
      current = { level: before.level, xs: [...before.xs, ...current.xs] };
    }
    levels.push(current);
  }
  const knots = levels.flatMap(({ level, xs }) => xs.map((x) => ({ x, y: level.y })));
  return (x) => {
    const after = knots.findIndex((knot) => knot.x >= x);
    const right = knots[after];
    const left = after === -1 ? knots.at(-1) : knots[after - 1];
    if (right === undefined) return left?.y ?? Number.NaN;
    if (left === undefined || right.x === x) return right.y;
    return left.y + ((right.y - left.y) * (x - left.x)) / (right.x - left.x);
  };
}

/** `other` into `block`, which keeps its place. */
function merge(block: Block, other: Block): void {
  const weight = block.weight + other.weight;
  block.y = (block.y * block.weight + other.y * other.weight) / weight;
  block.weight = weight;
}
