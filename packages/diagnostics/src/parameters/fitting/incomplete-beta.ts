/** The incomplete beta function: shares of Student's t, and of what stands at a place in the order of a sample. */
import { portableMath } from '@kindling/core';
import { logGamma } from './gamma-function.js';

const mostTerms = 5000;
const tiny = 1e-300;

/**
 * I_x(a, b), the share of a Beta(a, b) variable below x, to 10⁻¹¹ of itself for a, b up to some thousands and 10⁻⁹ up to 10⁵ where the share is
 * below ½. The continued fraction of Abramowitz & Stegun 26.5.8 by Lentz' method, on the side where it converges fast.
 *
 * @param x 0 … 1
 * @param a > 0
 * @param b > 0
 * @param rest 1 − x, where that is known better than the difference tells
 */
export function betaShareBelow(x: number, a: number, b: number, rest = 1 - x): number {
  if (Number.isNaN(x)) return x;
  if (x <= 0) return 0;
  if (!(rest > 0)) return 1;
  const { log, exp } = portableMath;
  const factor = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(rest));
  if (x < (a + 1) / (a + b + 2)) return Math.min(1, (factor * fraction(x, a, b)) / a);
  return Math.max(0, 1 - (factor * fraction(rest, b, a)) / b);
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let k = 1; k < mostTerms; k++) {
    const even = (k * (b - k) * x) / ((a + 2 * k - 1) * (a + 2 * k));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    result *= d * c;
    const odd = (-(a + k) * (a + b + k) * x) / ((a + 2 * k) * (a + 2 * k + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 2 ** -52) break;
  }
  return result;
}

function awayFromZero(x: number): number {
  return Math.abs(x) < tiny ? tiny : x;
}

/** x with I_x(a, b) = share, by bisection to 2⁻⁵⁰. @param share 0 … 1 */
export function betaQuantile(share: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60 && high - low > 2 ** -50 * high; step++) {
    const middle = (low + high) / 2;
    if (betaShareBelow(middle, a, b) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
