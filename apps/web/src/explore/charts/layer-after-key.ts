/** Which layer a key leads to, in every drawing whose layers are read one by one: the keys of a slider. */

/** The layer after `key`, in 0 … `last`; arrows go by one, page keys by a tenth. Null for keys that lead nowhere. */
export function layerAfterKey(key: string, layer: number, last: number): number | null {
  const page = Math.max(1, Math.round(last / 10));
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: layer - 1,
    ArrowDown: layer - 1,
    ArrowRight: layer + 1,
    ArrowUp: layer + 1,
    PageDown: layer - page,
    PageUp: layer + page,
    Home: 0,
    End: last,
  };
  const next = moves[key];
  return next === undefined ? null : Math.min(last, Math.max(0, next));
}
