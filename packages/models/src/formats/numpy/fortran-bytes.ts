import { ModelFormatError } from '../../errors/model-format-error.js';
import type { TensorBytes } from '../../model/tensor-bytes.js';

/** Numbers in Fortran's order are put in order in memory; larger arrays would not be bounded. */
const mostBytes = 1_073_741_824;

/**
 * Bytes of an array whose first axis runs fastest, in row-major order.
 *
 * @param width bytes of one number
 * @throws ModelFormatError, when read, for more than 1 GiB
 */
export function rowMajorBytes(
  name: string,
  bytes: TensorBytes,
  shape: readonly number[],
  width: number,
): TensorBytes {
  return {
    length: bytes.length,
    async *pieces(most) {
      if (bytes.length > mostBytes) {
        throw new ModelFormatError(
          `read: ${name} is in Fortran order and has ${bytes.length} bytes; expected at most ${mostBytes} — save it with numpy.ascontiguousarray`,
          { details: { file: name, format: 'npy', expected: mostBytes, got: bytes.length } },
        );
      }
      const ordered = new Uint8Array(bytes.length);
      // The place of a number in row-major order, counted up as the file's numbers come.
      const strides = new Array<number>(shape.length).fill(width);
      for (let axis = shape.length - 2; axis >= 0; axis--) {
        strides[axis] = (strides[axis + 1] ?? width) * (shape[axis + 1] ?? 1);
      }
      const at = new Array<number>(shape.length).fill(0);
      let place = 0;
      for await (const piece of bytes.pieces(65_536 * width)) {
        for (let from = 0; from < piece.byteLength; from += width) {
          for (let i = 0; i < width; i++) ordered[place + i] = piece[from + i] ?? 0;
          for (let axis = 0; axis < shape.length; axis++) {
            const stride = strides[axis] ?? 0;
            const next = (at[axis] ?? 0) + 1;
            place += stride;
            at[axis] = next;
            if (next < (shape[axis] ?? 0)) break;
            place -= stride * next;
            at[axis] = 0;
          }
        }
      }
      for (let from = 0; from < ordered.byteLength; from += most) yield ordered.subarray(from, from + most);
    },
  };
}
