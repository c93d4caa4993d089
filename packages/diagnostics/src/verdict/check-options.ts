/** Checks of what every diagnosis takes. */
import { type Engine, InvalidArgumentError, sumSquares } from '@kindling/core';
import type { InitializationData } from '@kindling/initializers';

/** Beyond it a typing error is likelier than a wish. */
const mostTrials = 1_000_000;

/** @throws InvalidArgumentError unless trials is absent or an integer from 2 to 1,000,000 */
export function checkTrials(caller: string, trials: number | undefined): void {
  if (trials === undefined || (Number.isSafeInteger(trials) && trials >= 2 && trials <= mostTrials)) return;
  throw new InvalidArgumentError(
    `${caller}: trials is ${trials}; expected an integer from 2 to ${mostTrials}`,
  );
}

/**
 * The mean square of the data; 1 without.
 *
 * @param expected numbers a row, and what says so
 * @throws InvalidArgumentError for rows of another width, or data that are empty, zero or not finite
 */
export function dataLength(
  engine: Engine,
  caller: string,
  data: InitializationData | undefined,
  expected: { readonly numbers: number; readonly words: string },
): number {
  if (data === undefined) return 1;
  const { rows, columns } = data.inputs;
  if (columns !== expected.numbers) {
    throw new InvalidArgumentError(
      `${caller}: the data have ${columns} numbers a row; expected ${expected.words} = ${expected.numbers}`,
    );
  }
  const length = sumSquares(engine, data.inputs) / (rows * columns);
  if (!(length > 0 && Number.isFinite(length))) {
    throw new InvalidArgumentError(
      `${caller}: the data are empty, all zero or not finite; expected at least one row that is not zero`,
    );
  }
  return length;
}
