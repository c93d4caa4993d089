/** Checks of arguments for every `predict*` function: one line, naming the function and the argument. */
import { InvalidArgumentError } from '@kindling/core';

/** The largest count a formula here is evaluated at; each costs at most one step a unit. */
const largestCount = 1_000_000;

/**
 * @throws InvalidArgumentError when `value` is not an integer from `least` (default 1) to `most` (default a million)
 */
export function checkCount(
  caller: string,
  name: string,
  value: number,
  { least = 1, most = largestCount }: { readonly least?: number; readonly most?: number } = {},
): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new InvalidArgumentError(
      `${caller}: ${name} is ${value}; expected an integer from ${least} to ${most}`,
    );
  }
}

/**
 * @throws InvalidArgumentError when `counts` is empty or one of them is not an integer ≥ 1
 */
export function checkCounts(caller: string, name: string, counts: readonly number[]): void {
  if (counts.length === 0) {
    throw new InvalidArgumentError(`${caller}: ${name} is empty; expected at least one width`);
  }
  counts.forEach((count, index) => {
    checkCount(caller, `${name}[${index}]`, count);
  });
}

/**
 * @throws InvalidArgumentError when `widths` is not an input's width (any integer ≥ 1: it costs nothing) and those of one or
 *   more layers
 */
export function checkWidths(caller: string, widths: readonly number[]): void {
  if (widths.length < 2) {
    throw new InvalidArgumentError(
      `${caller}: widths has ${widths.length} entries; expected the input's width and at least one layer's`,
    );
  }
  checkCount(caller, 'widths[0]', widths[0] ?? 0, { most: Number.MAX_SAFE_INTEGER });
  widths.slice(1).forEach((width, index) => {
    checkCount(caller, `widths[${index + 1}]`, width);
  });
}

/**
 * @throws InvalidArgumentError when `value` is NaN, infinite or negative
 */
export function checkNonNegative(caller: string, name: string, value: number): void {
  if (!(value >= 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError(`${caller}: ${name} is ${value}; expected a finite number ≥ 0`);
  }
}

/**
 * @throws InvalidArgumentError when `value` is not strictly between 0 and 1
 */
export function checkOpenProbability(caller: string, name: string, value: number): void {
  if (!(value > 0 && value < 1)) {
    throw new InvalidArgumentError(`${caller}: ${name} is ${value}; expected a number between 0 and 1`);
  }
}
