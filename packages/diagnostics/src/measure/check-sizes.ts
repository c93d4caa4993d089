/** Checks of sizes for every `measure*` function: one line, naming the function and its own argument. */
import { InvalidArgumentError } from '@kindling/core';

/**
 * @param caller begins the message
 * @throws InvalidArgumentError when `widths` is not an input's width and those of one or more layers, all integers ≥ 1
 */
export function checkWidths(caller: string, widths: readonly number[]): void {
  if (widths.length < 2) {
    throw new InvalidArgumentError(
      `${caller}: widths has ${widths.length} entries; expected the input's width and at least one layer's`,
    );
  }
  checkEach(caller, 'widths', widths);
}

/**
 * @param caller begins the message
 * @throws InvalidArgumentError when `hidden` is empty or a width in it is not an integer ≥ 1
 */
export function checkHidden(caller: string, hidden: readonly number[]): void {
  if (hidden.length === 0) {
    throw new InvalidArgumentError(`${caller}: hidden is empty; expected at least one width`);
  }
  checkEach(caller, 'hidden', hidden);
}

/**
 * @param caller begins the message
 * @throws InvalidArgumentError when `outputs` is not an integer ≥ 0
 */
export function checkOutputs(caller: string, outputs: number): void {
  if (!Number.isSafeInteger(outputs) || outputs < 0) {
    throw new InvalidArgumentError(`${caller}: outputs is ${outputs}; expected an integer ≥ 0`);
  }
}

function checkEach(caller: string, name: string, widths: readonly number[]): void {
  widths.forEach((width, index) => {
    if (!Number.isSafeInteger(width) || width < 1) {
      throw new InvalidArgumentError(`${caller}: ${name}[${index}] is ${width}; expected an integer ≥ 1`);
    }
  });
}
