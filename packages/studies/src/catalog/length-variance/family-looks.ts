/** How families of nets are drawn: their labels, typeset, and their series. */
import type { TextPiece } from '../../figures/figure-frame.js';
import { type SeriesStyle, seriesColors } from '../../figures/series-style.js';
import { familyTitle, type NetFamilyName } from './families.js';

/** What a family's nets are called, typeset, the layer l as an exponent. */
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
