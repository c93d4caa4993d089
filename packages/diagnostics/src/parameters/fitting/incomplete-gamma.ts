/** The incomplete gamma function, of which the shares of generalized normal laws are made. */
import { portableMath } from '@kindling/core';
import { logGamma } from './gamma-function.js';

const mostTerms = 2000;
const tiny = 1e-300;

/** P and Q, which add up to 1; the smaller one keeps all its digits. */
export interface GammaShares {
  /** P(a, x) = γ(a, x)/Γ(a). */
  readonly below: number;
  /** Q(a, x) = Γ(a, x)/Γ(a). */
  readonly above: number;
}

/**
 * Shares below and above x of a Gamma variable of shape a and scale 1, the smaller one to 10⁻¹² of itself. The series of γ for x < a + 1,
 * else the continued fraction of Γ(a, x), by Lentz' method. Source: Abramowitz & Stegun 6.5.29 and 6.5.31.
 *
 * @param a > 0
 * @param x ≥ 0
 */
export function gammaShares(a: number, x: number): GammaShares {
  if (x === 0) return { below: 0, above: 1 };
  if (x === Number.POSITIVE_INFINITY) return { below: 1, above: 0 };
  const factor = portableMath.exp(a * portableMath.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let [term, sum] = [1 / a, 1 / a];
    for (let k = 1; k < mostTerms && term > sum * 2 ** -54; k++) {
      term *= x / (a + k);
      sum += term;
    }
    const below = Math.min(1, factor * sum);
    return { below, above: 1 - below };
  }
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < mostTerms; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / awayFromZero(numerator * d + b);
    c = awayFromZero(b + numerator / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 2 ** -52) break;
  }
  const above = Math.min(1, factor * fraction);
  return { below: 1 - above, above };
}

function awayFromZero(x: number): number {
  return Math.abs(x) < tiny ? tiny : x;
}
