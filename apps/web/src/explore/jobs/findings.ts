/** What the page knows of a configuration, and under which key it is kept: all that decides the numbers is in the key. */
import {
  type ExploreSpec,
  type ExploreTheory,
  type ExploreVerdictResult,
  exploreConfigurationText,
} from '@kindling/studies';
import type { NetsCurve } from '../charts/lengths-drawing.js';

/** Nets of one configuration so far. */
export interface LengthsSoFar {
  /** Null before the first net. */
  readonly curve: NetsCurve | null;
  readonly done: number;
  readonly total: number;
}

/** A verdict, or why there is none. */
export type VerdictFound =
  | { readonly state: 'judged'; readonly verdict: ExploreVerdictResult }
  | { readonly state: 'failed'; readonly message: string };

/** What is known of one configuration; null is on its way, or not asked for. */
export interface Findings {
  readonly theory: ExploreTheory | null;
  readonly lengths: LengthsSoFar | null;
  readonly verdict: VerdictFound | null;
}

/** The key of all that theory says of configuration `index`. */
export function theoryKey({ data, configurations }: ExploreSpec, index: number): string {
  const configuration = configurations[index];
  const text = configuration === undefined ? '' : exploreConfigurationText(configuration);
  return `${data.kind === 'function' ? data.name : data.identity.digest} ${text}`;
}

/** The key of what is drawn at random. */
export function numbersKey(spec: ExploreSpec, index: number): string {
  return `${spec.seed} ${theoryKey(spec, index)}`;
}
