/**
 * How far two nets' laws are apart. Three distances that share nothing: of the standardized marginals, of the scales, of the spectra. Two laws
 * are the same only if all three are small, and which one is not says what differs.
 */
import { InvalidArgumentError } from '@kindling/core';
import { decodeNumber } from '../spec/canonical-json.js';
import type { LayerLaw, NetLaw } from './layer-statistics.js';

/** What the distances are of, in the order of tables and figures. */
export const lawAspects = ['shape', 'scale', 'spectrum'] as const;

/** What a distance is of. */
export type LawAspect = (typeof lawAspects)[number];

/** What each is, for people. */
export const aspectTitles: Readonly<Record<LawAspect, string>> = {
  shape: 'shape of the marginal',
  scale: 'scale',
  spectrum: 'spectrum',
};

/**
 * The distance of two layers of one size.
 *
 * - `shape`: Wasserstein-1 between the standardized marginals, ∫₀¹ |F⁻¹(u) − G⁻¹(u)| du by 64 quantiles, in standard deviations. Of the distances
 *   between laws the one that sees how far weights would have to move, whatever the bins; Kolmogorov's sees only the largest gap, and little of tails.
 * - `scale`: |log σ_a − log σ_b|: 0.1 is about a tenth.
 * - `spectrum`: the same mean of differences between singular values of equal rank, in root mean squares of them: Wasserstein-1 between the spectra.
 */
export function layerDistance(aspect: LawAspect, a: LayerLaw, b: LayerLaw): number {
  if (aspect === 'scale') return Math.abs(decodeNumber(a.logScale) - decodeNumber(b.logScale));
  return meanDifference(a[aspect], b[aspect]);
}

/** The mean of the layers' distances. @throws InvalidArgumentError for nets of different architectures, or one that is not comparable */
export function netDistance(aspect: LawAspect, a: NetLaw, b: NetLaw): number {
  if (a.layers.length !== b.layers.length || a.layers.length === 0) {
    throw new InvalidArgumentError(
      `netDistance: nets of ${a.layers.length} and ${b.layers.length} weight matrices; expected as many`,
    );
  }
  const sum = a.layers.reduce(
    (total, layer, i) => total + layerDistance(aspect, layer, b.layers[i] as LayerLaw),
    0,
  );
  return sum / a.layers.length;
}

/** Wasserstein-1 between the standardized marginals of two whole nets, whatever their architectures. */
export function pooledDistance(a: NetLaw, b: NetLaw): number {
  return meanDifference(a.pooled, b.pooled);
}

function meanDifference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length || a.length === 0) {
    throw new InvalidArgumentError(
      `layerDistance: ${a.length} and ${b.length} quantiles; expected as many, and at least one — leave out nets that diverged`,
    );
  }
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] as number) - (b[i] as number));
  return sum / a.length;
}

/** All pairs of `items`: symmetric, zeros on the diagonal. */
export function distanceMatrix<Item>(
  items: readonly Item[],
  distance: (a: Item, b: Item) => number,
): readonly Float64Array[] {
  const rows = items.map(() => new Float64Array(items.length));
  items.forEach((a, i) => {
    for (let j = 0; j < i; j++) {
      const value = distance(a, items[j] as Item);
      (rows[i] as Float64Array)[j] = value;
      (rows[j] as Float64Array)[i] = value;
    }
  });
  return rows;
}
