/** A named part of a file. */
export interface NamedRange {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * The first two parts of one file, in the order of their places, that share a byte; `null` if none do. Formats that say where each
 * tensor lies would otherwise let a small file stand for endless tensors.
 */
export function firstOverlap(ranges: readonly NamedRange[]): readonly [NamedRange, NamedRange] | null {
  const placed = ranges.filter(({ length }) => length > 0).sort((a, b) => a.offset - b.offset);
  let before: NamedRange | null = null;
  for (const range of placed) {
    if (before !== null && range.offset < before.offset + before.length) return [before, range];
    before = range;
  }
  return null;
}
