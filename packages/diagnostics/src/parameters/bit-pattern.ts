/** Numbers whose bits are not those of a float32: from half precision, from integers, or hardly different from each other. */

/** Numbers that are looked at: enough to tell 65,536 levels from none. */
export const mostLookedAt = 4096;
/** Fewer distinct numbers than this tell nothing of a grid. */
const fewestDistinct = 16;
/** Levels of 16 bits. */
const mostLevels = 65_535;
/** A step must be so many times its rounding for a grid to be told from chance. */
const clearSteps = 16;

/** What numbers were found to be, or `null` for float32 as far as one can see. */
export type FloatPattern =
  | { readonly kind: 'few-values'; readonly distinct: number }
  /** `step`: between neighboring levels, of which there may be at most so many in use. */
  | { readonly kind: 'grid'; readonly step: number; readonly levels: number };

/**
 * Are all these finite numbers of the form min + k·step, k an integer up to 65,535, as f32 gives them? So they are where 8 or 16 bits were
 * multiplied by a scale. The step comes from the gaps between the sorted numbers, small ones first, each as a whole number of steps. For
 * numbers of a continuous law the chance is below 10⁻¹⁰: every gap would have to fall within 1/8 of a step of a whole one.
 *
 * @param numbers at most `mostLookedAt` of a tensor
 */
export function findFloatPattern(numbers: ArrayLike<number>): FloatPattern | null {
  const sorted = [...new Set(Float64Array.from(numbers))].sort((a, b) => a - b);
  const distinct = sorted.length;
  if (distinct < fewestDistinct) {
    return numbers.length >= 4 * distinct ? { kind: 'few-values', distinct } : null;
  }
  const gaps = sorted.slice(1).map((value, i) => value - (sorted[i] as number));
  const step = commonStep(gaps);
  const first = sorted[0] as number;
  const last = sorted[distinct - 1] as number;
  // Two roundings of f32, of the product and of the sum, at the largest size.
  const rounding = 2 ** -22 * Math.max(-first, last);
  const levels = Math.round((last - first) / step) + 1;
  if (levels > mostLevels + 1 || step < clearSteps * rounding) return null;
  const onGrid = sorted.every((value) => {
    const steps = (value - first) / step;
    return Math.abs(steps - Math.round(steps)) * step <= 2 * rounding;
  });
  return onGrid ? { kind: 'grid', step, levels } : null;
}

/** Sum of all gaps over the sum of their steps, which are counted with what smaller gaps have taught. */
function commonStep(gaps: readonly number[]): number {
  let [length, steps] = [0, 0];
  for (const gap of [...gaps].sort((a, b) => a - b)) {
    steps += steps === 0 ? 1 : Math.max(1, Math.round((gap * steps) / length));
    length += gap;
  }
  return length / steps;
}
