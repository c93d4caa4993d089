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

/** What is known of the direction of a stream before a module. */
export interface ReluStream {
  readonly moments: CosineMoments;
  /** Whether the moments are those of the stream, not bounds on them. */
  readonly exact: boolean;
  /** x is as likely as −x. */
  readonly symmetric: boolean;
  /** No coordinate is negative. */
  readonly positive: boolean;
}

/** A stream whose moments of the cosine are known. */
export function startStream({
  cosine,
  cosineSquare,
  positive,
  symmetric,
}: Omit<ResidualStart, 'square'> & { readonly symmetric: boolean }): ReluStream {
  const moments = {
    meanLower: cosine,
    meanUpper: cosine,
    mean: cosine,
    squareLower: cosineSquare,
    squareUpper: cosineSquare,
    square: cosineSquare,
  };
  return { moments, exact: true, symmetric, positive };
}

/**
 * One module: log(E‖x′‖²/E‖x‖²), which depends on the mean cosine alone, and the stream behind it.
 *
 * @param module.scale e = η √(Var(w)·n/2) ≥ 0
 */
export function passReluModule(
  stream: ReluStream,
  { width, scale, gaussian }: { readonly width: number; readonly scale: number; readonly gaussian: boolean },
): { readonly growth: ReluModuleBounds; readonly stream: ReluStream } {
  const { moments, positive } = stream;
  // A random direction is as likely as its opposite: the cross term vanishes for every symmetric law.
  const exact = scale === 0 || (stream.exact && (gaussian || stream.symmetric));
  const logGrowth = (mean: number) => portableMath.log(meanGrowth(scale, mean));
  const estimate = logGrowth(moments.mean);
  let [lower, upper] = [estimate, estimate];
  if (!exact && gaussian) {
    lower = logGrowth(moments.meanLower);
    upper = logGrowth(moments.meanUpper);
  } else if (!exact) {
    const cross = Math.SQRT2 * scale;
    lower = portableMath.log(1 + scale * scale - (positive ? 0 : cross));
    upper = portableMath.log(1 + scale * scale + cross);
  }
  const next = nextCosine(width, scale, positive, moments);
  const same = next === moments;
  return {
    growth: { lower, upper, estimate, exact },
    stream: {
      moments: next,
      exact: stream.exact && same,
      symmetric: stream.symmetric && scale === 0,
      positive,
    },
  };
}

/** One entry a module: sums of the logarithms of E‖x′‖²/E‖x‖². */
export function walkReluModules({
  width,
  scales,
  gaussian,
  start,
}: ReluModules): readonly ReluModuleBounds[] {
  let stream = startStream({ ...start, symmetric: start.cosine === 0 && start.cosineSquare > 0 });
  let [lower, upper, estimate] = [0, 0, 0];
  let exact = true;
  return scales.map((scale) => {
    const module = passReluModule(stream, { width, scale, gaussian });
    stream = module.stream;
    lower += module.growth.lower;
    upper += module.growth.upper;
    estimate += module.growth.estimate;
    exact &&= module.growth.exact;
    return { lower, upper, estimate, exact };
  });
}
