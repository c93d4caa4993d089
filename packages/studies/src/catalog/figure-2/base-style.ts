/** How each base b of η_l = b^l looks and is called in the figures: a hue and a symbol each, in the order of the spec. */
import { type SeriesStyle, seriesColors } from '../../figures/series-style.js';
import { numberText } from '../../report/number-text.js';
import type { Figure2Spec } from './spec.js';

const looks: readonly Omit<SeriesStyle, 'className'>[] = [
  { ...seriesColors.red, symbol: 'triangle', filled: true },
  { ...seriesColors.amber, symbol: 'diamond', filled: true },
  { ...seriesColors.green, symbol: 'square', filled: true },
  { ...seriesColors.blue, symbol: 'circle', filled: true },
  { ...seriesColors.purple, symbol: 'star', filled: true },
  { ...seriesColors.gray, symbol: 'hexagon', filled: true },
];

/** The look of a base of the spec; more than six share looks. */
export function baseStyle({ bases }: Pick<Figure2Spec, 'bases'>, base: number): SeriesStyle {
  const index = Math.max(0, bases.indexOf(base));
  const look = looks[index % looks.length] ?? { ...seriesColors.gray, symbol: 'wye', filled: true };
  return { className: `base-${String(base).replace('.', '-')}`, ...look };
}

/** The same, hollow: points whose mean cannot be trusted. */
export function hollow(style: SeriesStyle): SeriesStyle {
  return { ...style, filled: false };
}

/** Such as `b = 0.9`. */
export function baseText(base: number): string {
  return `b = ${base}`;
}

/** The sum that decides, for L → ∞: `Σ η = L`, `Σ η → 9`, `Σ η² → 4.26`. */
export function sumText({ module }: Pick<Figure2Spec, 'module'>, base: number): string {
  const name = module === 'relu' ? 'Σ η' : 'Σ η²';
  if (base === 1) return `${name} = L`;
  const ratio = module === 'relu' ? base : base * base;
  return `${name} → ${numberText(ratio / (1 - ratio)).replace(/(\.\d*?)0+$/, '$1')}`;
}
