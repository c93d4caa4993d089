/**
 * How each initializer looks in the figures: hue for the family, symbol for the family too (so nothing hangs on
 * color alone), filled for normal and hollow for uniform weights.
 *
 * The hues are those of Okabe & Ito's color-blind safe set, darkened for white and lightened for black until every
 * one of them has a contrast of at least 3 : 1 against the ground (WCAG 2.1, graphical objects).
 */
import { type InitializerName, initializerTitle, isInitializerName } from '@kindling/initializers';

/** The look of one curve. */
export interface CurveStyle {
  /** Class of the curve's marks; the style sheet gives it its color. */
  readonly className: string;
  /** Color on white. */
  readonly light: string;
  /** Color on near-black. */
  readonly dark: string;
  /** A symbol name of Observable Plot. */
  readonly symbol: 'circle' | 'square' | 'diamond' | 'triangle' | 'star' | 'hexagon' | 'wye';
  readonly filled: boolean;
}

type Look = Omit<CurveStyle, 'className'>;

const looks: Readonly<Record<InitializerName, Look>> = {
  'he-normal': { light: '#0072b2', dark: '#56b4e9', symbol: 'circle', filled: true },
  'he-uniform': { light: '#0072b2', dark: '#56b4e9', symbol: 'circle', filled: false },
  'he-truncated-normal': { light: '#4a5866', dark: '#c3ccd6', symbol: 'hexagon', filled: true },
  'he-truncated-normal-uncorrected': { light: '#b87700', dark: '#f0b83c', symbol: 'diamond', filled: true },
  'he-normal-2x': { light: '#d03f14', dark: '#ff8459', symbol: 'triangle', filled: true },
  'glorot-normal': { light: '#00845f', dark: '#2fc79c', symbol: 'square', filled: true },
  'glorot-uniform': { light: '#00845f', dark: '#2fc79c', symbol: 'square', filled: false },
  'lecun-normal': { light: '#a8488d', dark: '#e394c6', symbol: 'star', filled: true },
  'lecun-uniform': { light: '#a8488d', dark: '#e394c6', symbol: 'star', filled: false },
};

const unknownLook: Look = { light: '#4a5866', dark: '#c3ccd6', symbol: 'wye', filled: true };

/** The look of an initializer. A name the library does not know gets a gray look of its own. */
export function curveStyle(name: string): CurveStyle {
  const className = `curve-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  return { className, ...(isInitializerName(name) ? looks[name] : unknownLook) };
}

/** The initializer's name for people; an unknown name is returned as it is. */
export function curveTitle(name: string): string {
  return isInitializerName(name) ? initializerTitle(name) : name;
}
