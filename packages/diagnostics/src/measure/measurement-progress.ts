/** How long measurements say how far they are. */
import { InvalidArgumentError } from '@kindling/core';

/** Progress of a measurement over many random nets. */
export interface MeasurementProgress {
  /** Nets that are done. */
  readonly done: number;
  readonly total: number;
}

/** More nets than anybody waits for. */
const mostTrials = 100_000_000;

/**
 * @param caller begins the message
 * @throws InvalidArgumentError unless `trials` is an integer from 1 to 100,000,000
 */
export function checkTrials(caller: string, trials: number): void {
  if (!Number.isSafeInteger(trials) || trials < 1 || trials > mostTrials) {
    throw new InvalidArgumentError(
      `${caller}: trials is ${trials}; expected an integer from 1 to ${mostTrials}`,
    );
  }
}
