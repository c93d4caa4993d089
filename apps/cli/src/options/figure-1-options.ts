/** The flags of `kindling study figure-1`, from text to checked values. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { InitializerName } from '@kindling/initializers';
import { figure1Limits } from '@kindling/studies';
import { UsageError } from '../usage-error.js';
import { commandLine } from './command-line.js';
import { resolveDataRequest } from './data-request.js';
import { parseDepths } from './depths.js';
import { parseInitializers } from './initializers.js';
import { parseWholeNumber } from './whole-number.js';

/** The flags as commander hands them over: text where given. */
export interface Figure1Flags {
  readonly data: string;
  readonly quick?: boolean;
  readonly seed?: string;
  readonly workers?: string;
  readonly depths?: string;
  readonly inits?: string;
  readonly runs?: string;
  readonly trials?: string;
  readonly maxEpochs?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** The same, checked. What was not given is undefined where the spec has its own default. */
export interface Figure1Choices {
  /** A name, or an absolute path. */
  readonly data: string;
  readonly quick: boolean;
  readonly seed: number;
  readonly workers: number;
  readonly depths: readonly number[] | undefined;
  readonly initializers: readonly InitializerName[] | undefined;
  readonly runs: number | undefined;
  readonly trials: number | undefined;
  readonly maxEpochs: number | undefined;
  /** Absolute path, or undefined for the default. */
  readonly out: string | undefined;
  readonly json: boolean;
}

/** Every worker is a thread with its own memory. */
const mostWorkers = 256;

/**
 * Checks the flags.
 *
 * @param directory the one that relative paths start from, absolute
 * @throws UsageError naming the flag that cannot be obeyed
 */
export async function readFigure1Flags(flags: Figure1Flags, directory: string): Promise<Figure1Choices> {
  const { depth: _, ...limits } = figure1Limits;
  const optional = <Value>(text: string | undefined, parse: (text: string) => Value) =>
    text === undefined ? undefined : parse(text);
  const runs = optional(flags.runs, (text) =>
    parseWholeNumber('--runs', text, { least: 0, most: limits.runs, hint: '0 leaves part 1b out' }),
  );
  const trials = optional(flags.trials, (text) =>
    parseWholeNumber('--trials', text, { least: 0, most: limits.trials, hint: '0 leaves part 1a out' }),
  );
  if (runs === 0 && trials === 0) {
    throw new UsageError(
      '--trials 0 and --runs 0 leave both parts out; expected one of them to be 1 or more',
    );
  }
  return {
    data: runs === 0 ? flags.data : await resolveDataRequest(flags.data, directory),
    quick: flags.quick ?? false,
    seed: parseWholeNumber('--seed', flags.seed ?? '1', { least: 0, most: Number.MAX_SAFE_INTEGER }),
    workers:
      optional(flags.workers, (text) =>
        parseWholeNumber('--workers', text, {
          least: 1,
          most: mostWorkers,
          whyMost: 'more than the cores of the machine gain nothing',
        }),
      ) ?? Math.min(availableParallelism(), mostWorkers),
    depths: optional(flags.depths, parseDepths),
    initializers: optional(flags.inits, parseInitializers),
    runs,
    trials,
    maxEpochs: optional(flags.maxEpochs, (text) =>
      parseWholeNumber('--max-epochs', text, { least: 1, most: limits.maxEpochs }),
    ),
    out: optional(flags.out, (text) => readOut(text, directory)),
    json: flags.json ?? false,
  };
}

function readOut(text: string, directory: string): string {
  if (text.trim() === '') throw new UsageError(`--out is "${text}"; expected a directory`);
  if (text.startsWith('-')) {
    throw new UsageError(`--out is "${text}"; expected a directory (./${text} if it is really called so)`);
  }
  return resolve(directory, text);
}

/**
 * The command that makes the same numbers: only what decides them, in a fixed order, the data and the seed always.
 *
 * @param data as the user typed it
 */
export function reproductionCommand(choices: Figure1Choices, data: string): string {
  const { quick, seed, depths, initializers, runs, trials, maxEpochs } = choices;
  return commandLine([
    'kindling',
    'study',
    'figure-1',
    ...(quick ? ['--quick'] : []),
    ...(runs === 0 ? [] : ['--data', data]),
    ...['--seed', String(seed)],
    ...(depths === undefined ? [] : ['--depths', depths.join(',')]),
    ...(initializers === undefined ? [] : ['--inits', initializers.join(',')]),
    ...(trials === undefined ? [] : ['--trials', String(trials)]),
    ...(runs === undefined ? [] : ['--runs', String(runs)]),
    ...(maxEpochs === undefined ? [] : ['--max-epochs', String(maxEpochs)]),
  ]);
}
