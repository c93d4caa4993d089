/**
 * One ReLU module x′ = x + e ReLU(Wx), W n × n of variance 2/n, seen from the direction u of x. ReLU(Wx) = ‖x‖ √(2/n) r with
 * r_i = max(z_i, 0), z independent standard normal whatever x is. Let τ = Σu_i/√n ∈ [−1, 1] be the cosine with the
 * diagonal, and p = √2 Σr_i/n. Then
 *
 *     w = ‖x′‖²/‖x‖²,   q = τ + e p = (Σx′_i/√n)/‖x‖,   E[w | u] = 1 + e² + 2eτ/√π,   E[q | u] = τ + e/√π
 *
 * and the next cosine is q/√w. E[w], Var(w), E[q w] and E[q w²] depend on u through τ alone; E[q √w] does not, which is why
 * the chain has no closed recursion: it is enclosed here between functions of τ.
 */

/** Moments of r = max(z, 0). */
const rootTwoPi = Math.sqrt(2 * Math.PI);
const first = 1 / rootTwoPi;
const second = 0.5;
const third = 2 / rootTwoPi;
const fourth = 1.5;
const fifth = 8 / rootTwoPi;
const sixth = 7.5;
/** Central moments of r and r², by how often each of the two occurs. */
const variance = second - first * first;
const mixed = third - first * second;
const squareVariance = fourth - second * second;
const skewness = third - 3 * first * second + 2 * first * first * first;
const skewMixed = squareVariance - 2 * first * mixed;
const skewSquares = fifth - 2 * second * third - first * fourth + 2 * first * second * second;

const squareSkewness = sixth - 3 * fourth * second + 2 * second * second * second;

/** 1/√π: E[p], and half of what a module adds to the mean for η = τ = 1. */
export const meanProjection = 1 / Math.sqrt(Math.PI);

/** E[p²] = 1/π + (1 − 1/π)/n. */
export function projectionSquare(width: number): number {
  return 1 / Math.PI + (1 - 1 / Math.PI) / width;
}

/** E[w | τ]: what a module multiplies ‖x‖² by, in the mean. */
export function meanGrowth(scale: number, cosine: number): number {
  return 1 + scale * scale + 2 * scale * cosine * meanProjection;
}

/** Var(w | τ), which grows with τ: linear² Var(r) + 2 linear quadratic Σu_i Cov(r, r²) + quadratic² n Var(r²), see below. */
export function growthVariance(width: number, scale: number, cosine: number): number {
  const deviation = Math.sqrt(2 / width);
  const linear = 2 * scale * deviation;
  const quadratic = scale * scale * deviation * deviation;
  return (
    linear * linear * variance +
    2 * linear * quadratic * cosine * Math.sqrt(width) * mixed +
    quadratic * quadratic * width * squareVariance
  );
}

/** Two functions of τ with E[q √w | u] between them, and one near it. */
export interface EnclosedProduct {
  readonly lower: number;
  readonly upper: number;
  readonly estimate: number;
}

/**
 * With μ = E[w | τ] and ω = w − μ: √w = (w + μ)/(2√μ) − δ and 0 ≤ δ = ω²/(2√μ (√w + √μ)²). The denominator is at least
 * 2√μ·μ, and 2√μ(1 + √μ)² for u ≥ 0, where w ≥ 1; near μ it is 8μ^1.5. The estimate is the series of √w up to ω⁴. For u ≥ 0 q ≥ 0; else
 * min(τ, 0) ≤ q ≤ max(τ, 0) + e p, and |τ| ≤ (τ²/h + h)/2 keeps the functions smooth.
 *
 * @param rootMeanSquare h > 0, best near the root of E[τ²]; matters only without `positive`
 */
export function encloseProduct(
  width: number,
  scale: number,
  cosine: number,
  positive: boolean,
  rootMeanSquare: number,
): EnclosedProduct {
  const deviation = Math.sqrt(2 / width);
  const sum = cosine * Math.sqrt(width);
  // ω = linear · (u·r − E) + quadratic · (‖r‖² − E); q − E[q] = projection · (Σr − E).
  const linear = 2 * scale * deviation;
  const quadratic = scale * scale * deviation * deviation;
  const projection = (scale * deviation) / Math.sqrt(width);
  const spread = growthVariance(width, scale, cosine);
  const together = projection * (linear * sum * variance + quadratic * width * mixed);
  const skew =
    projection *
    (linear * linear * skewness +
      2 * linear * quadratic * sum * skewMixed +
      quadratic * quadratic * width * skewSquares);
  const growth = meanGrowth(scale, cosine);
  const root = Math.sqrt(growth);
  const center = (cosine + scale * meanProjection) * root + together / (2 * root);
  // E[e p ω²] and E[q ω²].
  const pushed = scale * meanProjection * spread + skew;
  const weighted = cosine * spread + pushed;
  // E[ω³], of coordinates scattered about the diagonal without skewness, and E[ω⁴] as if ω were normal.
  const cubes = (cosine * (3 - 2 * cosine * cosine)) / Math.sqrt(width);
  const cubed =
    linear * linear * linear * skewness * cubes +
    3 * linear * quadratic * (linear * skewMixed + quadratic * sum * skewSquares) +
    quadratic * quadratic * quadratic * width * squareSkewness;
  const mean = cosine + scale * meanProjection;
  const higher = (mean * cubed + 3 * together * spread) / 16 - (15 * mean * spread * spread) / (128 * growth);
  const estimate = center + (higher / growth - weighted / 8) / (growth * root);
  if (positive) {
    const least = 2 * root * (1 + root) * (1 + root);
    return { lower: center - weighted / least, upper: center, estimate };
  }
  const least = 2 * growth * root;
  const magnitude = (cosine * cosine) / rootMeanSquare + rootMeanSquare;
  return {
    lower: center - (((magnitude + 2 * cosine) / 4) * spread + pushed) / least,
    upper: center + (((magnitude - 2 * cosine) / 4) * spread) / least,
    estimate,
  };
}
