/**
 * `kindling study <name>`: what is the same for every study. A command of its own flags, a clean stop on Ctrl-C with the
 * line that goes on, a place for the results.
 */
import { join } from 'node:path';
import { createEngine } from '@kindling/core';
import { InterruptedError, provenanceOf, type StudyDefinition, type StudySpec } from '@kindling/studies';
import { studyDirectoryName } from '@kindling/studies/node';
import { commandLine, countOf, countText, type JsonObject } from '@kindling/studies/text';
import type { Dataset } from '@kindling/trainer';
import { Command, type Option } from 'commander';
import { type ExitCode, exitCodes, exitCodesHelp } from '../exit-codes.js';
import { listenForInterruption } from '../interruption.js';
import { chooseKernels } from '../options/kernels-choice.js';
import {
  readStudyFlags,
  type StudyChoices,
  type StudyFlags,
  studyOptions,
} from '../options/study-options.js';
import type { Surroundings } from '../surroundings.js';
import { UsageError } from '../usage-error.js';
import { runStudyCommand } from './run-study-command.js';

/** A study as its own flags ask for it. */
export interface StudyRequest<Spec extends StudySpec> {
  readonly spec: Spec;
  /** The data the spec names, loaded; null when it names none. */
  readonly dataset: Dataset | null;
  /** What to tell before the start, as pairs of a label and a text. */
  readonly introduction: readonly (readonly [label: string, text: string])[];
  /** Epochs of the longest training; null where trials do not count epochs. */
  readonly maxEpochs: number | null;
  /** The command that makes the same numbers, for the report. */
  readonly reproduction: string;
}

/** What the command line knows of a study beside its definition. */
export interface StudyFace<Flags extends StudyFlags, Spec extends StudySpec, Summary extends JsonObject> {
  readonly study: StudyDefinition<Spec, Summary>;
  /** The study's own flags; those of every study follow them in the help. */
  readonly options: readonly Option[];
  /** Flags to name when too many trials are asked for, such as `--runs`. */
  readonly countFlags: string;
  /** Shown under the options. */
  readonly examples: string;
  /**
   * From the study's own flags to a spec, data loaded.
   *
   * @throws UsageError naming the flag that cannot be obeyed
   */
  prepare(flags: Flags, choices: StudyChoices, surroundings: Surroundings): Promise<StudyRequest<Spec>>;
}

/** A study's command, to be made for some surroundings. */
export interface StudySubcommand {
  readonly name: string;
  /** The study's own flags. */
  readonly options: readonly Option[];
  readonly examples: string;
  /**
   * The command. Its action hands the exit code to `finish`.
   *
   * @param typed the arguments of the program as they were typed
   */
  make(surroundings: Surroundings, typed: readonly string[], finish: (code: ExitCode) => void): Command;
}

/** Beyond this many records a study does not fit into memory when it is summed up. */
const mostTrials = 1_200_000;

/** The command of a study. */
export function studySubcommand<Flags extends StudyFlags, Spec extends StudySpec, Summary extends JsonObject>(
  face: StudyFace<Flags, Spec, Summary>,
): StudySubcommand {
  const { study, options, examples } = face;
  return {
    name: study.name,
    options,
    examples,
    make: (surroundings, typed, finish) => {
      const command = new Command(study.name)
        .summary(study.title)
        .description(`${study.title}\n${study.question}`);
      for (const option of [...options, ...studyOptions()]) command.addOption(option);
      return command
        .addHelpText('after', `\n${examples}\n\n${exitCodesHelp}`)
        .action(async (flags: Flags) => finish(await run(face, flags, surroundings, typed)));
    },
  };
}

async function run<Flags extends StudyFlags, Spec extends StudySpec, Summary extends JsonObject>(
  face: StudyFace<Flags, Spec, Summary>,
  flags: Flags,
  surroundings: Surroundings,
  typed: readonly string[],
): Promise<ExitCode> {
  const { study, countFlags } = face;
  const { stderr, directory, invocation } = surroundings;
  const choices = readStudyFlags(flags, directory);
  const kernels = await chooseKernels(flags);
  const interruption = listenForInterruption((line) => stderr.write(`${line}\n`));
  try {
    const request = await face.prepare(flags, choices, surroundings);
    const { spec } = request;
    checkCount(countFlags, study.cells(spec));
    interruption.signal.throwIfAborted();
    const { workers, json } = choices;
    const provenance = provenanceOf(kernels ?? createEngine());
    const out =
      choices.out ?? join(directory, 'kindling-results', studyDirectoryName(study.name, spec, provenance));
    const reproduction = `${request.reproduction}${kernels === null ? '' : ` --kernels ${kernels.build}`}`;
    const run = { ...request, study, workers, out, json, kernels, provenance, reproduction };
    await runStudyCommand(run, interruption, surroundings);
    return exitCodes.done;
  } catch (error) {
    const stopped =
      error instanceof InterruptedError || (error instanceof Error && error.name === 'AbortError');
    if (!interruption.signal.aborted || !stopped) throw error;
    const command = `${invocation} ${commandLine(typed)}`;
    stderr.write(`Interrupted${countOfDone(error)}. To go on, run the same command again:\n  ${command}\n`);
    return interruption.exitCode();
  } finally {
    interruption.dispose();
  }
}

function checkCount(countFlags: string, cells: readonly { readonly trials: number }[]): void {
  const total = cells.reduce((sum, cell) => sum + cell.trials, 0);
  if (total <= mostTrials) return;
  throw new UsageError(
    `${countFlags} ${countFlags.includes(' ') ? 'ask' : 'asks'} for ${countText(total)} trials in all; expected at most ` +
      `${countText(mostTrials)}, which is what memory holds — ask for fewer, or for fewer points`,
  );
}

function countOfDone(error: unknown): string {
  if (!(error instanceof InterruptedError)) return '';
  const { doneTrials, totalTrials } = error.details;
  if (typeof doneTrials !== 'number' || typeof totalTrials !== 'number') return '';
  return ` after ${countText(doneTrials)} of ${countOf(totalTrials, 'trial')}`;
}
