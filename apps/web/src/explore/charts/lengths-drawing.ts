/**
 * What the drawing of lengths shows, as numbers: logarithms to base 10 of lengths relative to the input's, one a layer from
 * the first. Null where it is not known, −Infinity where all is dead, NaN and Infinity as they are.
 */

/** One value a layer. */
export type LayerValues = readonly (number | null)[];

/** What theory says of one configuration. */
export interface TheoryCurve {
  /** log₁₀ of E[M_l], or of its estimate where `exact` is false. */
  readonly mean: LayerValues;
  readonly exact: boolean;
  /** The length of a typical net. */
  readonly typical: LayerValues;
  /** Where nine nets of ten lie. */
  readonly low: LayerValues;
  readonly high: LayerValues;
}

/** What simulated nets of one configuration show. */
export interface NetsCurve {
  readonly nets: number;
  /** Nets whose last layer is dead. */
  readonly dead: number;
  /** Share of nets that are alive, 0 … 1. */
  readonly alive: readonly number[];
  readonly mean: LayerValues;
  /** Of the living, as are the next two. */
  readonly median: LayerValues;
  readonly low: LayerValues;
  readonly high: LayerValues;
  /** A few single nets, each a value a layer. */
  readonly single: readonly LayerValues[];
}

/** One configuration in the drawing. */
export interface LengthCurves {
  /** Letter and name, as the legend says them. */
  readonly label: string;
  /** `a` … `d`: which color. */
  readonly series: string;
  readonly depth: number;
  readonly selected: boolean;
  readonly theory: TheoryCurve | null;
  readonly nets: NetsCurve | null;
  /** What it was before the last fix. */
  readonly before: { readonly depth: number; readonly values: LayerValues } | null;
}
