/**
 * The shape of a benchmark: one piece of work, done by several contenders on the same numbers, and a rule by which their
 * results are the same. What a contender is built from is in `peers/`, which work there is in `groups/`, how it is timed
 * in `run/`.
 */

/** Work that is ready to be done: inputs in place, nothing left to load or to compile on purpose. */
export interface PreparedWork {
  /**
   * Does the work `times` times, and gives how long that took in seconds. The contender holds the clock, because only it
   * knows when the work is really done, and because a contender in another process must not pay for the way there.
   */
  run(times: number): Promise<number>;
  /** Numbers by which contenders are compared, as they are after the runs so far; null where there is nothing to compare. */
  result(): Promise<ArrayLike<number> | null>;
  /** Most bytes of linear memory in use at once so far, where the contender knows. */
  bytes?(): number;
  /** Gives back what was taken. */
  dispose(): Promise<void>;
}

/** Who does the work. */
export interface Contender {
  /** Such as `TensorFlow.js` or `PyTorch, batched`; unique in its benchmark. */
  readonly label: string;
  prepare(): Promise<PreparedWork>;
}

/** When two results are the same. */
export interface Agreement {
  /** How far `actual` is from `expected`; comparable with `tolerance`. */
  distance(expected: ArrayLike<number>, actual: ArrayLike<number>): number;
  /** The largest distance that is rounding (or, for random results, chance) and no mistake. */
  readonly tolerance: number;
}

/** One piece of work for everybody who can do it. */
export interface Benchmark {
  /** Such as `1024 × 784 × 32`; unique in its group. */
  readonly name: string;
  /** Floating-point operations, where a rate says something; else null. */
  readonly operations: number | null;
  /** The first is the one that the others are compared with: Kindling. */
  readonly contenders: readonly Contender[];
  readonly agreement: Agreement;
}

/** Largest |a − e| in units of the largest |e|; infinite when lengths differ or a number is missing or not finite. */
export function relativeDistance(expected: ArrayLike<number>, actual: ArrayLike<number>): number {
  if (expected.length !== actual.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    const e = expected[i] ?? Number.NaN;
    const apart = Math.abs((actual[i] ?? Number.NaN) - e);
    // Not `Math.max`: NaN must not hide.
    if (!(apart <= difference)) difference = Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
    size = Math.max(size, Math.abs(e));
  }
  return difference === 0 ? 0 : difference / size;
}
