/**
 * ψ and ψ′ at the half-integers ½, 1, 1½, …: E[log χ²_k] = ψ(k/2) + log 2 and Var[log χ²_k] = ψ′(k/2). Exact by the
 * recursions ψ(x + 1) = ψ(x) + 1/x and ψ′(x + 1) = ψ′(x) − 1/x² from ψ(½) = −γ − 2 log 2, ψ(1) = −γ, ψ′(½) = π²/2,
 * ψ′(1) = π²/6.
 */

/** γ, OEIS A001620. */
const eulerGamma = 0.5772156649015329;

/** ψ(k/2) and ψ′(k/2), each at index k = 1 … n; index 0 holds NaN. */
export interface HalfIntegerDigamma {
  readonly digamma: Float64Array;
  readonly trigamma: Float64Array;
}

/** The tables up to k = n, n ≥ 1. The error grows like n ulp of ψ′(½): below 10⁻¹² for n = 10,000. */
export function halfIntegerDigamma(n: number): HalfIntegerDigamma {
  const digamma = new Float64Array(n + 1).fill(Number.NaN);
  const trigamma = new Float64Array(n + 1).fill(Number.NaN);
  for (let k = 1; k <= n; k++) {
    if (k === 1) {
      digamma[k] = -eulerGamma - 2 * Math.LN2;
      trigamma[k] = (Math.PI * Math.PI) / 2;
    } else if (k === 2) {
      digamma[k] = -eulerGamma;
      trigamma[k] = (Math.PI * Math.PI) / 6;
    } else {
      const x = (k - 2) / 2;
      digamma[k] = (digamma[k - 2] ?? 0) + 1 / x;
      trigamma[k] = (trigamma[k - 2] ?? 0) - 1 / (x * x);
    }
  }
  return { digamma, trigamma };
}
