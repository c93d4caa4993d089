/** What the fit of one law is. */
import type { DensityLaw } from './density-law.js';

/** Standard errors of a law's numbers, `null` where there is none to give. */
export interface LawErrors {
  readonly location: number | null;
  readonly scale: number | null;
  readonly shape: number | null;
}

/** The likeliest law of its family. */
export interface LikelyLaw {
  readonly law: DensityLaw;
  /** Σ log density, in the units of the numbers. */
  readonly logLikelihood: number;
  /**
   * From the observed information, −∂² log L at the maximum; where that does not exist (locations of laws with a cusp) from the expected
   * one; `null` where the law is not regular, as at the end of a shape's range.
   */
  readonly standardErrors: LawErrors;
  /** Whether the shape stopped at an end of what is searched: then the law next to it says as much (`normal` for ν = 1000). */
  readonly atEnd: boolean;
}

/** Numbers in units in which none overflows when squared. */
export interface FittedSample {
  /** Ascending, not all equal. */
  readonly sorted: Float64Array;
  readonly mean: number;
  readonly median: number;
}
