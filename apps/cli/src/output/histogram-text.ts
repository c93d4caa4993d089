/** Probabilities of counts as bars. */
import type { Colors } from './output.js';
import { probabilityText } from './probability-text.js';
import { textWidth } from './wrap-text.js';

/** What is less probable than this beside the rows shown is left out. */
const leastProbability = 1e-3;
const mostRows = 24;
const mostBar = 40;
const leastBar = 4;
/** Eighths of a block, so that small differences can be seen. */
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Counts and how probable each is. */
export interface Histogram {
  /** The probability of the count k stands at index k. */
  readonly probabilities: readonly number[];
  /** Heading of the counts. */
  readonly counted: string;
  /** Said beside one of the counts. */
  readonly mark?: { readonly count: number; readonly text: string };
}

/**
 * One line a count: those around the most probable one. Ends in a newline.
 *
 * @param columns room a line
 */
export function histogramText(
  { probabilities, counted, mark }: Histogram,
  columns: number,
  colors: Colors,
): string {
  const { first, last } = shownRange(probabilities);
  const counts = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const texts = counts.map((count) => probabilityText(probabilities[count] ?? 0));
  const heading = 'probability';
  const countWidth = Math.max(textWidth(counted), String(last).length);
  const textColumn = Math.max(textWidth(heading), ...texts.map(textWidth));
  const markWidth = mark === undefined ? 0 : textWidth(mark.text) + 4;
  const room = Math.min(mostBar, columns - countWidth - textColumn - markWidth - 4);
  const highest = Math.max(...counts.map((count) => probabilities[count] ?? 0));
  const lines = counts.map((count, i) => {
    const share = highest > 0 ? (probabilities[count] ?? 0) / highest : 0;
    const blocks = room < leastBar ? '' : barText(share * room);
    const bar = blocks === '' ? '' : `  ${colors.cyan(blocks)}`;
    const note = mark?.count === count ? `  ${colors.yellow(`← ${mark.text}`)}` : '';
    return `${String(count).padStart(countWidth)}  ${(texts[i] ?? '').padStart(textColumn)}${bar}${note}`.trimEnd();
  });
  const header = colors.dim(`${counted.padStart(countWidth)}  ${heading.padStart(textColumn)}`);
  return `${[header, ...lines].join('\n')}\n`;
}

function shownRange(probabilities: readonly number[]): { readonly first: number; readonly last: number } {
  const mode = probabilities.reduce((best, p, k) => (p > (probabilities[best] ?? 0) ? k : best), 0);
  let first = mode;
  let last = mode;
  const probable = (count: number) => (probabilities[count] ?? 0) >= leastProbability;
  while (last - first + 1 < mostRows && (probable(first - 1) || probable(last + 1))) {
    if (probable(first - 1)) first -= 1;
    if (last - first + 1 < mostRows && probable(last + 1)) last += 1;
  }
  return { first, last };
}

function barText(columns: number): string {
  const full = Math.floor(columns);
  return '█'.repeat(full) + (eighths[Math.floor((columns - full) * 8)] ?? '');
}
