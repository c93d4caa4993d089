/**
 * Decompresses one gzip file with `DecompressionStream`, which browsers and Node share, and levels the engines' differences:
 * bytes after the end are refused everywhere (Node alone would pass over zeros and join several members).
 * The output is bounded, so a small file can't fill the memory. Not for files that do not fit into memory anyway.
 *
 * Format: RFC 1952.
 */
import { InvalidArgumentError } from '@kindling/core';
import { DataFormatError } from './data-format-error.js';

/** Options of `gunzip`. */
export interface GunzipOptions {
  /** Refuse output longer than this many bytes. Default: 268,435,456 (256 MiB), five times the largest file of MNIST. */
  readonly maxBytes?: number;
}

const defaultMaxBytes = 256 * 1024 * 1024;
// Deflate expands at most about 1032 times and an engine may do a whole chunk at once, so a slice bounds the surplus to 64 MB.
const sliceBytes = 64 * 1024;
// A header of 10 bytes and a trailer of 8, around at least one byte of data.
const shortestGzip = 19;

/** True if the bytes begin as a gzip file does (RFC 1952: 0x1f 0x8b). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Decompresses a gzip file of one member.
 *
 * @param bytes The whole file. It is not changed and must not be changed before the promise settles.
 * @param file Its name, for the messages.
 * @returns The content, in an array of its own.
 * @throws DataFormatError (`data-format`) if the file is not gzip, is truncated or damaged, has bytes after its end, or
 *   unpacks to more than `maxBytes`.
 * @throws InvalidArgumentError if `maxBytes` is not a number ≥ 0.
 */
export async function gunzip(
  bytes: Uint8Array,
  file: string,
  options: GunzipOptions = {},
): Promise<Uint8Array> {
  const maxBytes = options.maxBytes ?? defaultMaxBytes;
  if (!(maxBytes >= 0)) {
    throw new InvalidArgumentError(
      `gunzip: maxBytes is not a size; expected a number ≥ 0, got ${maxBytes} — leave it out`,
    );
  }
  const details = { file };
  if (!isGzip(bytes)) {
    throw new DataFormatError(
      `gunzip: ${file} is not a gzip file; expected it to begin with 0x1f 0x8b, got ${bytes.length === 0 ? 'an empty file' : 'other bytes'} — download it again, or drop .gz from its name if it is not compressed`,
      { details },
    );
  }

  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = slices(bytes).pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > maxBytes) break;
      chunks.push(value);
    }
  } catch (cause) {
    throw new DataFormatError(
      `gunzip: ${file} is truncated or damaged; expected a whole gzip file, got ${bytes.length} bytes that unpack to ${length} and then fail (${cause instanceof Error ? cause.message : String(cause)}) — download it again`,
      { details, cause },
    );
  }
  if (length > maxBytes) {
    // Whatever closing the stream says is of no interest: nothing more is read from it.
    await reader.cancel().catch(() => undefined);
    throw new DataFormatError(
      `gunzip: ${file} unpacks to too much; expected at most ${maxBytes} bytes, got more — check that it is the file you meant`,
      { details: { file, maxBytes } },
    );
  }
  // The trailer ends with the length modulo 2^32, and the engine has checked it against the first member's end.
  const trailer = bytes.length < shortestGzip ? undefined : readLengthTrailer(bytes);
  if (trailer !== length % 2 ** 32) {
    throw new DataFormatError(
      `gunzip: ${file} has bytes after its end; expected one gzip member and nothing behind it, got a trailer that does not fit the content — download it again`,
      { details },
    );
  }
  return join(chunks, length);
}

function slices(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  // The stream takes no shared memory; a view on plain memory is passed on without a copy.
  const { buffer } = bytes;
  const plain: Uint8Array<ArrayBuffer> =
    buffer instanceof ArrayBuffer
      ? new Uint8Array(buffer, bytes.byteOffset, bytes.length)
      : new Uint8Array(bytes);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= plain.length) {
        controller.close();
        return;
      }
      controller.enqueue(plain.subarray(at, at + sliceBytes));
      at += sliceBytes;
    },
  });
}

function readLengthTrailer(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(bytes.length - 4, true);
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
