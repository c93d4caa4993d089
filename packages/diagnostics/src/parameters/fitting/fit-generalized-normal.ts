/** The likeliest generalized normal law (exponential power). */
import { portableMath } from '@kindling/core';
import { searchMaximum } from './bounded-search.js';
import { generalizedLogConstant } from './density-law.js';
import { digamma, logGamma, trigamma } from './gamma-function.js';
import { standardErrorsOf } from './information.js';
import type { FittedSample, LikelyLaw } from './law-fit.js';

/** Powers β that are searched: 1 is Laplace, 2 normal, the upper end as good as uniform. */
export const powerRange = [0.2, 20] as const;

/** Of log β. */
const tolerance = 1e-7;
/** Of the location, as a share of the numbers' width. */
const locationTolerance = 1e-9;
const mostRounds = 6;

/**
 * In turn: β by the profile likelihood on `powerRange`, where α^β = (β/n) Σ|x − μ|^β; then for β > 1 the location μ, of which Σ|x − μ|^β is
 * convex. The two hardly depend on each other, the law being symmetric. For β ≤ 1 that sum has a cusp at every number, and μ is the median.
 */
export function fitGeneralizedNormal({ sorted, mean, median }: FittedSample): LikelyLaw {
  const count = sorted.length;
  const { log, exp } = portableMath;
  const logs = new Float64Array(count);
  const likelihood = (power: number): number => {
    const scaled = log((power / count) * sumOfPowers(logs, power));
    return count * (generalizedLogConstant(power) - (scaled + 1) / power);
  };
  const [low, high] = [log(powerRange[0]), log(powerRange[1])];
  const best = (location: number) => {
    for (let i = 0; i < count; i++) logs[i] = log(Math.abs((sorted[i] as number) - location));
    return searchMaximum((at) => likelihood(exp(at)), low, high, tolerance);
  };
  let location = median;
  let found = best(location);
  const width = (sorted[count - 1] as number) - (sorted[0] as number);
  for (let round = 0; round < mostRounds && exp(found.at) > 1; round++) {
    const moved = middleFor(sorted, exp(found.at), Math.abs(mean - median) + width * 1e-3, location);
    const next = best(moved);
    if (!(next.value > found.value)) break;
    const quiet = Math.abs(moved - location) <= locationTolerance * width;
    [location, found] = [moved, next];
    if (quiet) break;
  }
  const power = exp(found.at);
  for (let i = 0; i < count; i++) logs[i] = log(Math.abs((sorted[i] as number) - location));
  const scale = exp(log((power / count) * sumOfPowers(logs, power)) / power);
  const atEnd = found.at - low < 0.01 || high - found.at < 0.01;
  return {
    law: { name: 'generalized-normal', location, scale, shape: power },
    logLikelihood: likelihood(power),
    standardErrors: errors(logs, power, scale, atEnd),
    atEnd,
  };
}

/** Σ|x − μ|^β from the logarithms of |x − μ|; −∞ gives 0. */
function sumOfPowers(logs: Float64Array, power: number): number {
  let sum = 0;
  for (let i = 0; i < logs.length; i++) sum += portableMath.exp(power * (logs[i] as number));
  return sum;
}

/** Where Σ|x − μ|^β is least, β > 1: the root of its slope, by bisection of an interval that is doubled until it holds it. */
function middleFor(sorted: Float64Array, power: number, reach: number, start: number): number {
  const { log, exp } = portableMath;
  const slope = (location: number): number => {
    let sum = 0;
    for (let i = 0; i < sorted.length; i++) {
      const distance = (sorted[i] as number) - location;
      if (distance === 0) continue;
      const size = exp((power - 1) * log(Math.abs(distance)));
      sum += distance > 0 ? size : -size;
    }
    return sum;
  };
  let [low, high] = [start - reach, start + reach];
  let [atLow, atHigh] = [slope(low), slope(high)];
  for (let wider = 2 * reach; atLow < 0; wider *= 2)
    [high, atHigh, low, atLow] = [low, atLow, low - wider, slope(low - wider)];
  for (let wider = 2 * reach; atHigh > 0; wider *= 2)
    [low, atLow, high, atHigh] = [high, atHigh, high + wider, slope(high + wider)];
  const narrow = locationTolerance * ((sorted[sorted.length - 1] as number) - (sorted[0] as number));
  // Illinois: the line through both ends, an end that stays losing half its weight.
  let kept = 0;
  for (let step = 0; step < 60 && high - low > narrow; step++) {
    const middle = atLow === atHigh ? (low + high) / 2 : low + ((high - low) * atLow) / (atLow - atHigh);
    const found = slope(middle);
    if (found === 0) return middle;
    if (found > 0) {
      [low, atLow] = [middle, found];
      if (kept === 1) atHigh /= 2;
      kept = 1;
    } else {
      [high, atHigh] = [middle, found];
      if (kept === -1) atLow /= 2;
      kept = -1;
    }
  }
  return (low + high) / 2;
}

/**
 * Of α and β by the second derivatives of the log-likelihood. Of μ, which does not correlate with them, by the expected information
 * β²Γ(2 − 1/β)/(α²Γ(1/β)) a number for β > 1, and by the median's variance 1/(4nf²) where that is what μ is.
 */
function errors(logs: Float64Array, power: number, scale: number, atEnd: boolean) {
  const { log, exp } = portableMath;
  const count = logs.length;
  const inverse = 1 / power;
  const gamma = logGamma(inverse);
  const ofLocation =
    power > 1
      ? scale / (power * Math.sqrt(count * exp(logGamma(2 - inverse) - gamma)))
      : (scale * exp(gamma)) / (power * Math.sqrt(count));
  const logScale = log(scale);
  let [raised, withLog, withSquare] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const size = (logs[i] as number) - logScale;
    if (size === Number.NEGATIVE_INFINITY) continue;
    const t = exp(power * size);
    raised += t;
    withLog += t * size;
    withSquare += t * size * size;
  }
  const scaleTwice = (power * (power + 1) * raised - count) / (scale * scale);
  if (atEnd) {
    const [ofScale = null] = standardErrorsOf([[scaleTwice]]);
    return { location: ofLocation, scale: ofScale, shape: null };
  }
  const square = inverse * inverse;
  const powerTwice =
    count * square * (1 + 2 * digamma(inverse) * inverse + trigamma(inverse) * square) + withSquare;
  const both = -(raised + power * withLog) / scale;
  const [ofScale = null, ofShape = null] = standardErrorsOf([
    [scaleTwice, both],
    [both, powerTwice],
  ]);
  return { location: ofLocation, scale: ofScale, shape: ofShape };
}
