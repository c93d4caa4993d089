/** What the beginning of a file says about its kind. */
import type { Source } from '../source/source.js';
import { parseJsonBytes } from './json/parse-json.js';
import type { Probe } from './model-format.js';
import { listZipEntries } from './zip/zip-directory.js';

/** Largest JSON that is taken: a model.json of ten thousand layers has a few MiB. */
const mostJsonBytes = 67_108_864;

/** @throws ModelFormatError for JSON or a zip archive that is broken */
export async function probeSource(source: Source): Promise<Probe> {
  const head = await source.read(0, Math.min(4096, source.size));
  const json =
    looksLikeJson(head) && source.size <= mostJsonBytes
      ? parseJsonBytes(await source.read(0, source.size), source.name)
      : undefined;
  const zipEntries = looksLikeZip(head) ? (await listZipEntries(source)).map(({ name }) => name) : null;
  return { source, head, json, zipEntries };
}

/**
 * The signature of a local header or of the end of an empty archive. A safetensors file of such a header length has zeros and `{`
 * where an archive has the version it needs and the number of a method.
 */
function looksLikeZip(head: Uint8Array): boolean {
  if (head.length < 4) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const signature = view.getUint32(0, true);
  if (signature !== 0x04034b50 && signature !== 0x06054b50) return false;
  return head.length < 9 || view.getUint32(4, true) !== 0 || head[8] !== 0x7b;
}

/** `{` or `[` behind a byte order mark and blanks. A safetensors file begins with a length, whose upper bytes are zero. */
function looksLikeJson(head: Uint8Array): boolean {
  if (head.subarray(0, 8).includes(0)) return false;
  let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  while (at < head.length && [0x20, 0x09, 0x0a, 0x0d].includes(head[at] ?? 0)) at++;
  return head[at] === 0x7b || head[at] === 0x5b;
}
