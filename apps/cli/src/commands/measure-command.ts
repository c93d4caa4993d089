/** `kindling measure`: the lengths of a net's layers on random nets, beside what theory says. */
import { createEngine, type Engine, rootKey } from '@kindling/core';
import { hasExactLaw } from '@kindling/diagnostics';
import { needsData } from '@kindling/initializers';
import type { JsonValue } from '@kindling/studies';
import { Command } from 'commander';
import {
  type ArchitectureMeasurementRequest,
  architectureMeasurementJson,
  architectureMeasurementView,
  measureArchitecture,
} from '../answers/architecture-measurement.js';
import { denseMeasurementView } from '../answers/dense-measurement.js';
import { type MeasurementRequest, measureNetwork } from '../answers/measure-network.js';
import { measurementJson } from '../answers/measurement.js';
import { measurementText } from '../answers/measurement-text.js';
import type { MeasurementView } from '../answers/measurement-view.js';
import type { ExitCode } from '../exit-codes.js';
import { defaultOption } from '../options/default-option.js';
import { inputHelp, readGivenInput, refuseDenseOnly, refuseGivenInput } from '../options/kind-flags.js';
import { loadMeasuredData } from '../options/measured-data.js';
import { checkNetworkMemory } from '../options/memory-limit.js';
import { suggestion } from '../options/nearest-names.js';
import { parseInputLength, parseSeed } from '../options/network-choice.js';
import {
  type ArchitectureQuestion,
  type DenseQuestion,
  type NetworkFlags,
  type NetworkQuestion,
  readNetworkQuestion,
  withNetworkOptions,
} from '../options/network-question.js';
import { checkWeights } from '../options/weight-limit.js';
import { parseWholeNumber } from '../options/whole-number.js';
import { jsonText } from '../output/json-text.js';
import { runSteps, type StepProgress, type StepsOutcome } from '../progress/run-steps.js';
import type { Surroundings } from '../surroundings.js';
import { UsageError } from '../usage-error.js';

interface MeasureFlags extends NetworkFlags {
  readonly trials: string;
  readonly seed: string;
  readonly method?: string;
  readonly inputLength?: string;
  readonly data?: string;
  readonly input?: string;
  readonly json?: boolean;
}

const methods = ['matrices', 'exact-law'] as const;
const mostTrials = 1_000_000;

/** The command. */
export function measureCommand(surroundings: Surroundings, finish: (code: ExitCode) => void): Command {
  return withNetworkOptions(new Command('measure'))
    .summary('the same, measured on random nets')
    .description(
      'Draws random nets, passes an input through each and tells the lengths of their layers: mean, second moment and mean ' +
        'logarithm with standard errors, beside what theory says. What so many nets cannot tell is not told.',
    )
    .addOption(defaultOption('--trials <n>', 'random nets', '1000'))
    .addOption(defaultOption('--seed <n>', 'where every random number comes from', '1'))
    .option(
      '--method <name>',
      'with --widths: matrices draws every weight; exact-law draws lengths alone, for normal weights with zero or normal biases (default: matrices)',
    )
    .option('--input-length <L>', 'with --widths: the mean square of the random inputs (default: 1)')
    .option(
      '--data <name>',
      'with --widths: images as inputs: mnist, fashion-mnist, embedded or a directory of idx files',
    )
    .option('--input <list>', inputHelp)
    .option(
      '--json',
      'as JSON: the keys of predict, the moments and bornDead as measured, each layer with standard errors and deadTrials; trials, method, ' +
        'seed, refusals; of other nets than fully connected ones memoryBytes, too',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ kindling measure --widths 784,100*50 --init he-normal --trials 1000 --seed 1
  $ kindling measure --widths 20,20*50 --init he-normal --method exact-law --trials 100000
  $ kindling measure --widths 784,100*10 --init lsuv --data embedded --json
  $ kindling measure --residual 5*30 --scale 0.75^l --init he-normal
  $ kindling measure --conv 32x32x3,4*20 --padding circular --init he-normal --trials 100
  $ kindling measure --arch net.json --init he-normal --json`,
    )
    .action(async (flags: MeasureFlags) => {
      const { stdout, directory } = surroundings;
      const question = await readNetworkQuestion(flags, directory);
      const engine = createEngine();
      const told =
        question.kind === 'dense'
          ? await runWork(surroundings, question, {
              work: measureNetwork(engine, await readDenseFlags(question, flags, surroundings)),
              json: measurementJson,
              view: denseMeasurementView,
            })
          : await runWork(surroundings, question, {
              work: measureArchitecture(
                engine,
                await readArchitectureFlags(question, flags, engine, directory),
              ),
              json: architectureMeasurementJson,
              view: architectureMeasurementView,
            });
      if (told.ended === 'interrupted') finish(told.exitCode);
      else if (flags.json === true) stdout.write(jsonText(told.result.json()));
      else stdout.write(measurementText(told.result.view(), stdout));
    });
}

function parseTrials(text: string): number {
  return parseWholeNumber('--trials', text, {
    least: 1,
    most: mostTrials,
    whyMost: 'a hundred times the nets give but one more digit',
  });
}

/** What is done, and how its result is told. */
interface Work<Result> {
  readonly work: Generator<StepProgress, Result>;
  readonly json: (result: Result) => JsonValue;
  readonly view: (result: Result) => MeasurementView;
}

/** Runs it; its result is made what is asked for afterwards. */
async function runWork<Result>(
  surroundings: Surroundings,
  { named }: NetworkQuestion,
  { work, json, view }: Work<Result>,
): Promise<StepsOutcome<{ readonly json: () => JsonValue; readonly view: () => MeasurementView }>> {
  const outcome = await runSteps(work, surroundings, `nets of ${named.name}`);
  if (outcome.ended === 'interrupted') return outcome;
  const { result } = outcome;
  return { ended: 'finished', result: { json: () => json(result), view: () => view(result) } };
}

/** Refuses what does not go with such a net, or does not fit into memory. */
async function readArchitectureFlags(
  question: ArchitectureQuestion,
  flags: MeasureFlags,
  engine: Engine,
  directory: string,
): Promise<ArchitectureMeasurementRequest> {
  const { inputLength, method, data } = flags;
  refuseDenseOnly(question, { '--input-length': inputLength, '--method': method, '--data': data });
  const trials = parseTrials(flags.trials);
  const seed = parseSeed(flags.seed);
  const input = await readGivenInput(flags.input, question, directory);
  checkNetworkMemory(question, engine);
  return { question, trials, seed, key: rootKey(seed), input };
}

async function readDenseFlags(
  choice: DenseQuestion,
  flags: MeasureFlags,
  surroundings: Surroundings,
): Promise<MeasurementRequest> {
  refuseGivenInput(flags.input, choice);
  const trials = parseTrials(flags.trials);
  const seed = parseSeed(flags.seed);
  const asked = flags.method ?? 'matrices';
  const method = methods.find((name) => name === asked);
  if (method === undefined) throw new UsageError(`--method is "${asked}"; ${suggestion(asked, methods)}`);
  const inputLength = flags.inputLength === undefined ? null : parseInputLength(flags.inputLength);
  if (flags.data !== undefined && inputLength !== null) {
    throw new UsageError('--input-length does not go with --data; images have their own lengths');
  }
  if (flags.data !== undefined && method === 'exact-law') {
    throw new UsageError(
      '--data does not go with --method exact-law, which passes no input; expected matrices',
    );
  }
  const { initializer, name } = choice.named;
  if (method === 'exact-law' && !hasExactLaw(initializer)) {
    throw new UsageError(
      `--method exact-law needs normal weights and zero or normal biases, not ${name}; expected matrices`,
    );
  }
  if (needsData(initializer) && flags.data === undefined) {
    throw new UsageError(
      `--data is missing: ${name} needs data; expected --data embedded, mnist or a directory`,
    );
  }
  if (method === 'matrices') {
    checkWeights(
      { argument: choice.source.flag, hint: '--method exact-law needs no weights' },
      choice.widths,
    );
  }
  const data =
    flags.data === undefined
      ? null
      : await loadMeasuredData(
          flags.data,
          {
            argument: choice.source.flag,
            width: choice.widths[0] ?? 0,
            initializes: needsData(initializer),
          },
          surroundings,
        );
  return { ...choice, trials, seed, key: rootKey(seed), method, inputLength: inputLength ?? 1, data };
}
