/** Flags that go with one kind of net only: `--input-length` and its like with fully connected ones, `--input` with the others. */
import { inputShape } from '@kindling/core';
import { UsageError } from '../usage-error.js';
import { parseInput } from './input-numbers.js';
import type { ArchitectureQuestion, DenseQuestion } from './network-question.js';

/** For the help of `--input`. */
export const inputHelp =
  'with --residual, --conv or --arch: numbers between commas, or a file of them (.csv, .txt, .json); default: a random direction';

/** What each of them means, and what does instead. */
const reasons = {
  '--input-length': '--input gives an input of any length',
  '--data': '--input gives an input to such a net',
  '--method': 'only fully connected nets have an exact law',
} as const;

/**
 * Refuses flags of fully connected nets for another one.
 *
 * @throws UsageError naming the flag and what it does not go with
 */
export function refuseDenseOnly(
  { source }: ArchitectureQuestion,
  given: Readonly<Partial<Record<keyof typeof reasons, string | undefined>>>,
): void {
  for (const [flag, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const reason = reasons[flag as keyof typeof reasons];
    throw new UsageError(`${flag} does not go with ${source.flag}; ${reason}`);
  }
}

/** Refuses `--input` for a fully connected net. @throws UsageError */
export function refuseGivenInput(input: string | undefined, { source }: DenseQuestion): void {
  if (input === undefined) return;
  const net = source.flag === '--widths' ? source.flag : `${source.flag}, a fully connected net`;
  throw new UsageError(
    `--input does not go with ${net}; only the length of its input matters, expected --input-length`,
  );
}

/** Reads `--input`; null where it is not given. @throws UsageError as `parseInput` */
export async function readGivenInput(
  text: string | undefined,
  { architecture }: ArchitectureQuestion,
  directory: string,
): Promise<readonly number[] | null> {
  if (text === undefined) return null;
  const { height, width, channels } = inputShape(architecture.input);
  return await parseInput(text, height * width * channels, directory);
}
