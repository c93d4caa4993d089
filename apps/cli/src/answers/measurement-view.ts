/** What a measurement tells people, whatever the kind of net: the numbers of every layer beside theory's, curves, facts and remarks. */
import type { LengthMeans, MeasurementRefusal } from '@kindling/diagnostics';
import type { Fact } from '../output/facts-text.js';
import type { LengthCurve } from '../output/length-plot.js';

/** One layer. Logarithms are natural. */
export interface MeasuredLayerView {
  /** Cells behind the layer's number, one a leading column. */
  readonly leading: readonly string[];
  /** Lengths for the input that was passed, not relative to it. */
  readonly found: LengthMeans;
  readonly theory: TheoryView;
}

/** What theory says of one layer. */
export interface TheoryView {
  /** E[M] where it is exact, else an approximation; null where there is neither. */
  readonly mean: number | null;
  /** Its natural logarithm, which stands also where no f64 holds the mean. */
  readonly logMean: number | null;
  /** Proved bounds around an approximation, as natural logarithms; null where the mean is exact or nothing is proved. */
  readonly logBounds: readonly [lower: number, upper: number] | null;
  /** E[log M] over living nets; null where there is no formula. */
  readonly meanLog: number | null;
}

/** A measurement as it is told. */
export interface MeasurementView {
  /** What the initializer is called. */
  readonly title: string;
  readonly unit: 'layer' | 'module';
  /** M₀. */
  readonly inputLength: number;
  readonly trials: number;
  readonly layers: readonly MeasuredLayerView[];
  /** Names of the cells behind the layer's number. */
  readonly leadingColumns: readonly string[];
  readonly facts: readonly Fact[];
  /** Theory's. */
  readonly curves: readonly LengthCurve[];
  readonly refusals: readonly MeasurementRefusal[];
  readonly remarks: readonly string[];
}
