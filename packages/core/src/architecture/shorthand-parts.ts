/** The small parts that shorthands are made of: whole numbers, repeats `n*k`, sizes `a x b`. */
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';

/** What is being read, for errors. */
export interface ShorthandPart {
  /** The function that reads it. */
  readonly caller: string;
  /** Such as `a width`. */
  readonly name: string;
}

/**
 * Digits alone are a whole number: `1e3`, `0x10`, `1.0` or a blank are likelier errors than wishes.
 *
 * @throws InvalidArgumentError naming the part
 */
export function parseCount({ caller, name }: ShorthandPart, text: string, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= most) return value;
  throw new InvalidArgumentError(
    `${caller}: ${name} is "${shortened(text)}"; expected a whole number from 1 to ${most}`,
  );
}

/** An item and how often it stands there. */
export interface Repeated {
  readonly item: string;
  readonly times: number;
}

/**
 * Items between commas; `n*k` (or `n×k`) is k times n.
 *
 * @param most items in all
 * @param expected the shape of the whole, for errors
 * @throws InvalidArgumentError for an empty item, a count that is none, or more items than `most`
 */
export function parseRepeats(
  part: ShorthandPart,
  text: string,
  most: number,
  expected: string,
): readonly Repeated[] {
  let total = 0;
  return text.split(',').map((piece) => {
    const [item = '', times, ...more] = piece.split(/[*×]/).map((word) => word.trim());
    if (item === '' || times === '' || more.length > 0) {
      throw new InvalidArgumentError(
        `${part.caller}: "${shortened(text)}" has an item "${shortened(piece)}"; expected ${expected}`,
      );
    }
    const count =
      times === undefined
        ? 1
        : parseCount({ ...part, name: `the number behind "${shortened(item)}"` }, times, most);
    total += count;
    if (total > most) {
      throw new InvalidArgumentError(
        `${part.caller}: there are more than ${most} of ${part.name}; expected at most ${most}`,
      );
    }
    return { item, times: count };
  });
}

/**
 * Numbers between `x` or `×`.
 *
 * @throws InvalidArgumentError naming the part where one of them is no whole number
 */
export function parseExtents(part: ShorthandPart, text: string, most: number): readonly number[] {
  return text.split(/[x×]/i).map((word) => parseCount(part, word.trim(), most));
}

/** Neighbors that are equal, together and written as `parseRepeats` reads them. */
export function repeatsText(items: readonly string[]): string {
  const runs: { item: string; times: number }[] = [];
  for (const item of items) {
    const last = runs.at(-1);
    if (last?.item === item) last.times += 1;
    else runs.push({ item, times: 1 });
  }
  return runs.map(({ item, times }) => (times === 1 ? item : `${item}*${times}`)).join(',');
}

/** What a user typed, no longer than a line bears. */
export function shortened(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ');
  return plain.length > 60 ? `${plain.slice(0, 57)}…` : plain;
}
