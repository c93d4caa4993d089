/** The looks of figures of weights. */
import { type SeriesStyle, seriesColors } from '../figures/series-style.js';

function style(className: string, color: keyof typeof seriesColors, filled = true): SeriesStyle {
  return { className, ...seriesColors[color], symbol: 'circle', filled };
}

/** The numbers themselves. */
export const numbersStyle = style('numbers', 'gray');
/** An initializer's law. */
export const initializerStyle = style('initializer', 'blue');
/** The likeliest fitted law. */
export const likeliestStyle = style('likeliest', 'red');
/** The fitted normal law. */
export const normalStyle = style('normal', 'green');
/** Singular values beyond the bulk. */
export const spikeStyle: SeriesStyle = { ...style('spike', 'red'), symbol: 'triangle' };
