/**
 * The cosine τ with the diagonal, from module to module: bounds and an approximation of its first two moments under the
 * weights ‖x‖², b = E[‖x‖² τ]/E‖x‖² and d = E[‖x‖² τ²]/E‖x‖². The mean of ‖x‖² needs b alone, and d follows from b exactly:
 *
 *     E‖x′‖²/E‖x‖² = G = 1 + e² + 2eb/√π,   d′ = (d + 2eb/√π + e²E[p²])/G,   b′ = E[‖x‖² q√w]/(E‖x‖² G)
 *
 * b′ is what has no closed form. `encloseProduct` gives functions of τ around it, a parabola touching them encloses their mean.
 */
import { encloseProduct, meanGrowth, meanProjection, projectionSquare } from './residual-direction.js';

/** What is known of τ before a module. */
export interface CosineMoments {
  readonly meanLower: number;
  readonly meanUpper: number;
  readonly mean: number;
  readonly squareLower: number;
  readonly squareUpper: number;
  readonly square: number;
}

/** Points between which the enclosing parabolas are taken to hold. */
const gridSteps = 96;

/**
 * One module on; the same object where nothing changes.
 *
 * @param scale e ≥ 0: η times √(Var(w)·n/2)
 * @param positive whether no coordinate of x is negative, and so τ ≥ 1/√n
 */
export function nextCosine(
  width: number,
  scale: number,
  positive: boolean,
  before: CosineMoments,
): CosineMoments {
  const least = positive ? 1 / Math.sqrt(width) : -1;
  // Nothing happens, or nothing can: a stream of one positive number.
  if (scale === 0 || least === 1) return before;
  const rootMeanSquare = Math.max(Math.sqrt(before.squareUpper), 0.01);
  const product = (cosine: number) => encloseProduct(width, scale, cosine, positive, rootMeanSquare);
  const pushed = scale * scale * projectionSquare(width);
  const square = (mean: number, secondMoment: number) =>
    (secondMoment + 2 * scale * mean * meanProjection + pushed) / meanGrowth(scale, mean);
  const { meanLower, meanUpper, squareLower, squareUpper } = before;
  const above = touchingParabola((cosine) => product(cosine).upper, before.mean, least);
  const below = touchingParabola((cosine) => -product(cosine).lower, before.mean, least);
  // Quotients of linear functions of the mean: largest and smallest at its ends.
  const ends = [meanLower, meanUpper];
  const highest = (parabola: Parabola) => (mean: number) =>
    (parabola.constant +
      parabola.slope * mean +
      parabola.curvature * (parabola.curvature > 0 ? squareUpper : squareLower)) /
    meanGrowth(scale, mean);
  const rawSquareUpper = Math.max(...ends.map((mean) => square(mean, squareUpper)));
  const rawSquareLower = Math.min(...ends.map((mean) => square(mean, squareLower)));
  const rawUpper = Math.min(Math.max(...ends.map(highest(above))), Math.sqrt(rawSquareUpper), 1);
  const rawLower = Math.max(
    Math.min(...ends.map((mean) => -highest(below)(mean))),
    positive ? Math.max(least, rawSquareLower) : -Math.sqrt(rawSquareUpper),
  );
  const mean = meanOfTwoPoints(product, before, least) / meanGrowth(scale, before.mean);
  return {
    meanLower: rawLower,
    meanUpper: rawUpper,
    mean: Math.min(Math.max(mean, rawLower), rawUpper),
    // (τ − least)(1 − τ) ≥ 0, and a variance is not negative.
    squareLower: Math.max(rawSquareLower, rawLower > 0 ? rawLower * rawLower : 0),
    squareUpper: Math.min(rawSquareUpper, rawUpper * (1 + least) - least),
    square: square(before.mean, before.square),
  };
}

/** constant + slope τ + curvature τ². */
interface Parabola {
  readonly constant: number;
  readonly slope: number;
  readonly curvature: number;
}

/**
 * The flattest parabola that touches f at `at` and is nowhere below it on a grid over [least, 1]; a thousandth of its curvature
 * is added for the gaps of the grid, where f, smooth on the scale of 1, is 10⁻⁴ from straight.
 */
function touchingParabola(f: (cosine: number) => number, at: number, least: number): Parabola {
  const value = f(at);
  const step = 1e-4;
  const slope = (f(at + step) - f(at - step)) / (2 * step);
  let curvature = Number.NEGATIVE_INFINITY;
  const width = (1 - least) / gridSteps;
  for (let i = 0; i <= gridSteps; i++) {
    const cosine = least + i * width;
    const distance = cosine - at;
    if (Math.abs(distance) < width / 2) continue;
    curvature = Math.max(curvature, (f(cosine) - value - slope * distance) / (distance * distance));
  }
  curvature += Math.abs(curvature) / 1000 + 1e-9;
  return {
    constant: value - slope * at + curvature * at * at,
    slope: slope - 2 * curvature * at,
    curvature,
  };
}

/** The estimate's mean over two equally likely cosines with the moments of the estimate. */
function meanOfTwoPoints(
  product: (cosine: number) => { readonly estimate: number },
  { mean, square }: CosineMoments,
  least: number,
): number {
  const deviation = Math.sqrt(Math.max(0, square - mean * mean));
  const low = Math.max(least, mean - deviation);
  const high = Math.min(1, mean + deviation);
  return (product(low).estimate + product(high).estimate) / 2;
}
