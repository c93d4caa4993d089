/** A histogram as data: where the bins are and what is in them. */
import { InvalidArgumentError, portableMath } from '@kindling/core';

/** Bins that a histogram may have: more than a figure has pixels for is of no use. */
export const mostBins = 200;

/** Counts of numbers in bins of equal width. */
export interface WeightHistogram {
  /** Bounds, ascending, one more than bins; the first and last are the smallest and largest number. */
  readonly edges: Float64Array;
  /** Numbers from an edge up to the next one, which is excluded; the last bin has both. */
  readonly counts: Uint32Array;
  /** Of all bins: how many numbers were counted. */
  readonly count: number;
  /**
   * Why there are so many bins. `freedman-diaconis`: as wide as 2·IQR/∛n, or narrower to fill the range; `sturges`: half of the numbers are
   * one, so that IQR is 0, and there are ⌈log₂ n⌉ + 1; `capped`: `most`, of which the rule wanted more; `constant`: a single bin of no width.
   */
  readonly rule: 'freedman-diaconis' | 'sturges' | 'capped' | 'constant';
}

/** The settings of `weightHistogram`. */
export interface WeightHistogramOptions {
  /** Bins, an integer ≥ 1; default 200. */
  readonly most?: number;
  /**
   * Bins are so many times narrower than the rule says, > 0; default 1. The rule is for independent numbers; eigenvalues repel each other, and
   * twice as many bins are as even.
   */
  readonly finer?: number;
}

/**
 * The histogram with bins after Freedman & Diaconis (Z. Wahrscheinlichkeitstheorie 57, 1981): ⌈finer · range/(2·IQR/∛n)⌉ of them, at least one, at
 * most `most`. The quartiles are the numbers ⌊n/4⌋ and ⌊3n/4⌋ in order, from 0.
 *
 * @param sorted ascending, at least one, all finite
 * @param most an integer ≥ 1; default 200
 * @throws InvalidArgumentError for no numbers, or settings out of range
 */
export function weightHistogram(
  sorted: Float64Array,
  { most = mostBins, finer = 1 }: WeightHistogramOptions = {},
): WeightHistogram {
  const count = sorted.length;
  if (count === 0) {
    throw new InvalidArgumentError('weightHistogram: there are no numbers; expected at least one');
  }
  if (!Number.isSafeInteger(most) || most < 1) {
    throw new InvalidArgumentError(`weightHistogram: most is ${most}; expected an integer ≥ 1`);
  }
  if (!(finer > 0)) {
    throw new InvalidArgumentError(`weightHistogram: finer is ${finer}; expected a number > 0`);
  }
  const [low, high] = [sorted[0] as number, sorted[count - 1] as number];
  if (low === high) {
    return { edges: Float64Array.of(low, high), counts: Uint32Array.of(count), count, rule: 'constant' };
  }
  const { bins, rule } = binsOf(sorted, most, finer);
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) =>
    i === bins ? high : low + (high - low) * (i / bins),
  );
  const counts = new Uint32Array(bins);
  let bin = 0;
  for (let i = 0; i < count; i++) {
    while (bin < bins - 1 && (sorted[i] as number) >= (edges[bin + 1] as number)) bin++;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { edges, counts, count, rule };
}

function binsOf(
  sorted: Float64Array,
  most: number,
  finer: number,
): { bins: number; rule: WeightHistogram['rule'] } {
  const count = sorted.length;
  const range = (sorted[count - 1] as number) - (sorted[0] as number);
  const quartile = (share: number) => sorted[Math.floor(share * count)] as number;
  const spread = quartile(0.75) - quartile(0.25);
  const { exp, log } = portableMath;
  const wanted =
    spread > 0
      ? Math.ceil((finer * range * exp(log(count) / 3)) / (2 * spread))
      : Math.ceil(log(count) / Math.LN2) + 1;
  if (wanted > most) return { bins: most, rule: 'capped' };
  return { bins: Math.max(1, wanted), rule: spread > 0 ? 'freedman-diaconis' : 'sturges' };
}

/** The density in each bin: counts over n and the bin's width. They add up to 1 with the widths; ∞ for a bin of no width. */
export function histogramDensity({ edges, counts, count }: WeightHistogram): Float64Array {
  return Float64Array.from(
    counts,
    (own, i) => own / count / ((edges[i + 1] as number) - (edges[i] as number)),
  );
}
