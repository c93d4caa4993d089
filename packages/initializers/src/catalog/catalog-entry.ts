/** What the catalog knows of a name. */
import type { Initializer } from '../initializer.js';

/** What an expression such as `he-normal:slope=0.2` may set. */
export type ParameterName =
  | 'variance'
  | 'low'
  | 'high'
  | 'value'
  | 'gain'
  | 'slope'
  | 'scale'
  | 'mode'
  | 'distribution'
  | 'degrees-of-freedom'
  | 'sparsity'
  | 'deviation'
  | 'tolerance'
  | 'max-tries'
  | 'weight-deviation'
  | 'bias-deviation'
  | 'base'
  | 'output'
  | 'bias'
  | 'bias-variance';

/** The library whose default a preset is. */
export interface PresetOf {
  readonly library: string;
  readonly version: string;
}

/** One name: what it means, where it comes from and what of it can be changed. Plain JSON. */
export interface CatalogEntry {
  /** As a person reads it, such as "He truncated at 2σ, variance not restored". */
  readonly title: string;
  /** What the name means where nothing is set, in the spelling of expressions: `variance=0.0025`. */
  readonly defaults?: string;
  readonly initializer: Initializer;
  /** The paper or the documentation. */
  readonly source: string;
  readonly preset?: PresetOf;
  /** Keys an expression may set. */
  readonly parameters: readonly ParameterName[];
}

/** Keys every initializer with layerwise laws takes. */
export const biasParameters = ['bias', 'bias-variance'] as const satisfies readonly ParameterName[];
