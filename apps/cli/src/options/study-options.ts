/** The flags every study has, from text to checked values. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { commandLine } from '@kindling/studies/text';
import { Option } from 'commander';
import { UsageError } from '../usage-error.js';
import { type KernelFlags, kernelOptions } from './kernels-choice.js';
import { parseWholeNumber } from './whole-number.js';

/** The flags as commander hands them over: text where given. */
export interface StudyFlags extends KernelFlags {
  readonly quick?: boolean;
  readonly seed?: string;
  readonly workers?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** The same, checked. */
export interface StudyChoices {
  readonly quick: boolean;
  readonly seed: number;
  readonly workers: number;
  /** Absolute path, or undefined for the default. */
  readonly out: string | undefined;
  readonly json: boolean;
}

/** Every worker is a thread with its own memory. */
const mostWorkers = 256;

/** The flags every study has, as commander's options. */
export function studyOptions(): readonly Option[] {
  return [
    new Option('--quick', 'smaller defaults, for a first look in a minute or so'),
    new Option('--seed <n>', 'where every random number comes from (default: 1)'),
    new Option('--workers <n>', 'threads; never changes the numbers (default: one a core)'),
    new Option(
      '--out <dir>',
      'where records and report go (default: kindling-results/<study>-…, one for each spec and build)',
    ),
    ...kernelOptions(),
    new Option('--json', 'print summary.json on stdout, and nothing else there'),
  ];
}

/**
 * Checks them.
 *
 * @param directory the one that relative paths start from, absolute
 * @throws UsageError naming the flag that cannot be obeyed
 */
export function readStudyFlags(flags: StudyFlags, directory: string): StudyChoices {
  const { quick = false, seed = '1', workers, out, json = false } = flags;
  return {
    quick,
    seed: parseWholeNumber('--seed', seed, { least: 0, most: Number.MAX_SAFE_INTEGER }),
    workers:
      workers === undefined
        ? Math.min(availableParallelism(), mostWorkers)
        : parseWholeNumber('--workers', workers, {
            least: 1,
            most: mostWorkers,
            whyMost: 'more than the cores of the machine gain nothing',
          }),
    out: out === undefined ? undefined : readOut(out, directory),
    json,
  };
}

function readOut(text: string, directory: string): string {
  if (text.trim() === '') throw new UsageError(`--out is "${text}"; expected a directory`);
  if (text.startsWith('-')) {
    throw new UsageError(`--out is "${text}"; expected a directory (./${text} if it is really called so)`);
  }
  return resolve(directory, text);
}

/** What decides a study's numbers on its command line. */
export interface Reproduction {
  /** Name in the catalog. */
  readonly study: string;
  readonly quick: boolean;
  readonly seed: number;
  /** The study's own flags and their values, in a fixed order. */
  readonly words: readonly string[];
}

/** The command that makes the same numbers: only what decides them, in a fixed order, the seed always. */
export function reproductionLine({ study, quick, seed, words }: Reproduction): string {
  return commandLine([
    ...['kindling', 'study', study],
    ...(quick ? ['--quick'] : []),
    ...['--seed', String(seed)],
    ...words,
  ]);
}
