import { checkRange } from './check-range.js';
import type { Source } from './source.js';

/**
 * Sources one after another as one, as shards are.
 *
 * @param name for messages
 */
export function joinSources(name: string, parts: readonly Source[]): Source {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const starts: number[] = [];
  let size = 0;
  for (const part of parts) {
    starts.push(size);
    size += part.size;
  }
  const place = { name, size };
  return {
    ...place,
    async read(offset, length) {
      checkRange('read', place, offset, length);
      const bytes = new Uint8Array(length);
      for (const [i, part] of parts.entries()) {
        const start = starts[i] ?? 0;
        const from = Math.max(offset, start);
        const to = Math.min(offset + length, start + part.size);
        if (from < to) bytes.set(await part.read(from - start, to - from), from - offset);
      }
      return bytes;
    },
  };
}
