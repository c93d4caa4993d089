/** Tails of the normal law, accurate far out, where p-values of large |Z| are. */
import { portableMath } from '@kindling/core';

/** Below this size the series loses less than a digit by 1 − x; above, the fraction converges. */
const seriesReach = 2.5;
/** Of the continued fraction; at 2.5 a hundred give all digits. */
const fractionTerms = 120;

/**
 * P(|z| ≥ |x|) of a standard normal z, = erfc(|x|/√2), to 10⁻¹² of itself for |x| ≤ 37.5, where it is 10⁻³⁰⁷; a little beyond it
 * is 0. The same bits everywhere. NaN for NaN.
 *
 * Source: the series of erf and Laplace's continued fraction of the tail, Abramowitz & Stegun 26.2.11 and 26.2.14.
 */
export function normalTwoSidedTail(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(size)) return size;
  if (size === 0) return 1;
  // exp of the rounded square: the error of x²/2 is at most 10⁻¹³ of the result up to where it underflows.
  const density = portableMath.exp(-(size * size) / 2) / Math.sqrt(2 * Math.PI);
  if (density === 0) return 0;
  if (size < seriesReach) {
    let [term, sum] = [size, size];
    for (let k = 3; term > sum * 2 ** -54; k += 2) {
      term *= (size * size) / k;
      sum += term;
    }
    return 1 - 2 * density * sum;
  }
  let fraction = size;
  for (let k = fractionTerms; k > 0; k--) fraction = size + k / fraction;
  return (2 * density) / fraction;
}

/**
 * P(the largest of `count` independent |Z| is at least as large) = 1 − (1 − p)^count for p = P(one is), to 10⁻¹² of itself. It is
 * exact where the Z are independent, as those of different tensors are under the null; of dependent ones it is an upper bound for
 * normal Z (Šidák, JASA 62, 1967).
 *
 * @param pValue 0 … 1
 * @param count ≥ 1
 */
export function largestOfManyPValue(pValue: number, count: number): number {
  if (pValue >= 1) return 1;
  return shareOfExponent(count * exponentOf(pValue));
}

/** −log(1 − p), accurate for small p. */
function exponentOf(p: number): number {
  if (p > 0.01) return -portableMath.log(1 - p);
  let [power, sum] = [p, p];
  for (let k = 2; power > 0 && k <= 8; k++) {
    power *= p;
    sum += power / k;
  }
  return sum;
}

/** 1 − e^−t, accurate for small t. */
function shareOfExponent(t: number): number {
  if (t > 0.01) return 1 - portableMath.exp(-t);
  let [term, sum] = [t, t];
  for (let k = 2; k <= 8; k++) {
    term *= -t / k;
    sum += term;
  }
  return sum;
}
