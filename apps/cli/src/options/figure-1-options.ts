/** The flags of figure 1's own, from text to checked values; those of every study are read by `readStudyFlags`. */
import { type Figure1InitializerName, figure1Limits } from '@kindling/studies';
import { commandLine } from '@kindling/studies/text';
import { UsageError } from '../usage-error.js';
import { resolveDataRequest } from './data-request.js';
import { parseDepths } from './depths.js';
import { parseInitializers } from './initializers.js';
import type { StudyFlags } from './study-options.js';
import { parseWholeNumber } from './whole-number.js';

/** The flags as commander hands them over: text where given. */
export interface Figure1Flags extends StudyFlags {
  readonly data: string;
  readonly depths?: string;
  readonly inits?: string;
  readonly runs?: string;
  readonly trials?: string;
  readonly maxEpochs?: string;
}

/** The same, checked. What was not given is undefined where the spec has its own default. */
export interface Figure1Choices {
  /** A name, or an absolute path. */
  readonly data: string;
  readonly depths: readonly number[] | undefined;
  readonly initializers: readonly Figure1InitializerName[] | undefined;
  readonly runs: number | undefined;
  readonly trials: number | undefined;
  readonly maxEpochs: number | undefined;
}

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
    depths: optional(flags.depths, parseDepths),
    initializers: optional(flags.inits, parseInitializers),
    runs,
    trials,
    maxEpochs: optional(flags.maxEpochs, (text) =>
      parseWholeNumber('--max-epochs', text, { least: 1, most: limits.maxEpochs }),
    ),
  };
}

/**
 * The command that makes the same numbers: only what decides them, in a fixed order, the seed always, the data where there
 * are trainings.
 *
 * @param data as the user typed it
 */
export function reproductionCommand(
  choices: Figure1Choices & { readonly quick: boolean; readonly seed: number },
  data: string,
): string {
  const { quick, seed, depths, initializers, runs, trials, maxEpochs } = choices;
  return commandLine([
    ...['kindling', 'study', 'figure-1'],
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
