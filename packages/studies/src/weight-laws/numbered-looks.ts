/** Looks of series that have no look of their own, by their place in a list: hue and symbol change together. */
import { type SeriesStyle, seriesColors } from '../figures/series-style.js';

const looks: readonly Omit<SeriesStyle, 'className' | 'filled'>[] = [
  { ...seriesColors.blue, symbol: 'circle' },
  { ...seriesColors.red, symbol: 'triangle' },
  { ...seriesColors.green, symbol: 'square' },
  { ...seriesColors.amber, symbol: 'diamond' },
  { ...seriesColors.purple, symbol: 'star' },
  { ...seriesColors.gray, symbol: 'hexagon' },
];

/** The look of series `index`; filled the first time round, hollow the second. */
export function numberedLook(index: number): SeriesStyle {
  const look = looks[index % looks.length] ?? { ...seriesColors.gray, symbol: 'wye' as const };
  return { ...look, className: `series-${index}`, filled: index < looks.length };
}
