/**
 * How each initializer looks in the figures: hue for the family, symbol for the family too (so nothing hangs on
 * color alone), filled for normal and hollow for uniform weights.
 */
import { initializerTitle } from '@kindling/initializers';
import type { Series } from '../figures/series-labels.js';
import { type SeriesStyle, seriesColors } from '../figures/series-style.js';
import { type Figure1InitializerName, isFigure1InitializerName } from './curves.js';

type Look = Omit<SeriesStyle, 'className'>;

const looks: Readonly<Record<Figure1InitializerName, Look>> = {
  'he-normal': { ...seriesColors.blue, symbol: 'circle', filled: true },
  'he-uniform': { ...seriesColors.blue, symbol: 'circle', filled: false },
  'he-truncated-normal': { ...seriesColors.gray, symbol: 'hexagon', filled: true },
  'he-truncated-normal-uncorrected': { ...seriesColors.amber, symbol: 'diamond', filled: true },
  'he-normal-2x': { ...seriesColors.red, symbol: 'triangle', filled: true },
  'glorot-normal': { ...seriesColors.green, symbol: 'square', filled: true },
  'glorot-uniform': { ...seriesColors.green, symbol: 'square', filled: false },
  'lecun-normal': { ...seriesColors.purple, symbol: 'star', filled: true },
  'lecun-uniform': { ...seriesColors.purple, symbol: 'star', filled: false },
};

const unknownLook: Look = { ...seriesColors.gray, symbol: 'wye', filled: true };

/** The look of an initializer. A name the library does not know gets a gray look of its own. */
export function curveStyle(name: string): SeriesStyle {
  const className = `curve-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  return { className, ...(isFigure1InitializerName(name) ? looks[name] : unknownLook) };
}

/** The initializer's name for people; an unknown name is returned as it is. */
export function curveTitle(name: string): string {
  return isFigure1InitializerName(name) ? initializerTitle(name) : name;
}

/** The label of an initializer's curve. */
export function curveSeries(name: string): Series {
  return { title: curveTitle(name), style: curveStyle(name) };
}
