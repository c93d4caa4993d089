/** How each way to make parameters looks: filled where units were matched or the law has no order of units. */
import { type SeriesStyle, seriesColors } from '../../figures/series-style.js';
import type { GeneratorName } from './generators.js';

const looks: Readonly<Record<GeneratorName, Omit<SeriesStyle, 'className'>>> = {
  independent: { ...seriesColors.blue, symbol: 'square', filled: false },
  'matched-independent': { ...seriesColors.blue, symbol: 'square', filled: true },
  span: { ...seriesColors.red, symbol: 'circle', filled: false },
  'matched-span': { ...seriesColors.red, symbol: 'circle', filled: true },
  shuffled: { ...seriesColors.purple, symbol: 'star', filled: true },
  midpoint: { ...seriesColors.green, symbol: 'triangle', filled: false },
  'matched-midpoint': { ...seriesColors.green, symbol: 'triangle', filled: true },
  average: { ...seriesColors.amber, symbol: 'diamond', filled: false },
  'matched-average': { ...seriesColors.amber, symbol: 'diamond', filled: true },
  noise: { ...seriesColors.gray, symbol: 'hexagon', filled: true },
  copy: { ...seriesColors.gray, symbol: 'wye', filled: true },
  fresh: { ...seriesColors.gray, symbol: 'hexagon', filled: false },
};

/** The look of a generator or control. */
export function generatorStyle(name: GeneratorName): SeriesStyle {
  return { className: `drawn-${name}`, ...looks[name] };
}
