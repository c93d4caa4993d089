/** Files of models made in memory, and bytes put together by hand. */
import { type Sources, sourceFromBytes, sourcesOf } from '@kindling/models';

/** Sources of one file by itself. */
export function oneFile(bytes: Uint8Array, name = 'model'): Sources {
  return sourcesOf(sourceFromBytes(name, bytes));
}

/** Sources of several files; the first is the one to open. */
export function files(entries: Readonly<Record<string, Uint8Array>>): Sources {
  const [main, ...rest] = Object.entries(entries).map(([name, bytes]) => sourceFromBytes(name, bytes));
  if (main === undefined) throw new Error('files: expected at least one');
  return sourcesOf(main, rest);
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A safetensors file from the text of its header and its bytes, whatever they are. */
export function safetensorsBytes(header: string, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const json = utf8(header);
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

/** An npy file of version 1. */
export function npyBytes(descr: string, shape: string, data: Uint8Array, fortran = false): Uint8Array {
  const order = fortran ? 'True' : 'False';
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }`;
  const header = utf8(`${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`);
  const bytes = new Uint8Array(10 + header.length + data.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, header.length, true);
  bytes.set(header, 10);
  bytes.set(data, 10 + header.length);
  return bytes;
}

/** Bytes of numbers, little-endian. */
export function bytesOfArray(
  array: Float32Array | Float64Array | Int32Array | Uint16Array | Uint8Array,
): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength).slice();
}

/** Same numbers every time, from −0.5 to 0.5. */
export function someFloats(count: number, start = 1): Float32Array {
  let state = start;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296 - 0.5;
  });
}
