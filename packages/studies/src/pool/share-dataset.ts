/**
 * A data set that workers can share. Where the platform allows shared memory (Node; a cross-origin isolated page) its
 * bytes lie in one block for all workers; elsewhere each worker gets a copy through its message.
 */
import type { Dataset, LabelledImages } from '@kindling/trainer';

/** True where a SharedArrayBuffer may be sent to a worker. */
function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false;
  // Only browsers have the flag; they may define SharedArrayBuffer and still refuse to send it.
  return !('crossOriginIsolated' in globalThis) || globalThis.crossOriginIsolated === true;
}

/** `dataset` with its bytes in shared memory where possible, else `dataset` itself. Equal in content. */
export function shareDataset(dataset: Dataset): Dataset {
  if (!canShareMemory()) return dataset;
  return { ...dataset, train: shareImages(dataset.train), test: shareImages(dataset.test) };
}

function shareImages(part: LabelledImages): LabelledImages {
  return { ...part, images: shareBytes(part.images), labels: shareBytes(part.labels) };
}

function shareBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes;
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}
