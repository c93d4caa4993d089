/**
 * The shape of a benchmark: one piece of work, done by several contenders on the same numbers, and a rule by which their
 * results are the same. What a contender is built from is in `peers/`, what is measured in `benchmarks/`, how it is timed
 * in `run/`.
 */

/** Who takes part. */
export const contenderNames = ['kindling', 'tensorflow', 'onnxruntime', 'jax', 'torch'] as const;

export type ContenderName = (typeof contenderNames)[number];

/** Work that is ready to be done: inputs in place, nothing left to load. */
export interface PreparedWork {
  /** Does the work `times` times. Returns (or resolves) when it is really done, and may return how long it took in seconds where only the contender itself can tell. */
  run(times: number): undefined | number | Promise<undefined | number>;
  /** Numbers by which the contenders are compared, after at least one run. */
  result(): ArrayLike<number> | Promise<ArrayLike<number>>;
  dispose(): void | Promise<void>;
}

/** One piece of work, for every contender that can do it. */
export interface Benchmark {
  /** Such as `gemm`. Benchmarks of one group share a table. */
  readonly group: string;
  /** Such as `1024×784×32`. */
  readonly name: string;
  /** Floating-point operations of the work, where a rate says something; else null. */
  readonly operations: number | null;
  /** Largest |a − b| ≤ tolerance · max |b| allowed between two contenders' results; null where results are random. */
  readonly tolerance: number | null;
  readonly contenders: Partial<Readonly<Record<string, () => Promise<PreparedWork>>>>;
}
