/** Evidence as numbers for a logistic regression: surprises in powers of ten under the null of fresh weights. */
import { portableMath } from '@kindling/core';
import { normalTwoSidedTail } from '../normal-tail.js';
import { orderTestNames } from './order-tests.js';
import type { TensorEvidence } from './tensor-evidence.js';

/** More surprise than this says no more. */
export const mostSurprise = 8;

/** Of a kernel: how much its size could tell (0 … 1), then surprises: of order, of the catalog's laws, of their shapes with any scale. */
export const kernelFeatureNames = ['size', ...orderTestNames, 'catalogLaw', 'anyScaleLaw'] as const;

/**
 * Of a vector: whether it is a constant, and the surprise under the laws of random biases beyond 2. One that varies as such a law does tells
 * nothing: both are 0.
 */
export const vectorFeatureNames = ['constant', 'biasLaw'] as const;

/** A bias law is contradicted beyond it, as one of the catalog is in `identifyLaw`. */
const contradicted = 2;

/** −log₁₀ p, between 0 and `mostSurprise`. */
export function surprise(pValue: number): number {
  if (!(pValue > 0)) return mostSurprise;
  return Math.max(0, Math.min(mostSurprise, -portableMath.log(pValue) / Math.LN10));
}

/** −log₁₀ P(a standard normal is above z). */
export function oneSidedSurprise(z: number): number {
  return surprise(z > 0 ? normalTwoSidedTail(z) / 2 : 1);
}

/** Numbers below which nothing can be told, and above which more numbers tell no more, in powers of ten. */
const [tinySize, largeSize] = [10, 10_000];

/** log(n/10)/log(1000) for n from 10 to 10,000: silence says the less the smaller a tensor is. */
export function sizeWeight(size: number): number {
  if (size <= tinySize) return 0;
  return Math.min(1, portableMath.log(size / tinySize) / portableMath.log(largeSize / tinySize));
}

/** In the order of `kernelFeatureNames` or `vectorFeatureNames`; `null` where there is nothing to tell. */
export function evidenceFeatures(evidence: TensorEvidence): readonly number[] | null {
  if (evidence.kind === 'nothing') return null;
  if (evidence.kind === 'vector') {
    const { constant, pValue } = evidence;
    if (constant) return [1, 0];
    return [0, Math.max(0, surprise(pValue ?? 1) - contradicted)];
  }
  const { size, order, law, orthogonal } = evidence;
  const orders = orderTestNames.map((name) => (order === null ? 0 : oneSidedSurprise(order[name])));
  const known = law === null || orthogonal;
  const laws = known ? [0, 0] : [surprise(law.catalogPValue ?? law.shapePValue), surprise(law.shapePValue)];
  return [sizeWeight(size), ...orders, ...laws];
}
