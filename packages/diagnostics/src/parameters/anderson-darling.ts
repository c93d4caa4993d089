/**
 * The test of Anderson and Darling: squares of the distance between shares instead of the largest one, with the weight 1/(F(1 − F)), so
 * that it sees wrong scales better. A few numbers far out weigh 1/n each: they are a matter of the kurtosis.
 */
import { portableMath } from '@kindling/core';
import { type LawShape, shapeReach, shapeUpperTail } from './law-shape.js';
import { normalTwoSidedTail } from './normal-tail.js';

/** What a test found. */
export interface AndersonDarling {
  /** A² = −n − (1/n) Σ (2i − 1)(log F(x_i) + log(1 − F(x_{n+1−i}))); ∞ where a number lies beyond the law's end. */
  readonly statistic: number;
  /** P(a larger A²) where the law holds. */
  readonly pValue: number;
}

/**
 * The least share of a law with ends: half a step of the 24 bits that uniform f32 are drawn with. A number at the very end of its law has
 * the share 0, which happens to one in 2²⁴, and would make A² infinite.
 */
const leastShare = 2 ** -25;

/**
 * Against a law that was known beforehand (case 0): a shape of mean 0 and this deviation. p by `andersonDarlingPValue`.
 *
 * @param sorted ascending, at least one
 * @param deviation of the law, > 0
 * @param slack by how much of itself a number may pass a law's end: what rounding does. Default 2⁻²⁰
 */
export function testAgainstLaw(
  sorted: Float64Array,
  shape: LawShape,
  deviation: number,
  slack = 2 ** -20,
): AndersonDarling {
  const reach = shapeReach[shape] * (1 + slack);
  const least = reach < Number.POSITIVE_INFINITY ? leastShare : 0;
  const count = sorted.length;
  const largest = Math.max(-(sorted[0] as number), sorted[count - 1] as number) / deviation;
  if (largest > reach) return { statistic: Number.POSITIVE_INFINITY, pValue: 0 };
  const statistic = statisticOf(sorted, 0, (size) =>
    Math.max(least, shapeUpperTail(shape, size / deviation)),
  );
  return { statistic, pValue: andersonDarlingPValue(statistic, count) };
}

/**
 * Against the normal law of the sample's own mean and deviation √(Σ(x − mean)²/(n − 1)) (case 3). Both are taken from the numbers, which brings
 * A² down to a tenth; p by the formulas of D'Agostino & Stephens (Goodness-of-Fit Techniques, 1986, table 4.9) at A²(1 + 0.75/n +
 * 2.25/n²), good to a percent or so of the share from n = 8 on. They end at A* = 10, where p is 10⁻²⁴, and are carried on with the slope there.
 *
 * @param sorted ascending, at least 8, not all equal
 */
export function testNormality(sorted: Float64Array): AndersonDarling {
  const count = sorted.length;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < count; i++) sum += sorted[i] as number;
  const mean = sum / count;
  for (let i = 0; i < count; i++) squares += ((sorted[i] as number) - mean) * ((sorted[i] as number) - mean);
  const deviation = Math.sqrt(squares / (count - 1));
  const statistic = statisticOf(sorted, mean, (size) => normalTwoSidedTail(size / deviation) / 2);
  const adjusted = statistic * (1 + 0.75 / count + 2.25 / (count * count));
  return { statistic, pValue: normalityPValue(adjusted) };
}

/** Least share whose logarithm is taken: the tail of a normal law is 0 beyond 38 deviations. */
const tiny = 2 ** -1074;

/** @param upperTail P(w > middle + size), size ≥ 0, of a law that is symmetric about the middle */
function statisticOf(sorted: Float64Array, middle: number, upperTail: (size: number) => number): number {
  const { log } = portableMath;
  const count = sorted.length;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const distance = (sorted[i] as number) - middle;
    const tail = upperTail(Math.abs(distance));
    const small = log(Math.max(tiny, tail));
    const large = log(1 - tail);
    // From 0 on: log F of the i-th has the weight 2i + 1, and log(1 − F) of the same number 2(n − i) − 1.
    const [ofBelow, ofAbove] = distance < 0 ? [small, large] : [large, small];
    sum += (2 * i + 1) * ofBelow + (2 * (count - i) - 1) * ofAbove;
  }
  return -count - sum / count;
}

/** Beyond this A² the law below is carried on by its tail. */
const tailStart = 6;

/**
 * P(a larger A²) of n numbers whose law was known. Up to 6 the limit for n → ∞, to 2 · 10⁻⁵, with its correction for n (the short formula of
 * Marsaglia & Marsaglia, J. Stat. Software 9(2), 2004). Beyond, where that leaves few digits of p, √3 erfc(√A²) times what makes the two meet,
 * to 4 % of itself: the tail of Σ Z²_j/(j(j + 1)), which A² is in the limit, comes from its largest term, of weight ½, and the others
 * multiply it by Π_{j≥2} (1 − 2/(j(j + 1)))^−½ = √3.
 *
 * @param statistic A² ≥ 0
 * @param count n ≥ 1
 */
export function andersonDarlingPValue(statistic: number, count: number): number {
  if (Number.isNaN(statistic)) return statistic;
  if (statistic <= 0) return 1;
  if (statistic > tailStart) {
    const share = normalTwoSidedTail(Math.sqrt(2 * statistic)) / normalTwoSidedTail(Math.sqrt(2 * tailStart));
    return share * andersonDarlingPValue(tailStart, count);
  }
  const limit = limitShareBelow(statistic);
  return Math.min(1, Math.max(0, 1 - limit - correction(limit, count)));
}

/** P(A² ≤ z) for n → ∞, to 2 · 10⁻⁵. */
function limitShareBelow(z: number): number {
  const { exp } = portableMath;
  if (z < 2) {
    const series =
      2.00012 + (0.247105 - (0.0649821 - (0.0347962 - (0.011672 - 0.00168691 * z) * z) * z) * z) * z;
    return (exp(-1.2337141 / z) / Math.sqrt(z)) * series;
  }
  return exp(-exp(1.0776 - (2.30695 - (0.43424 - (0.082433 - (0.008056 - 0.0003146 * z) * z) * z) * z) * z));
}

/** What P(A² ≤ z) of n numbers is above the limit x. */
function correction(x: number, n: number): number {
  if (x > 0.8) {
    return (-130.2137 + (745.2337 - (1705.091 - (1950.646 - (1116.36 - 255.7844 * x) * x) * x) * x) * x) / n;
  }
  const turn = 0.01265 + 0.1757 / n;
  if (x < turn) {
    const t = x / turn;
    const shape = Math.sqrt(t) * (1 - t) * (49 * t - 102);
    return (shape * (0.0037 / (n * n) + 0.00078 / n + 0.00006)) / n;
  }
  const t = (x - turn) / (0.8 - turn);
  const shape = -0.00022633 + (6.54034 - (14.6538 - (14.458 - (8.259 - 1.91864 * t) * t) * t) * t) * t;
  return (shape * (0.04213 + 0.01365 / n)) / n;
}

/** Where the published formula for small p ends. */
const lastAdjusted = 10;

function normalityPValue(adjusted: number): number {
  const { exp } = portableMath;
  if (!(adjusted >= 0.2)) return 1 - exp(-13.436 + (101.14 - 223.73 * adjusted) * adjusted);
  if (adjusted < 0.34) return 1 - exp(-8.318 + (42.796 - 59.938 * adjusted) * adjusted);
  if (adjusted < 0.6) return exp(0.9177 - (4.279 + 1.38 * adjusted) * adjusted);
  if (adjusted <= lastAdjusted) return exp(1.2937 - (5.709 - 0.0186 * adjusted) * adjusted);
  const slope = -5.709 + 2 * 0.0186 * lastAdjusted;
  return normalityPValue(lastAdjusted) * exp(slope * (adjusted - lastAdjusted));
}
