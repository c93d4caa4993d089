/** A law that a figure of weights draws: its name, density and quantiles. */
import {
  densityLawDensity,
  densityLawQuantile,
  type IdentifiedLaw,
  type LawFit,
  type LawFits,
  shapeDensity,
  shapeQuantile,
} from '@kindling/diagnostics';
import { fittedLawTitle } from '../report/law-text.js';
import { numberText } from '../report/number-text.js';

/** A law as figures need it. */
export interface ReferenceLaw {
  readonly title: string;
  density(x: number): number;
  /** x with this share below it. */
  quantile(share: number): number;
}

/** The initializer's law, or the shape with a scale of its own, that the numbers do not contradict; `null` where there is none. */
export function identifiedReference(law: IdentifiedLaw | null): ReferenceLaw | null {
  if (law?.kind !== 'catalog' && law?.kind !== 'shape') return null;
  const { shape, deviation } = law;
  const name = law.kind === 'catalog' ? (law.names[0] ?? law.title) : `${shape} of that scale`;
  return {
    title: `${name}, σ ${numberText(deviation)}`,
    density: (x) => shapeDensity(shape, x / deviation) / deviation,
    quantile: (share) => deviation * shapeQuantile(shape, share),
  };
}

/** The likeliest law by AIC; `null` where nothing was fitted. */
export function likeliestReference(fits: LawFits | null): ReferenceLaw | null {
  return fits?.kind === 'fitted' ? fittedReference(fits.fits[0]) : null;
}

/** The fitted normal law, to compare with; `null` where nothing was fitted. */
export function normalReference(fits: LawFits | null): ReferenceLaw | null {
  const fit = fits?.kind === 'fitted' ? fits.fits.find(({ law }) => law.name === 'normal') : undefined;
  return fit === undefined ? null : fittedReference(fit);
}

function fittedReference({ law }: LawFit): ReferenceLaw {
  return {
    title: `${fittedLawTitle(law)}, fitted`,
    density: (x) => densityLawDensity(law, x),
    quantile: (share) => densityLawQuantile(law, share),
  };
}
