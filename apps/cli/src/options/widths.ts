/** Lists of widths: `784,100*50` is an input of 784 and fifty layers of 100. */
import { countText } from '@kindling/studies/text';
import { UsageError } from '../usage-error.js';
import { parseWholeNumber } from './whole-number.js';

const widthBounds = {
  least: 1,
  most: 100_000,
  whyMost: 'a wider layer’s weights would not fit into memory',
};

/** Layers are told one by one; formulas for more would still be exact, but nobody reads them. */
const mostLayers = 10_000;

/** What is asked for, and how messages call it. */
export interface WidthsRequest {
  /** Such as `--widths`. */
  readonly argument: string;
  /** Fewest numbers: 2 where the first is the input's, 1 where all are layers. */
  readonly least: 1 | 2;
}

/**
 * Reads a list of widths; `n*k` repeats.
 *
 * @throws UsageError naming the argument for an empty list, a width that is not a whole number from 1 to 100,000, too few
 *   or too many layers
 */
export function parseWidths({ argument, least }: WidthsRequest, text: string): readonly number[] {
  const expected =
    least === 2
      ? "the input's width and then every ReLU layer's, such as 784,100*50"
      : 'the width of every ReLU layer, such as 2*9';
  const widths: number[] = [];
  for (const item of text.split(',').map((part) => part.trim())) {
    const [width = '', times, ...more] = item.split('*').map((part) => part.trim());
    if (width === '' || times === '' || more.length > 0) {
      throw new UsageError(`${argument} is "${text}"; expected ${expected}`);
    }
    const value = parseWholeNumber(`a width of ${argument}`, width, widthBounds);
    const count = times === undefined ? 1 : parseRepeats(argument, times);
    if (widths.length + count > mostLayers + least - 1) throw tooMany(argument);
    for (let i = 0; i < count; i++) widths.push(value);
  }
  if (widths.length < least) {
    throw new UsageError(`${argument} is "${text}", an input without a layer; expected ${expected}`);
  }
  return widths;
}

function parseRepeats(argument: string, text: string): number {
  // A count with too many digits is a count all the same, and the message is about layers.
  if (/^\d+$/.test(text) && Number(text) > mostLayers) throw tooMany(argument);
  return parseWholeNumber(`a number of layers of ${argument}`, text, { least: 1, most: mostLayers });
}

function tooMany(argument: string): UsageError {
  return new UsageError(
    `${argument} has too many layers; expected at most ${countText(mostLayers)} (deeper than any net that is trained)`,
  );
}

/** The same list as short as it is written: `784,100*50`. */
export function widthsText(widths: readonly number[]): string {
  return runs(widths)
    .map(([width, count]) => (count === 1 ? String(width) : `${width}*${count}`))
    .join(',');
}

/** Neighbors that are equal, together. */
function runs(widths: readonly number[]): readonly (readonly [width: number, count: number])[] {
  const found: [number, number][] = [];
  for (const width of widths) {
    const last = found.at(-1);
    if (last?.[0] === width) last[1] += 1;
    else found.push([width, 1]);
  }
  return found;
}
