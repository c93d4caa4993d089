import { isModelField } from './onnx-file.js';
import { wireFieldAt } from './protobuf-file.js';

/**
 * ONNX has no signature: it is recognized by the fields at its top.
 *
 * @param head the beginning of the file
 * @param size of the whole file
 */
export function looksLikeOnnx(head: Uint8Array, size: number): boolean {
  const numbers = new Set<number>();
  for (let at = 0; at < head.length; ) {
    const field = wireFieldAt(head, at);
    if (field === null || !isModelField(field)) {
      // A header may be cut off by the end of the head, not by the end of the file.
      return head.length < size && head.length - at < 16 && numbers.size > 0;
    }
    numbers.add(field.number);
    at = field.offset + field.length;
  }
  // The version of the format always comes, and a name or a graph.
  return numbers.has(1) && numbers.size > 1;
}
