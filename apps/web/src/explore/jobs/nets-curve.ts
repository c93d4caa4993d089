/** What simulated nets came to, for drawing: logarithms to base 10. */
import { type ExploreLengthsSummary, exploreQuantiles } from '@kindling/studies';
import type { LayerValues, NetsCurve } from '../charts/lengths-drawing.js';

/** The curve of a summary. A layer in which no net lives has no quantiles. */
export function netsCurve({ nets, dead, layers, singles }: ExploreLengthsSummary): NetsCurve {
  const quantile = (point: (typeof exploreQuantiles)[number]): LayerValues => {
    const at = exploreQuantiles.indexOf(point);
    return decadesOf(layers.map(({ quantiles }) => quantiles?.[at] ?? null));
  };
  return {
    nets,
    dead,
    alive: layers.map((layer) => 1 - layer.dead / nets),
    mean: decadesOf(layers.map(({ logMean }) => logMean)),
    median: quantile(0.5),
    low: quantile(0.05),
    high: quantile(0.95),
    single: singles.map(decadesOf),
  };
}

/** Natural logarithms, as records write them, to base 10; null stays null. */
export function decadesOf(values: readonly (number | string | null)[]): LayerValues {
  return values.map((value) => (value === null ? null : Number(value) / Math.LN10));
}
