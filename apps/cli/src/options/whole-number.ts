/** Whole numbers on the command line. Only digits are read: `1e3`, `0x10`, `1.0` or a blank are likelier errors than wishes. */
import { countText } from '../output/number-text.js';
import { UsageError } from '../usage-error.js';

/** Bounds of a number, both inclusive. */
export interface NumberBounds {
  readonly least: number;
  readonly most: number;
  /** Why there are these bounds, for the message; one clause. */
  readonly why?: string;
}

/**
 * Reads `text`.
 *
 * @param argument how the message calls it, such as `--workers`
 * @throws UsageError naming the argument when it is not a whole number within the bounds
 */
export function parseWholeNumber(argument: string, text: string, bounds: NumberBounds): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= bounds.least && value <= bounds.most) return value;
  const range = `a whole number from ${countText(bounds.least)} to ${countText(bounds.most)}`;
  const reason = bounds.why === undefined ? '' : ` (${bounds.why})`;
  throw new UsageError(`${argument} is "${text}"; expected ${range}${reason}`);
}
