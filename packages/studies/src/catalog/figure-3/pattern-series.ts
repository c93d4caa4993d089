/** How the curves of the patterns look. */
import type { Series } from '../../figures/series-labels.js';
import { type SeriesStyle, seriesColors } from '../../figures/series-style.js';
import { patternTitle, type WidthPatternName } from './patterns.js';

const styles: Readonly<Record<WidthPatternName, Omit<SeriesStyle, 'className'>>> = {
  'alternating-30-10': { ...seriesColors.blue, symbol: 'circle', filled: true },
  '30-then-10': { ...seriesColors.green, symbol: 'square', filled: true },
  '10-then-30': { ...seriesColors.purple, symbol: 'diamond', filled: true },
  'constant-15': { ...seriesColors.gray, symbol: 'triangle', filled: true },
  'constant-20': { ...seriesColors.red, symbol: 'star', filled: true },
};

/** The label of a pattern's curve. */
export function patternSeries(name: WidthPatternName): Series {
  return { title: patternTitle(name), style: { className: `series-${name}`, ...styles[name] } };
}
