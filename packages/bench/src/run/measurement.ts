/** What was measured. Plain JSON: this is what `--json` prints. */

/** One contender in one benchmark. */
export interface Measurement {
  readonly benchmark: string;
  readonly contender: string;
  /** Milliseconds for doing the work once: median, least and most of the samples. */
  readonly milliseconds: { readonly median: number; readonly least: number; readonly most: number };
  readonly samples: number;
  /** How many times as long as the benchmark's first, the median over rounds of neighbours: 2 means that the first is twice as fast. */
  readonly ratio: number;
  /** 1e9 floating-point operations a second, at the median; null where there is no count. */
  readonly gigaflops: number | null;
  /** Distance of the result from the first contender's, and the tolerance it stayed under; null where nothing is compared. */
  readonly distance: number | null;
  readonly tolerance: number | null;
  /** Most bytes of linear memory in use at once; null where it was not asked for. */
  readonly bytes: number | null;
}

/** Something that was left out, and why: one line. */
export interface Omission {
  readonly benchmark: string;
  readonly contender: string;
  readonly reason: string;
}

/** All measurements of one group. */
export interface GroupResult {
  /** Such as `gemm`. */
  readonly name: string;
  readonly title: string;
  /** What exactly was measured, in a sentence or two. */
  readonly description: string;
  readonly measurements: readonly Measurement[];
  readonly omissions: readonly Omission[];
  /** Other numbers of the group by name, with their units in it. */
  readonly facts: Readonly<Record<string, number>>;
}
