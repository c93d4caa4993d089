/** How files begin, as far as formats have a signature. Small: a page needs this before it knows which reader to load. */

/** Whether bytes begin as an npy file does. */
export function isNpy(head: Uint8Array): boolean {
  return beginsWith(head, [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]);
}

/** Whether bytes begin as an HDF5 file does. */
export function isHdf5(head: Uint8Array): boolean {
  return beginsWith(head, [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
}

/** Whether the file may be safetensors: a length that fits, then `{`. Other files have a byte of 123 at place 8, too. */
export function isSafetensors(head: Uint8Array, size: number): boolean {
  return head.length >= 10 && head[8] === 0x7b && safetensorsHeaderLength(head) + 8 <= size;
}

/** The first eight bytes of a safetensors file as a length; beyond 2⁵³ it is not exact, and refused anyway. */
export function safetensorsHeaderLength(head: Uint8Array): number {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return view.getUint32(4, true) * 4294967296 + view.getUint32(0, true);
}

function beginsWith(head: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, i) => head[i] === byte);
}
