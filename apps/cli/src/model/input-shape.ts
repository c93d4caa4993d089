/** `--input-shape`: the size of a model's input where the file leaves it open. */
import type { ArchitectureInput } from '@kindling/core';
import { UsageError } from '../usage-error.js';

/** Larger inputs are likelier typing errors. */
const mostNumbers = 1e9;

/** Reads `784` or `28x28x1`: height, width and channels. @throws UsageError for anything else */
export function parseInputShape(text: string): ArchitectureInput {
  const sizes = text.trim().split(/\s*[x×*,]\s*/);
  const numbers = sizes.map((size) => (/^\d{1,10}$/.test(size) ? Number(size) : Number.NaN));
  const product = numbers.reduce((all, size) => all * size, 1);
  const [a = 0, b = 0, c = 0] = numbers;
  const sound = numbers.every((size) => size >= 1) && product <= mostNumbers;
  if (sound && numbers.length === 1) return { width: a };
  if (sound && numbers.length === 3) return { height: a, width: b, channels: c };
  throw new UsageError(
    `--input-shape is "${text.slice(0, 60)}"; expected a number of inputs, such as 784, or height, width and channels, such as 28x28x1`,
  );
}
