/** How long to measure. */

/** What one contender gets for one benchmark. */
export interface Budget {
  /** Warm-up before the first sample, seconds: engines compile hot code in the background. */
  readonly warmUpSeconds: number;
  /** A sample repeats the work until it takes at least this long, so that the clock's steps do not matter. */
  readonly sampleSeconds: number;
  /** Samples a contender; all contenders take turns, one sample each a round. */
  readonly rounds: number;
  /** Runs before results are compared: the first may still set up what the second finds ready. */
  readonly comparedRuns: number;
  /** A contender that has spent this long leaves the rounds, but not before it has `leastSamples`. */
  readonly mostSeconds: number;
}

/** Fewer samples have no useful median. */
export const leastSamples = 3;

/**
 * `full` is for the table in the documents, `quick` for a look, `once` does everything once, to compare and once
 * more, and its times mean nothing: for tests.
 */
export const budgets = {
  full: { warmUpSeconds: 0.5, sampleSeconds: 0.04, rounds: 15, comparedRuns: 2, mostSeconds: 20 },
  quick: { warmUpSeconds: 0.2, sampleSeconds: 0.02, rounds: 5, comparedRuns: 2, mostSeconds: 3 },
  once: { warmUpSeconds: 0, sampleSeconds: 0, rounds: 1, comparedRuns: 1, mostSeconds: 0 },
} as const satisfies Record<string, Budget>;

/** One of `budgets`. */
export type BudgetName = keyof typeof budgets;
