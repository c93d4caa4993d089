/**
 * How a series of a figure looks. A color alone never tells two apart: each has a symbol of its own, or the same one
 * filled and hollow.
 *
 * Colors are those of Okabe & Ito's color-blind safe set, darkened for white and lightened for black until every one of
 * them has a contrast of at least 3 : 1 against the ground (WCAG 2.1, graphical objects).
 */
import { round } from './rounding.js';

/** The look of one series. */
export interface SeriesStyle {
  /** Class of the series' marks; the style sheet gives it its color. */
  readonly className: string;
  /** Color on white. */
  readonly light: string;
  /** Color on near-black. */
  readonly dark: string;
  /** A symbol name of Observable Plot. */
  readonly symbol: 'circle' | 'square' | 'diamond' | 'triangle' | 'star' | 'hexagon' | 'wye';
  readonly filled: boolean;
}

/** The colors, light ground and dark. */
export const seriesColors = {
  blue: { light: '#0072b2', dark: '#56b4e9' },
  gray: { light: '#4a5866', dark: '#c3ccd6' },
  amber: { light: '#b87700', dark: '#f0b83c' },
  red: { light: '#d03f14', dark: '#ff8459' },
  green: { light: '#00845f', dark: '#2fc79c' },
  purple: { light: '#a8488d', dark: '#e394c6' },
} as const;

/** The look of what theory says: the ink of the sheet. */
export const theoryStyle: SeriesStyle = {
  className: 'theory',
  light: '#1c2229',
  dark: '#e8ebee',
  symbol: 'circle',
  filled: true,
};

/** Radius of symbols that stand `step` pixels apart: they may overlap a little, and never shrink out of sight. */
export function symbolRadius(step: number): number {
  return round(Math.min(4.3, Math.max(2.6, step * 0.62)));
}

/** Symbol, fill and stroke of a series' points, as Plot's options. Hollow ones get their fill from the style sheet. */
export function symbolOptions(style: SeriesStyle) {
  return {
    symbol: style.symbol,
    fill: style.filled ? 'currentColor' : 'white',
    stroke: 'currentColor',
    strokeWidth: style.filled ? 0.6 : 1.5,
    className: style.filled ? style.className : `${style.className} hollow`,
  } as const;
}
