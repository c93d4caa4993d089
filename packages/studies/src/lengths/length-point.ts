/** One point of a figure of lengths: theory beside simulation at one depth. Figures and words need no more of a summary. */
export interface LengthPoint {
  readonly initializer: string;
  /** Hidden layers. */
  readonly depth: number;
  readonly trials: number;
  /** Nets whose last length is exactly zero. */
  readonly deadTrials: number;
  /** Mean of M_d / M_0; NaN where it is not told. */
  readonly meanLength: number;
  /** Its standard error by theory. */
  readonly predictedStandardError: number;
  /** E[M_d / M_0]. */
  readonly predictedLength: number;
  /** What most living nets have, exp(mean log M_d / M_0); drawn where it is there. */
  readonly typicalLength?: number | null;
}
