/** The law of the eigenvalues of large random matrices, and that of the largest one. */
import { InvalidArgumentError, portableMath } from '@kindling/core';

/** Where the eigenvalues of WᵀW/rows lie when the entries are independent, of mean 0 and variance σ². */
export interface BulkEdges {
  readonly lower: number;
  readonly upper: number;
}

/**
 * σ²(1 ± √(1/Q))². Source: Marchenko & Pastur, Math. USSR-Sbornik 1, 1967.
 *
 * @param aspect Q = rows/columns ≥ 1
 * @param variance σ² of the entries; default 1
 * @throws InvalidArgumentError for a Q below 1 or a variance that is not a number ≥ 0
 */
export function marchenkoPasturEdges(aspect: number, variance = 1): BulkEdges {
  if (!(aspect >= 1)) {
    throw new InvalidArgumentError(
      `marchenkoPasturEdges: aspect is ${aspect}; expected rows/columns ≥ 1 — transpose the matrix`,
    );
  }
  if (!(variance >= 0)) {
    throw new InvalidArgumentError(`marchenkoPasturEdges: variance is ${variance}; expected a number ≥ 0`);
  }
  const root = Math.sqrt(1 / aspect);
  return { lower: variance * (1 - root) * (1 - root), upper: variance * (1 + root) * (1 + root) };
}

/** Steps of the integral below: the error is of the fourth order. */
const steps = 2000;

/**
 * P(λ ≤ x) as a function of x, for σ² = 1. With x = c − r·cos θ, c and r the middle and half width of the bulk, the density
 * √((b − x)(x − a))/(2πx/Q) dx becomes r² sin²θ Q/(2πx) dθ, which is smooth, and is summed by Simpson's rule.
 */
export function marchenkoPasturLaw(aspect: number): {
  shareBelow(x: number): number;
  quantile(share: number): number;
} {
  const { lower, upper } = marchenkoPasturEdges(aspect);
  const [middle, half] = [(lower + upper) / 2, (upper - lower) / 2];
  const place = (theta: number) => middle - half * portableMath.sin(theta + Math.PI / 2);
  const density = (theta: number) => {
    const sine = portableMath.sin(theta);
    const x = place(theta);
    // At Q = 1 and θ = 0 the quotient has the limit r²·2/r.
    return x < 1e-12 * upper
      ? (aspect * half) / Math.PI
      : (aspect * half * half * sine * sine) / (2 * Math.PI * x);
  };
  const width = Math.PI / steps;
  const shares = new Float64Array(steps + 1);
  const places = Float64Array.from({ length: steps + 1 }, (_, i) => place(i * width));
  for (let i = 0; i < steps; i++) {
    const [left, inside, right] = [density(i * width), density((i + 0.5) * width), density((i + 1) * width)];
    shares[i + 1] = (shares[i] as number) + (width / 6) * (left + 4 * inside + right);
  }
  return {
    shareBelow: (x) => (x <= lower ? 0 : x >= upper ? 1 : interpolate(places, shares, x)),
    quantile: (share) => interpolate(shares, places, share),
  };
}

/**
 * The density of singular values s/√rows under the law: 2s·√((b − s²)(s² − a))/(2πσ²s²/Q), 0 outside of [√a, √b], a and b the edges. Of
 * eigenvalues the density at λ = s² is this over 2s.
 *
 * @param aspect Q = rows/columns ≥ 1
 * @param variance σ² > 0
 * @param value s ≥ 0, a singular value over √rows
 * @throws InvalidArgumentError as `marchenkoPasturEdges`
 */
export function marchenkoPasturDensity(aspect: number, variance: number, value: number): number {
  const { lower, upper } = marchenkoPasturEdges(aspect, variance);
  const square = value * value;
  if (!(square >= lower && square <= upper)) return 0;
  // At Q = 1 the lower edge is 0, where the density of s is finite.
  if (square === 0) return (aspect * Math.sqrt(upper)) / (Math.PI * variance);
  return (aspect * Math.sqrt((upper - square) * (square - lower))) / (Math.PI * variance * value);
}

/** Of ascending x. */
function interpolate(x: Float64Array, y: Float64Array, at: number): number {
  let [low, high] = [0, x.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((x[middle] as number) <= at) low = middle;
    else high = middle;
  }
  const [from, to] = [x[low] as number, x[high] as number];
  const share = to > from ? (at - from) / (to - from) : 0;
  return (y[low] as number) + share * ((y[high] as number) - (y[low] as number));
}

/** Center and scale of the law of the largest eigenvalue of WᵀW/rows. */
export interface TopEigenvalueLaw {
  readonly center: number;
  readonly scale: number;
}

/**
 * (λ_max − center)/scale has nearly the law of Tracy and Widom (of order 1) for normal entries of variance 1: of rows·λ_max the center is
 * (√(m − ½) + √(n − ½))² and the scale (√(m − ½) + √(n − ½))(1/√(m − ½) + 1/√(n − ½))^{1/3}, m rows and n columns. Source: Johnstone, Ann. Stat. 29,
 * 2001, with the halves of Ma, Bernoulli 18, 2012, that make the error of order min(m, n)^{−2/3}. Entries of other laws have the same
 * limit where their fourth moment is finite.
 */
export function topEigenvalueLaw(rows: number, columns: number): TopEigenvalueLaw {
  const [m, n] = [Math.sqrt(rows - 0.5), Math.sqrt(columns - 0.5)];
  const sum = m + n;
  const cubeRoot = portableMath.exp(portableMath.log(1 / m + 1 / n) / 3);
  return { center: (sum * sum) / rows, scale: (sum * cubeRoot) / rows };
}

/** Of the law of Tracy and Widom of order 1: mean and variance, and points below which the share lies (Bornemann, Math. Comp. 79, 2010). */
export const tracyWidom = {
  mean: -1.206533574582,
  variance: 1.607781034581,
  quantile95: 0.97931605346955,
  quantile99: 2.02344928138015,
} as const;
