/** The likeliest Student-t law. */
import { portableMath } from '@kindling/core';
import { searchMaximum } from './bounded-search.js';
import { studentLogConstant } from './density-law.js';
import { trigamma } from './gamma-function.js';
import { standardErrorsOf } from './information.js';
import type { FittedSample, LikelyLaw } from './law-fit.js';

/** Degrees of freedom that are searched; at 1000 the kurtosis is 0.006, which half a million numbers cannot tell from 0. */
export const degreesRange = [0.5, 1000] as const;

/** Of log ν. */
const tolerance = 1e-7;
const mostRounds = 300;
/** Location and scale are taken as found when a round changes them by less than this share of the scale. */
const quietShare = 1e-11;

/**
 * Maximizes the profile likelihood of log ν on `degreesRange`. For a given ν location and scale come from the EM algorithm with
 * σ² = Σ w d²/Σ w, which converges faster than with Σ w d²/n (Kent, Tyler & Vardi, Commun. Stat. Simul. 23, 1994), started from the
 * median, or from where the last ν ended.
 */
export function fitStudentT({ sorted, median }: FittedSample): LikelyLaw {
  const count = sorted.length;
  let place = { location: median, scale: middleSize(sorted, median) };
  const { exp, log } = portableMath;
  const likelihoodAt = (logDegrees: number): number => {
    const degrees = exp(logDegrees);
    place = placeFor(sorted, degrees, place);
    return count * (studentLogConstant(degrees) - log(place.scale)) - halfSum(sorted, degrees, place);
  };
  const [low, high] = [log(degreesRange[0]), log(degreesRange[1])];
  const found = searchMaximum(likelihoodAt, low, high, tolerance);
  const logLikelihood = likelihoodAt(found.at);
  const atEnd = found.at - low < 0.01 || high - found.at < 0.01;
  const degrees = exp(found.at);
  const { location, scale } = place;
  return {
    law: { name: 'student-t', location, scale, shape: degrees },
    logLikelihood,
    standardErrors: errors(sorted, degrees, place, atEnd),
    atEnd,
  };
}

interface Place {
  readonly location: number;
  readonly scale: number;
}

/** The mean size is as good a start; it is positive where the median size need not be. */
function middleSize(sorted: Float64Array, median: number): number {
  let sum = 0;
  for (let i = 0; i < sorted.length; i++) sum += Math.abs((sorted[i] as number) - median);
  return sum / sorted.length;
}

function placeFor(sorted: Float64Array, degrees: number, start: Place): Place {
  let { location, scale } = start;
  for (let round = 0; round < mostRounds; round++) {
    let [weights, moved, squares] = [0, 0, 0];
    const square = degrees * scale * scale;
    for (let i = 0; i < sorted.length; i++) {
      const distance = (sorted[i] as number) - location;
      // The common factor (ν + 1)σ² goes out.
      const weight = 1 / (square + distance * distance);
      weights += weight;
      moved += weight * distance;
      squares += weight * distance * distance;
    }
    const step = moved / weights;
    const next = Math.sqrt(Math.max(squares / weights - step * step, 0));
    const quiet = Math.abs(step) + Math.abs(next - scale) <= quietShare * scale;
    location += step;
    if (!(next > 0)) break;
    scale = next;
    if (quiet) break;
  }
  return { location, scale };
}

/** (ν + 1)/2 Σ log(1 + z²/ν): logarithms of products, which are fewer. */
function halfSum(sorted: Float64Array, degrees: number, { location, scale }: Place): number {
  const factor = 1 / (degrees * scale * scale);
  let [product, sum] = [1, 0];
  for (let i = 0; i < sorted.length; i++) {
    const distance = (sorted[i] as number) - location;
    product *= 1 + distance * distance * factor;
    if (product > 1e100) {
      sum += portableMath.log(product);
      product = 1;
    }
  }
  return ((degrees + 1) / 2) * (sum + portableMath.log(product));
}

/** By the second derivatives of the log-likelihood in location, scale and ν. */
function errors(sorted: Float64Array, degrees: number, { location, scale }: Place, atEnd: boolean) {
  const count = sorted.length;
  const square = scale * scale;
  const more = degrees + 1;
  let [locationTwice, scaleTwice, locationScale] = [0, count / square, 0];
  const curvature = 0.25 * (trigamma(more / 2) - trigamma(degrees / 2)) + 0.5 / (degrees * degrees);
  let [degreesTwice, locationDegrees, scaleDegrees] = [count * curvature, 0, 0];
  for (let i = 0; i < count; i++) {
    const z = ((sorted[i] as number) - location) / scale;
    const zz = z * z;
    const total = degrees + zz;
    const pair = total * total;
    locationTwice += (more * (zz - degrees)) / (square * pair);
    scaleTwice -= (more * ((2 * degrees * zz) / pair + zz / total)) / square;
    locationScale -= (more * 2 * degrees * z) / (square * pair);
    const product = degrees * total;
    degreesTwice += 0.5 * (zz / product + (zz * (product - more * (total + degrees))) / (product * product));
    locationDegrees += (z * (zz - 1)) / (scale * pair);
    scaleDegrees += (zz * (zz - 1)) / (scale * pair);
  }
  if (atEnd) {
    // With ν held fast.
    const [ofLocation = null, ofScale = null] = standardErrorsOf([
      [-locationTwice, -locationScale],
      [-locationScale, -scaleTwice],
    ]);
    return { location: ofLocation, scale: ofScale, shape: null };
  }
  const [ofLocation = null, ofScale = null, ofShape = null] = standardErrorsOf([
    [-locationTwice, -locationScale, -locationDegrees],
    [-locationScale, -scaleTwice, -scaleDegrees],
    [-locationDegrees, -scaleDegrees, -degreesTwice],
  ]);
  return { location: ofLocation, scale: ofScale, shape: ofShape };
}
