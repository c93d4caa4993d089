/** Numbers to test with, and comparisons by bits whose failures say where. Any NaN equals any other: wasm leaves its payload open. */

/** A small generator for test data (mulberry32): numbers on [0, 1). */
export function seededNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** f32 on (−1, 1), of mixed signs and sizes. */
export function randomFloats(seed: number, n: number): Float32Array {
  const next = seededNumbers(seed);
  return Float32Array.from({ length: n }, () => 2 * next() - 1);
}

/** Everything that is not an ordinary number, and the ends of those that are. */
export const specialFloats: readonly number[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0,
  2 ** -149,
  -(2 ** -149),
  2 ** -127,
  2 ** -126,
  3.4028234663852886e38,
  -3.4028234663852886e38,
];

/** Random f32 with about one in `every` replaced by a special one. */
export function floatsWithSpecials(seed: number, n: number, every: number): Float32Array {
  const next = seededNumbers(seed ^ 0x5bd1e995);
  return randomFloats(seed, n).map((value) =>
    next() * every < 1 ? (specialFloats[Math.floor(next() * specialFloats.length)] ?? 0) : value,
  );
}

/** Where two arrays of f32 first differ in bits (or length), or null. */
export function firstDifference(got: Float32Array, want: Float32Array): string | null {
  if (got.length !== want.length) return `${got.length} numbers, expected ${want.length}`;
  const gotBits = new Uint32Array(got.buffer, got.byteOffset, got.length);
  const wantBits = new Uint32Array(want.buffer, want.byteOffset, want.length);
  for (let i = 0; i < got.length; i++) {
    if (gotBits[i] === wantBits[i] || (Number.isNaN(got[i]) && Number.isNaN(want[i]))) continue;
    return `[${i}] is ${got[i]} (${hex(gotBits[i])}), expected ${want[i]} (${hex(wantBits[i])})`;
  }
  return null;
}

/** Where |got − want| first exceeds `bound` (or only one of them is NaN), or null. Infinities must be equal. */
export function firstOutside(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  bound: (i: number) => number,
): string | null {
  if (got.length !== want.length) return `${got.length} numbers, expected ${want.length}`;
  for (let i = 0; i < got.length; i++) {
    const [g, w] = [Number(got[i]), Number(want[i])];
    if (Object.is(g, w) || g === w || Math.abs(g - w) <= bound(i)) continue;
    return `[${i}] is ${g}, expected ${w} within ${bound(i)}; off by ${Math.abs(g - w)}`;
  }
  return null;
}

/** Eight hex digits. */
export function hex(word: number | undefined): string {
  return (Number(word) >>> 0).toString(16).padStart(8, '0');
}

/** The distance from |x| to the next f64 above it. */
export function ulpOf(x: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  const bits = view.getBigUint64(0);
  view.setBigUint64(0, bits + 1n);
  return view.getFloat64(0) - Math.abs(x);
}
