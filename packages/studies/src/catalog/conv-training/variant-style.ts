/** How each net looks in the figures: hue and symbol of its own, hollow for the initializers that lose length. */
import type { Series } from '../../figures/series-labels.js';
import { type SeriesStyle, seriesColors } from '../../figures/series-style.js';
import { type ConvVariantName, convVariants } from './variants.js';

const looks: Readonly<Record<ConvVariantName, Omit<SeriesStyle, 'className'>>> = {
  'plain-he': { ...seriesColors.blue, symbol: 'circle', filled: true },
  'plain-glorot': { ...seriesColors.gray, symbol: 'hexagon', filled: false },
  'plain-lecun': { ...seriesColors.purple, symbol: 'star', filled: false },
  'residual-1': { ...seriesColors.red, symbol: 'triangle', filled: true },
  'residual-1/L': { ...seriesColors.green, symbol: 'square', filled: true },
  'batch-norm': { ...seriesColors.amber, symbol: 'diamond', filled: true },
};

/** The look of a net. */
export function variantStyle(name: ConvVariantName): SeriesStyle {
  return { className: `net-${name.replace('/', '-').toLowerCase()}`, ...looks[name] };
}

/** Its label. */
export function variantSeries(name: ConvVariantName): Series {
  return { title: convVariants[name].title, style: variantStyle(name) };
}
