/** Whether threads can work on one block of memory here. */

/** True where a SharedArrayBuffer may be sent to a worker: Node, and pages that are cross-origin isolated. */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false;
  // Only browsers have the flag; they may define SharedArrayBuffer and still refuse to send it.
  return !('crossOriginIsolated' in globalThis) || globalThis.crossOriginIsolated === true;
}

/** `bytes` in shared memory: a copy, unless they lie there already. */
export function shareBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes;
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}
