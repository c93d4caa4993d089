/** Whole numbers on the command line. Only digits are read: `1e3`, `0x10`, `1.0` or a blank are likelier errors than wishes. */
import { countText } from '@kindling/studies/text';
import { UsageError } from '../usage-error.js';

/** Bounds of a number, both inclusive. */
export interface NumberBounds {
  readonly least: number;
  readonly most: number;
  /** What the least number means, for the message; one clause. */
  readonly hint?: string;
  /** Why there is a most, told to whom asks for more; one clause. */
  readonly whyMost?: string;
}

/**
 * Reads `text`.
 *
 * @param argument how the message calls it, such as `--workers`
 * @throws UsageError naming the argument when it is not a whole number within the bounds
 */
export function parseWholeNumber(argument: string, text: string, bounds: NumberBounds): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= bounds.least && value <= bounds.most) return value;
  const range = `a whole number from ${countText(bounds.least)} to ${countText(bounds.most)}`;
  const note = value > bounds.most ? bounds.whyMost : bounds.hint;
  const reason = note === undefined ? '' : ` (${note})`;
  throw new UsageError(`${argument} is "${text}"; expected ${range}${reason}`);
}
