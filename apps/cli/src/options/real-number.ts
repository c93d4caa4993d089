/** Real numbers on the command line: decimals, with an exponent if wished. `NaN`, `Infinity` and `0x10` are no wishes. */
import { UsageError } from '../usage-error.js';

/** Bounds of a real number. */
export interface RealBounds {
  /** The least number allowed. */
  readonly least: number;
  /** True when the least number itself is not allowed. */
  readonly exclusive?: boolean;
  /** The largest number allowed. Default: any finite one. */
  readonly most?: number;
  /** What is expected, in words, such as `a length above 0`. */
  readonly expected: string;
}

/**
 * Reads `text`.
 *
 * @param argument how the message calls it, such as `--radius`
 * @throws UsageError naming the argument when it is no finite number, or one out of bounds
 */
export function parseRealNumber(argument: string, text: string, bounds: RealBounds): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  const enough = bounds.exclusive === true ? value > bounds.least : value >= bounds.least;
  if (enough && value <= (bounds.most ?? Number.MAX_VALUE)) return value;
  throw new UsageError(`${argument} is "${text}"; expected ${bounds.expected}`);
}
