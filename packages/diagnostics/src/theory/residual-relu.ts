/** Bounds on the lengths behind modules of one ReLU layer, zero biases, as logarithms relative to the input's. */
import { portableMath } from '@kindling/core';
import { type CosineMoments, nextCosine } from './residual-cosine.js';
import { meanGrowth } from './residual-direction.js';
import type { ResidualStart } from './residual-options.js';

/** Natural logarithms of a mean length. */
export interface ReluModuleBounds {
  readonly lower: number;
  readonly upper: number;
  readonly estimate: number;
  /** Whether all three are the mean itself. */
  readonly exact: boolean;
}

/** The settings of `walkReluModules`. */
export interface ReluModules {
  readonly width: number;
  /** e_l = η_l √(Var(w)·n/2). */
  readonly scales: readonly number[];
  /** Independent normal weights; else any symmetric ones. */
  readonly gaussian: boolean;
  readonly start: ResidualStart;
}

/** One entry a module: sums of the logarithms of E‖x′‖²/E‖x‖², which depends on the module's mean cosine alone. */
export function walkReluModules({
  width,
  scales,
  gaussian,
  start,
}: ReluModules): readonly ReluModuleBounds[] {
  const { positive, cosine, cosineSquare } = start;
  const atStart: CosineMoments = {
    meanLower: cosine,
    meanUpper: cosine,
    mean: cosine,
    squareLower: cosineSquare,
    squareUpper: cosineSquare,
    square: cosineSquare,
  };
  let moments = atStart;
  // A random direction is as likely as its opposite: the first cross term vanishes for every symmetric law.
  const symmetricStart = cosine === 0 && cosineSquare > 0;
  let [lower, upper, estimate] = [0, 0, 0];
  let exact = true;
  return scales.map((scale) => {
    const known = scale === 0 || (moments === atStart && (gaussian || symmetricStart));
    const growth = (mean: number) => portableMath.log(meanGrowth(scale, mean));
    estimate += growth(moments.mean);
    if (gaussian || known) {
      lower += growth(moments.meanLower);
      upper += growth(moments.meanUpper);
    } else {
      const cross = Math.SQRT2 * scale;
      lower += portableMath.log(1 + scale * scale - (positive ? 0 : cross));
      upper += portableMath.log(1 + scale * scale + cross);
    }
    exact &&= known;
    if (exact) lower = upper = estimate;
    moments = nextCosine(width, scale, positive, moments);
    return { lower, upper, estimate, exact };
  });
}
