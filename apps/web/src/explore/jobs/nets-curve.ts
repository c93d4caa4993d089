/** What simulated nets show layer by layer, for drawing. Dead nets are zeros of the mean and −∞ of the quantiles; none is dropped. */
import type { ExploreLengthsResult } from '@kindling/studies';
import type { LayerValues, NetsCurve } from '../charts/lengths-drawing.js';

/** Single nets that are drawn: enough to see how far they lie apart, few enough to see each. */
const mostSingle = 12;

/** The nine tenths between which nets lie. */
const [lowShare, highShare] = [0.05, 0.95];

/**
 * The curve of nets in the order of their trials.
 *
 * @param results at least one
 */
export function netsCurve(results: readonly ExploreLengthsResult[]): NetsCurve {
  const depth = results[0]?.logLengths.length ?? 0;
  const nets = results.map(({ logLengths }) => logLengths.map(decades));
  const layers = Array.from({ length: depth }, (_, layer) =>
    Float64Array.from(nets, (net) => net[layer] ?? Number.NaN).sort(),
  );
  return {
    nets: nets.length,
    dead: nets.filter((net) => net.at(-1) === Number.NEGATIVE_INFINITY).length,
    mean: layers.map(logOfMean),
    median: layers.map((values) => quantile(values, 0.5)),
    low: layers.map((values) => quantile(values, lowShare)),
    high: layers.map((values) => quantile(values, highShare)),
    single: nets.slice(0, mostSingle),
  };
}

/** A natural logarithm as the record writes it, to base 10. */
export function decades(logLength: number | string | null): number {
  return logLength === null ? Number.NaN : Number(logLength) / Math.LN10;
}

/** Natural logarithms of theory to base 10; null stays null. */
export function decadesOf(values: readonly (number | string | null)[]): LayerValues {
  return values.map((value) => (value === null ? null : decades(value)));
}

/** log₁₀ of the mean of 10^value; the largest is taken out first, as none of them need be a number f64 can hold. */
function logOfMean(sorted: Float64Array): number {
  const most = sorted.at(-1) ?? Number.NaN;
  if (!Number.isFinite(most)) return most;
  let sum = 0;
  for (const value of sorted) sum += 10 ** (value - most);
  return most + Math.log10(sum / sorted.length);
}

/** The quantile of sorted numbers, linear between neighbors; NaN comes last in the order and stays NaN. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const [below = Number.NaN, above = Number.NaN] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  // Equal infinities have no difference.
  return below === above ? below : below + (at - Math.floor(at)) * (above - below);
}
