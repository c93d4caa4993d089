/** Sources of what is in memory already, or in a browser's file. */
import { ModelFormatError } from '../errors/model-format-error.js';
import { printableName } from '../errors/printable-name.js';
import { checkRange } from './check-range.js';
import { relativeName } from './relative-name.js';
import type { Source, Sources } from './source.js';

/** The part of `Blob` and `File` that is needed. */
export interface BlobLike {
  readonly size: number;
  /** Present in a `File`. */
  readonly name?: string;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** Bytes as a source; they are not copied. */
export function sourceFromBytes(name: string, bytes: Uint8Array): Source {
  const place = { name, size: bytes.byteLength };
  return {
    ...place,
    async read(offset, length) {
      checkRange('read', place, offset, length);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** A `File` or `Blob` as a source: what is not asked for is never loaded. */
export function sourceFromBlob(blob: BlobLike, name = blob.name ?? 'blob'): Source {
  const place = { name, size: blob.size };
  return {
    ...place,
    async read(offset, length) {
      checkRange('read', place, offset, length);
      const bytes = new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
      if (bytes.byteLength !== length) {
        throw new ModelFormatError(
          `read: ${name} gave ${bytes.byteLength} bytes; expected ${length} — was it changed meanwhile?`,
          { details: { file: name, offset, expected: length, got: bytes.byteLength } },
        );
      }
      return bytes;
    },
  };
}

/**
 * The files of one folder.
 *
 * @param main the one to open
 * @param siblings those it may name, by their names relative to it; `main` itself need not be among them
 */
export function sourcesOf(
  main: Source,
  siblings: ReadonlyMap<string, Source> | readonly Source[] = [],
): Sources {
  const entries = Array.isArray(siblings)
    ? (siblings as readonly Source[]).map((source) => [source.name, source] as const)
    : [...(siblings as ReadonlyMap<string, Source>)];
  const byName = new Map<string, Source>([[main.name, main], ...entries]);
  return {
    main,
    async open(name) {
      const wanted = relativeName(name, main.name);
      const found = byName.get(wanted);
      if (found !== undefined) return found;
      throw new ModelFormatError(
        `openModel: ${main.name} needs the file ${printableName(wanted)}, which is not there; expected it beside ${main.name} — give all files of the model`,
        { details: { file: main.name, expected: wanted, got: null } },
      );
    },
  };
}
