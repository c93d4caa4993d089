/**
 * Items in an order in which each stands behind those it reads (Kahn, 1962): as soon as all are there, otherwise as listed. Those
 * of a circle, and what reads them, stand last.
 */
export function inOrder<Item extends { readonly name: string; readonly inputs: readonly string[] | null }>(
  items: readonly Item[],
): readonly Item[] {
  const known = new Set(items.map(({ name }) => name));
  const waiting = new Map<string, Item[]>();
  const missing = new Map<Item, number>();
  const ready: Item[] = [];
  for (const item of items) {
    const needed = new Set((item.inputs ?? []).filter((input) => known.has(input)));
    missing.set(item, needed.size);
    if (needed.size === 0) ready.push(item);
    for (const input of needed) {
      const readers = waiting.get(input);
      if (readers === undefined) waiting.set(input, [item]);
      else readers.push(item);
    }
  }
  for (let i = 0; i < ready.length; i++) {
    const name = ready[i]?.name ?? '';
    for (const reader of waiting.get(name) ?? []) {
      const left = (missing.get(reader) ?? 0) - 1;
      missing.set(reader, left);
      if (left === 0) ready.push(reader);
    }
    waiting.delete(name);
  }
  const placed = new Set(ready);
  return [...ready, ...items.filter((item) => !placed.has(item))];
}
