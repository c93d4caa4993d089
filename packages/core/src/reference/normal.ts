/**
 * Twins of `fill_normal`: Box & Muller, eight draws from eight words. Words 0 … 3 give the radii, words 4 … 7 the angles;
 * pair l lands at places l and l + 4.
 */
import { hornerF32, round32 } from './f32.js';
import { logarithmF32 } from './logarithm.js';
import { drawWords, type ReferenceStream } from './stream.js';

/** A pair of standard normals from the word of its radius and the word of its angle. */
type PairOf = (first: number, second: number) => readonly [number, number];

/**
 * deviation · z, n standard normals in f64. The radius' word is rounded to f32 as in the kernel, because that decides
 * which of the 2^31 radii is meant; everything after it is as exact as the host's functions.
 */
export function normal(stream: ReferenceStream, n: number, deviation: number): Float64Array<ArrayBuffer> {
  const values = new Float64Array(n);
  fill(stream, values, (first, second) => {
    const radius = deviation * Math.sqrt(-2 * Math.log(radiusNumber(first) * 2 ** -31));
    const angle = (((second << 3) >> 3) * Math.PI) / 4 / 2 ** 28;
    return turn(second, radius * Math.sin(angle), radius * Math.cos(angle));
  });
  return values;
}

/** The same with the kernel's series and roundings: the kernel's bits. */
export function normalF32(stream: ReferenceStream, n: number, deviation: number): Float32Array<ArrayBuffer> {
  const rounded = round32(deviation);
  const values = new Float32Array(n);
  fill(stream, values, (first, second) => {
    const log = logarithmF32(radiusNumber(first), 31);
    const radius = round32(round32(Math.sqrt(round32(-2 * log))) * rounded);
    const angle = round32(round32((second << 3) >> 3) * round32((Math.PI / 4) * 2 ** -28));
    const square = round32(angle * angle);
    const sine = round32(hornerF32(square, [1 / 362880, -1 / 5040, 1 / 120, -1 / 6, 1]) * angle);
    const cosine = hornerF32(square, [1 / 40320, -1 / 720, 1 / 24, -1 / 2, 1]);
    const [a, b] = turn(second, sine, cosine);
    return [round32(radius * a), round32(radius * b)];
  });
  return values;
}

function fill(stream: ReferenceStream, values: Float32Array | Float64Array, pairOf: PairOf): void {
  for (let start = 0; start < values.length; start += 8) {
    const words = drawWords(stream, 2);
    for (let l = 0; l < 4; l++) {
      const [a, b] = pairOf(words[l] ?? 0, words[l + 4] ?? 0);
      // Places past the end do not exist in a typed array: the rest of the unit is thrown away.
      values[start + l] = a;
      values[start + l + 4] = b;
    }
  }
}

/** The upper 31 bits + ½, rounded to f32. */
function radiusNumber(word: number): number {
  return round32(round32(word >>> 1) + 0.5);
}

/** The eight symmetries of the square: bit 29 swaps, bits 31 and 30 are the signs. */
function turn(word: number, sine: number, cosine: number): readonly [number, number] {
  const swap = (word & 0x20000000) !== 0;
  const a = swap ? sine : cosine;
  const b = swap ? cosine : sine;
  return [(word & 0x80000000) !== 0 ? -a : a, (word & 0x40000000) !== 0 ? -b : b];
}
