/** What every question about a fully connected net starts with: its widths and its initializer. */
import { InvalidArgumentError } from '@kindling/core';
import { effectiveVariance, type NamedInitializer, needsData } from '@kindling/initializers';
import { countOf, countText } from '@kindling/studies/text';
import { UsageError } from '../usage-error.js';
import { parseRealNumber } from './real-number.js';
import { parseWholeNumber } from './whole-number.js';
import { widthsText } from './widths.js';

/** A fully connected ReLU net, checked. */
export interface NetworkChoice {
  /** The input's width, then every ReLU layer's. */
  readonly widths: readonly number[];
  readonly named: NamedInitializer;
}

/** Refuses an initializer that some layer of the net cannot have. @throws UsageError naming `argument` and the layer */
export function checkInitializerFits(argument: string, { widths, named }: NetworkChoice): void {
  if (needsData(named.initializer)) return;
  if (named.initializer.kind === 'fixup') {
    throw new UsageError(
      `${argument} ${named.name} is for residual nets; expected another one, or --residual`,
    );
  }
  let before = '';
  for (const [index, fanOut] of widths.slice(1).entries()) {
    const fanIn = widths[index] ?? 0;
    if (before === `${fanIn} ${fanOut}`) continue;
    before = `${fanIn} ${fanOut}`;
    try {
      effectiveVariance(named.initializer, { fanIn, fanOut });
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      const reason = error.message.replace(/^\w+: /, '').replaceAll('\n', ' ');
      throw new UsageError(
        `${argument} ${named.name} does not go with layer ${index + 1} of ${countOf(fanIn, 'input')} and ${countOf(fanOut, 'unit')}: ${reason}`,
      );
    }
  }
}

/** Reads `--input-length`: the mean square of the input's numbers, 1e−100 … 1e100. */
export function parseInputLength(text: string): number {
  return parseRealNumber('--input-length', text, {
    // Squares of lengths, and what many layers make of them, must be numbers.
    least: 1e-100,
    most: 1e100,
    expected: 'a length from 1e-100 to 1e100: the mean square of the input, such as 1',
  });
}

/** Reads `--seed`. */
export function parseSeed(text: string): number {
  return parseWholeNumber('--seed', text, { least: 0, most: Number.MAX_SAFE_INTEGER });
}

/** The net in words, such as `784 → 50 layers of 100`. */
export function networkText(widths: readonly number[]): string {
  const [input = 0, ...layers] = widths;
  const depth = countOf(layers.length, 'ReLU layer');
  const first = layers[0] ?? 0;
  const same = layers.every((width) => width === first);
  const shape = same ? ` of ${countText(first)}` : `: ${widthsText(layers)}`;
  return `${countOf(input, 'input')} → ${depth}${shape}`;
}
