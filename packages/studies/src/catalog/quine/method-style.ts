/** How methods look in figures; apart from their names, which are part of the package's declarations. */
import { type SeriesStyle, seriesColors } from '../../figures/series-style.js';
import type { QuineMethodName } from './methods.js';

const { blue, gray, amber, red, green, purple } = seriesColors;

const looks: Readonly<Record<QuineMethodName, Omit<SeriesStyle, 'className'>>> = {
  sgd: { ...gray, symbol: 'circle', filled: false },
  momentum: { ...gray, symbol: 'square', filled: true },
  adagrad: { ...green, symbol: 'triangle', filled: false },
  adam: { ...amber, symbol: 'diamond', filled: true },
  adamax: { ...blue, symbol: 'circle', filled: true },
  rmsprop: { ...red, symbol: 'wye', filled: true },
  'adamax-through': { ...blue, symbol: 'circle', filled: false },
  regeneration: { ...purple, symbol: 'star', filled: true },
  'regeneration-fixed': { ...purple, symbol: 'star', filled: false },
  'through-fixed': { ...green, symbol: 'square', filled: true },
  'pair-adamax': { ...amber, symbol: 'diamond', filled: false },
  pair: { ...red, symbol: 'triangle', filled: true },
  negative: { ...gray, symbol: 'hexagon', filled: true },
};

/** The look of a method. */
export function methodStyle(name: QuineMethodName): SeriesStyle {
  return { className: `series-${name}`, ...looks[name] };
}
