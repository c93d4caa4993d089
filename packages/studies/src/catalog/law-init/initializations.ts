/** What nets are drawn from, as data. */
import type { NetLawKind } from '../../weight-laws/net-sampler.js';

/** One way to draw a net from a law of trained ones. */
export interface LawInitialization {
  readonly title: string;
  readonly kind: NetLawKind;
  /** Whether every layer gets He's mean square, 2/fan-in. */
  readonly rescale: boolean;
}

/** By name, in the order of lists and figures. */
export const lawInitializations = {
  marginal: { title: 'marginal', kind: 'marginal', rescale: false },
  'marginal-rescaled': { title: 'marginal, rescaled', kind: 'marginal', rescale: true },
  'matrix-normal': { title: 'matrix normal', kind: 'matrix-normal', rescale: false },
  'matrix-normal-rescaled': { title: 'matrix normal, rescaled', kind: 'matrix-normal', rescale: true },
  'filter-covariance': { title: 'filter covariance', kind: 'filter-covariance', rescale: false },
  'filter-covariance-rescaled': {
    title: 'filter covariance, rescaled',
    kind: 'filter-covariance',
    rescale: true,
  },
} as const satisfies Readonly<Record<string, LawInitialization>>;

/** A way to draw a net. */
export type LawInitName = keyof typeof lawInitializations;

/** The names. */
export const lawInitNames = Object.keys(lawInitializations) as readonly LawInitName[];
