/** How much the numbers of a kernel contradict every law that fresh ones are drawn from. */
import type { Engine } from '@kindling/core';
import type { LayerShape } from '@kindling/initializers';
import { candidateLaws } from '../candidate-laws.js';
import { testFreeScale } from '../free-scale-test.js';
import { fewestTested, sumsOf, testLaw } from '../identify-law.js';
import { kurtosisPValue } from '../kurtosis-test.js';
import { lawShapes, shapeReach } from '../law-shape.js';
import type { WeightMatrix } from '../weight-matrix.js';
import type { WeightSample } from '../weight-sample.js';

/** p-values of the laws that are contradicted least; 1 where a law needs no test, as of numbers that are all the same. */
export interface LawEvidence {
  /** Of the catalog's laws at the layer's fans; laws whose end a number passes have p = 0. `null` where fans are not known. */
  readonly catalogPValue: number | null;
  /** Of the catalog's shapes with a scale of their own; 1 where a law of the catalog is not contradicted at 0.01. */
  readonly shapePValue: number;
}

/** Not contradicted at this level needs no second look. */
const passing = 0.01;
/** Nothing depends on how much smaller a p-value is. */
const negligible = 1e-12;

/**
 * Tests a sample as `identifyLaw` does, but tells p-values instead of an answer.
 *
 * @param slack by how much of itself a number may pass a law's end
 * @returns `null` for fewer than 20 numbers, or some that are not finite
 */
export function lawEvidence(
  engine: Engine,
  { sorted, notFinite }: WeightSample,
  fans: LayerShape | null,
  slack: number,
): LawEvidence | null {
  const [least = 0, most = 0] = [sorted[0], sorted[sorted.length - 1]];
  if (notFinite > 0) return null;
  const same = sorted.length > 0 && (least === most || isSigns(sorted));
  if (same) return { catalogPValue: fans === null ? null : 1, shapePValue: 1 };
  if (sorted.length < fewestTested) return null;
  const sums = sumsOf(sorted);
  let catalogPValue: number | null = null;
  if (fans !== null) {
    catalogPValue = 0;
    for (const law of candidateLaws(fans)) {
      if (sums.largest > shapeReach[law.shape] * law.deviation * (1 + slack)) continue;
      catalogPValue = Math.max(catalogPValue, testLaw(engine, sorted, sums, law, negligible).pValue);
    }
    if (catalogPValue >= passing) return { catalogPValue, shapePValue: 1 };
  }
  let shapePValue = 0;
  for (const shape of lawShapes) {
    const fit = testFreeScale(engine, sorted, shape);
    if (sums.largest > shapeReach[shape] * fit.deviation * (1 + slack)) continue;
    const both = Math.min(fit.pValue, kurtosisPValue(engine, sorted, shape));
    shapePValue = Math.max(shapePValue, Math.min(1, 2 * both));
  }
  return { catalogPValue, shapePValue };
}

/** Numbers of one size and both signs. */
function isSigns(sorted: Float64Array): boolean {
  const most = sorted[sorted.length - 1] ?? 0;
  return sorted[0] === -most && sorted.every((value) => value === most || value === -most);
}

/** Rounding of f32 sums of a thousand products, with room. */
const orthogonalSlack = 1e-4;

/**
 * Whether the vectors along the shorter side are of one length and at right angles: drawn so (Saxe, McClelland & Ganguli, ICLR 2014), since training does
 * not keep it. The first vector is compared with all others.
 */
export function isOrthogonal({ rows, columns, values }: WeightMatrix): boolean {
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  if (count < 2) return false;
  const entry = (vector: number, i: number) =>
    values[rows < columns ? vector * columns + i : i * columns + vector] as number;
  const product = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += entry(a, i) * entry(b, i);
    return sum;
  };
  const square = product(0, 0);
  if (!(square > 0)) return false;
  for (let vector = 1; vector < count; vector++) {
    if (Math.abs(product(vector, vector) - square) > orthogonalSlack * square) return false;
    if (Math.abs(product(0, vector)) > orthogonalSlack * square) return false;
  }
  return true;
}
