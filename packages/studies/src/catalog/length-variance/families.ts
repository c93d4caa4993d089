/** The families of nets whose lengths are compared: fully connected, and residual with scales η_l = b^l. */
import type { TextPiece } from '../../figures/figure-frame.js';
import { type SeriesStyle, seriesColors } from '../../figures/series-style.js';

/** In the order of tables. A name is part of cells' ids. */
export const netFamilyNames = ['dense', 'relu-0.5', 'relu-0.75', 'relu-0.9', 'linear-0.75'] as const;

/** One of them. */
export type NetFamilyName = (typeof netFamilyNames)[number];

/** What a residual net's modules are, and b. */
export interface ResidualFamily {
  readonly module: 'relu' | 'linear';
  readonly base: number;
}

const residual: Readonly<Record<Exclude<NetFamilyName, 'dense'>, ResidualFamily>> = {
  'relu-0.5': { module: 'relu', base: 0.5 },
  'relu-0.75': { module: 'relu', base: 0.75 },
  'relu-0.9': { module: 'relu', base: 0.9 },
  'linear-0.75': { module: 'linear', base: 0.75 },
};

/** The modules of a residual family; null for fully connected nets. */
export function residualFamily(name: NetFamilyName): ResidualFamily | null {
  return name === 'dense' ? null : residual[name];
}

/** What a family's nets of one width are called. */
export function familyTitle(name: NetFamilyName, width: number): string {
  const family = residualFamily(name);
  if (family === null) return `fully connected, ${width} wide`;
  const { module, base } = family;
  return `residual, ${module === 'relu' ? 'ReLU modules' : 'linear-ending'}, η = ${base}^l`;
}

/** The same typeset, the layer l as an exponent. */
export function familyLabel(name: NetFamilyName, width: number): readonly TextPiece[] {
  const [text = '', exponent] = familyTitle(name, width).split('^');
  return exponent === undefined ? [{ text }] : [{ text }, { text: exponent, italic: true, shift: 'super' }];
}

/** Fully connected nets of the first, second and third width. */
const denseStyles: readonly Omit<SeriesStyle, 'className'>[] = [
  { ...seriesColors.red, symbol: 'circle', filled: true },
  { ...seriesColors.amber, symbol: 'square', filled: true },
  { ...seriesColors.purple, symbol: 'diamond', filled: true },
  { ...seriesColors.gray, symbol: 'hexagon', filled: true },
];

const residualStyles: Readonly<Record<Exclude<NetFamilyName, 'dense'>, Omit<SeriesStyle, 'className'>>> = {
  'relu-0.5': { ...seriesColors.blue, symbol: 'circle', filled: false },
  'relu-0.75': { ...seriesColors.blue, symbol: 'square', filled: false },
  'relu-0.9': { ...seriesColors.blue, symbol: 'diamond', filled: false },
  'linear-0.75': { ...seriesColors.green, symbol: 'triangle', filled: true },
};

/** The look of a family. @param index of the width among those of fully connected nets; they share looks from the fifth on */
export function familyStyle(name: NetFamilyName, index: number): SeriesStyle {
  const fallback = { ...seriesColors.gray, symbol: 'hexagon' as const, filled: true };
  if (name !== 'dense') return { className: `series-${name.replace('.', '-')}`, ...residualStyles[name] };
  return {
    className: `series-dense-${Math.min(index, 3)}`,
    ...(denseStyles[Math.min(index, 3)] ?? fallback),
  };
}
