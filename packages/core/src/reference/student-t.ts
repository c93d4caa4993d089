/** Twin of `fill_student_t`: Bailey's polar method, four draws from eight words. */
import { drawWords, type ReferenceStream } from './stream.js';

/** What to draw: n numbers of Student's law, scaled to a standard deviation. */
export interface StudentTDraw {
  readonly n: number;
  /** Of what is delivered. */
  readonly deviation: number;
  /** ν > 2. */
  readonly degreesOfFreedom: number;
}

/**
 * deviation · √((ν − 2)/ν) · √(ν(u^(−2/ν) − 1)) · cos 2πv in f64. Words 0 … 3 of eight give u, words 4 … 7 give v. The kernel
 * computes the same in f64 and rounds once, so it differs from this only by the last digits of the host's functions.
 */
export function studentT(
  stream: ReferenceStream,
  { n, deviation, degreesOfFreedom }: StudentTDraw,
): Float64Array<ArrayBuffer> {
  const values = new Float64Array(n);
  const scale = deviation * Math.sqrt(degreesOfFreedom - 2);
  for (let start = 0; start < n; start += 4) {
    const words = drawWords(stream, 2);
    for (let l = 0; l < 4; l++) {
      const u = (Number(words[l]) + 0.5) * 2 ** -32;
      const v = (Number(words[l + 4]) + 0.5) * 2 ** -32;
      // Places past the end do not exist in a typed array: the rest of the unit is thrown away.
      values[start + l] =
        scale * Math.sqrt(Math.expm1((-2 / degreesOfFreedom) * Math.log(u))) * Math.cos(2 * Math.PI * v);
    }
  }
  return values;
}
