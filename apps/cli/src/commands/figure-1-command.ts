/** `kindling study figure-1`: its flags, and the way from them to a study that runs. */
import { join } from 'node:path';
import {
  countOf,
  countText,
  datasetIdentity,
  figure1,
  figure1Defaults,
  figure1Spec,
  InterruptedError,
} from '@kindling/studies';
import { studyDirectoryName } from '@kindling/studies/node';
import { type LoadedDataset, loadDataset } from '@kindling/trainer/node';
import { Command } from 'commander';
import { type ExitCode, exitCodes, exitCodesHelp } from '../exit-codes.js';
import { listenForInterruption } from '../interruption.js';
import { commandLine } from '../options/command-line.js';
import {
  type Figure1Choices,
  type Figure1Flags,
  readFigure1Flags,
  reproductionCommand,
} from '../options/figure-1-options.js';
import { runStudyCommand, type StudyRun } from '../study/run-study-command.js';
import type { Surroundings } from '../surroundings.js';
import { UsageError } from '../usage-error.js';

const { full, quick } = figure1Defaults;
const defaults = (name: 'trials' | 'runs' | 'maxEpochs') => `(default: ${full[name]}, quick ${quick[name]})`;

/** Beyond this many records a study does not fit into memory when it is summed up. */
const mostTrials = 1_200_000;

/** Shown under the options. */
export const figure1Examples = `Examples:
  $ kindling study figure-1 --quick                    a first look, in a minute or two
  $ kindling study figure-1 --quick --data embedded    the same without any download
  $ kindling study figure-1 --runs 0 --depths 10..100:10 --inits he-normal,lecun-normal
                                                       lengths only, two curves
  $ kindling study figure-1 --trials 0 --data ~/data   trainings only, on idx files of yours

The same command goes on where an interrupted one stopped.`;

/**
 * The command. Its action hands the exit code to `finish`.
 *
 * @param typed the arguments of the program as they were typed
 */
export function figure1Command(
  surroundings: Surroundings,
  typed: readonly string[],
  finish: (code: ExitCode) => void,
): Command {
  return new Command(figure1.name)
    .summary(figure1.title)
    .description(`${figure1.title}\n${figure1.question}`)
    .option('--data <name>', 'mnist, fashion-mnist, embedded or a directory of idx files', 'mnist')
    .option('--quick', 'smaller defaults: fewer depths, nets, runs and epochs')
    .option('--seed <n>', 'where every random number comes from (default: 1)')
    .option('--workers <n>', 'threads; never changes the numbers (default: one a core)')
    .option('--depths <list>', 'numbers of hidden layers, such as 5,10,20 or 10..100:10')
    .option(
      '--inits <list>',
      'initializers, such as he-normal,glorot-normal (default: the eight of the paper)',
    )
    .option('--trials <n>', `nets a point in part 1a; 0 leaves it out ${defaults('trials')}`)
    .option('--runs <n>', `trainings a point in part 1b; 0 leaves it out ${defaults('runs')}`)
    .option('--max-epochs <n>', `where a training that has not started is given up ${defaults('maxEpochs')}`)
    .option(
      '--out <dir>',
      'where records and report go (default: kindling-results/figure-1-…, one for each spec and build)',
    )
    .option('--json', 'print summary.json on stdout, and nothing else there')
    .addHelpText('after', `\n${figure1Examples}\n\n${exitCodesHelp}`)
    .action(async (flags: Figure1Flags) => {
      finish(await runFigure1(flags, surroundings, typed));
    });
}

async function runFigure1(
  flags: Figure1Flags,
  surroundings: Surroundings,
  typed: readonly string[],
): Promise<ExitCode> {
  const { stderr, directory, invocation } = surroundings;
  const choices = await readFigure1Flags(flags, directory);
  const interruption = listenForInterruption((line) => stderr.write(`${line}\n`));
  try {
    const run = await prepare(choices, flags, surroundings);
    interruption.signal.throwIfAborted();
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

function countOfDone(error: unknown): string {
  if (!(error instanceof InterruptedError)) return '';
  const { doneTrials, totalTrials } = error.details;
  if (typeof doneTrials !== 'number' || typeof totalTrials !== 'number') return '';
  return ` after ${countText(doneTrials)} of ${countOf(totalTrials, 'trial')}`;
}

/** Loads the data where it is needed, and makes the spec. */
async function prepare(
  choices: Figure1Choices,
  flags: Figure1Flags,
  { directory, env }: Surroundings,
): Promise<StudyRun<ReturnType<typeof figure1Spec>, ReturnType<typeof figure1.summarize>>> {
  const { seed, initializers, depths, trials, runs, maxEpochs } = choices;
  const loaded: LoadedDataset | null =
    runs === 0
      ? null
      : await loadDataset(choices.data, { env, cwd: directory, resolveFrom: [import.meta.url] });
  const spec = figure1Spec({
    seed,
    initializers,
    depths,
    trials,
    runs,
    maxEpochs,
    quick: choices.quick,
    data: loaded === null ? null : datasetIdentity(loaded.dataset),
  });
  const total = figure1.cells(spec).reduce((sum, cell) => sum + cell.trials, 0);
  if (total > mostTrials) {
    throw new UsageError(
      `--trials and --runs ask for ${countText(total)} trials in all; expected at most ${countText(mostTrials)}, ` +
        'which is what memory holds — ask for fewer, or for fewer depths or initializers',
    );
  }
  const folder = studyDirectoryName(figure1.name, spec);
  return {
    study: figure1,
    spec,
    dataset: loaded?.dataset ?? null,
    introduction: [
      ...(loaded === null ? [] : [['data', dataText(loaded)] as const]),
      ['spec', `seed ${seed}, ${countOf(spec.initializers.length, 'initializer')}`],
    ],
    maxEpochs: spec.training?.maxEpochs ?? null,
    workers: choices.workers,
    out: choices.out ?? join(directory, 'kindling-results', folder),
    json: choices.json,
    reproduction: reproductionCommand(choices, flags.data),
  };
}

function dataText({ dataset: { name, train, test }, source }: LoadedDataset): string {
  return `${name}, ${countText(train.count)} + ${countText(test.count)} images: ${source}`;
}
