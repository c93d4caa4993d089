/** The largest value of a function of one number between two ends, without derivatives. */

/** Where the largest value is. */
export interface FoundMaximum {
  readonly at: number;
  readonly value: number;
}

/** Points of the grid that comes first: a law's likelihood may have two hills. */
const gridPoints = 9;
const mostSteps = 60;
const golden = (3 - Math.sqrt(5)) / 2;

/**
 * Looks at a grid, both ends included, and from its best point on follows Brent's method (Algorithms for Minimization without Derivatives,
 * 1973, ch. 5): parabolas where they help, golden sections where not. Never leaves the interval; where an end is best, that end is the answer.
 *
 * @param tolerance of the place, in its own units
 */
export function searchMaximum(
  valueAt: (x: number) => number,
  low: number,
  high: number,
  tolerance: number,
): FoundMaximum {
  const places = Array.from({ length: gridPoints }, (_, i) => low + ((high - low) * i) / (gridPoints - 1));
  const values = places.map(valueAt);
  const best = values.reduce((found, value, i) => (value > (values[found] as number) ? i : found), 0);
  const at = places[best] as number;
  const start = { at, value: values[best] as number };
  const inside = brent(
    valueAt,
    places[Math.max(0, best - 1)] as number,
    places[Math.min(gridPoints - 1, best + 1)] as number,
    start,
    tolerance,
  );
  return inside.value > start.value ? inside : start;
}

function brent(
  valueAt: (x: number) => number,
  from: number,
  to: number,
  start: FoundMaximum,
  tolerance: number,
): FoundMaximum {
  let [low, high] = [from, to];
  // The best, the second and the third best point so far.
  let [first, second, third] = [start, start, start];
  let [step, before] = [0, 0];
  for (let i = 0; i < mostSteps; i++) {
    const middle = (low + high) / 2;
    if (Math.abs(first.at - middle) <= 2 * tolerance - (high - low) / 2) break;
    const parabolic = parabolaStep(first, second, third);
    const usable =
      Math.abs(parabolic) < Math.abs(before) / 2 &&
      first.at + parabolic > low + tolerance &&
      first.at + parabolic < high - tolerance;
    if (usable) {
      before = step;
      step = parabolic;
    } else {
      before = (first.at < middle ? high : low) - first.at;
      step = golden * before;
    }
    const at = first.at + (Math.abs(step) >= tolerance ? step : step > 0 ? tolerance : -tolerance);
    const found = { at, value: valueAt(at) };
    if (found.value >= first.value) {
      if (at < first.at) high = first.at;
      else low = first.at;
      [third, second, first] = [second, first, found];
    } else {
      if (at < first.at) low = at;
      else high = at;
      if (found.value >= second.value || second.at === first.at) [third, second] = [second, found];
      else if (found.value >= third.value || third.at === first.at || third.at === second.at) third = found;
    }
  }
  return first;
}

/** To the top of the parabola through three points; NaN where there is none. */
function parabolaStep(first: FoundMaximum, second: FoundMaximum, third: FoundMaximum): number {
  const toSecond = first.at - second.at;
  const toThird = first.at - third.at;
  const r = toSecond * (first.value - third.value);
  const q = toThird * (first.value - second.value);
  return -(toThird * q - toSecond * r) / (2 * (q - r));
}
