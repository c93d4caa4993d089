/** `kindling measure`: the lengths of a net's layers on random nets, beside what theory says. */
import { createEngine, rootKey } from '@kindling/core';
import { hasExactLaw } from '@kindling/diagnostics';
import { needsData } from '@kindling/initializers';
import { Command } from 'commander';
import { type MeasurementRequest, measureNetwork } from '../answers/measure-network.js';
import { measurementJson } from '../answers/measurement.js';
import { measurementText } from '../answers/measurement-text.js';
import type { ExitCode } from '../exit-codes.js';
import { defaultOption } from '../options/default-option.js';
import { loadMeasuredData } from '../options/measured-data.js';
import { suggestion } from '../options/nearest-names.js';
import { parseInputLength, parseSeed } from '../options/network-choice.js';
import {
  type DenseQuestion,
  type NetworkFlags,
  readNetworkQuestion,
  withNetworkOptions,
} from '../options/network-question.js';
import { checkWeights } from '../options/weight-limit.js';
import { parseWholeNumber } from '../options/whole-number.js';
import { jsonText } from '../output/json-text.js';
import { runSteps } from '../progress/run-steps.js';
import type { Surroundings } from '../surroundings.js';
import { UsageError } from '../usage-error.js';

interface MeasureFlags extends NetworkFlags {
  readonly trials: string;
  readonly seed: string;
  readonly method: string;
  readonly inputLength?: string;
  readonly data?: string;
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
    .addOption(
      defaultOption(
        '--method <name>',
        'matrices draws every weight; exact-law draws lengths alone, for normal weights with zero or normal biases',
        'matrices',
      ),
    )
    .option('--input-length <L>', 'the mean square of the random inputs (default: 1)')
    .option('--data <name>', 'images as inputs: mnist, fashion-mnist, embedded or a directory of idx files')
    .option(
      '--json',
      'as JSON: the keys of predict, each layer with standard errors and deadTrials; trials, method, seed, refusals',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ kindling measure --widths 784,100*50 --init he-normal --trials 1000 --seed 1
  $ kindling measure --widths 20,20*50 --init he-normal --method exact-law --trials 100000
  $ kindling measure --widths 784,100*10 --init lsuv --data embedded --json`,
    )
    .action(async (flags: MeasureFlags) => {
      const question = await readNetworkQuestion(flags, surroundings.directory);
      if (question.kind !== 'dense') throw new UsageError('later');
      const request = await readDenseFlags(question, flags, surroundings);
      const { stdout, stderr } = surroundings;
      const steps = measureNetwork(createEngine(), request);
      const outcome = await runSteps(steps, stderr, `nets of ${request.named.name}`);
      if (outcome.ended === 'interrupted') finish(outcome.exitCode);
      else {
        const measurement = outcome.result;
        stdout.write(
          flags.json === true ? jsonText(measurementJson(measurement)) : measurementText(measurement, stdout),
        );
      }
    });
}

async function readDenseFlags(
  choice: DenseQuestion,
  flags: MeasureFlags,
  surroundings: Surroundings,
): Promise<MeasurementRequest> {
  const trials = parseWholeNumber('--trials', flags.trials, {
    least: 1,
    most: mostTrials,
    whyMost: 'a hundred times the nets give but one more digit',
  });
  const seed = parseSeed(flags.seed);
  const method = methods.find((name) => name === flags.method);
  if (method === undefined) {
    throw new UsageError(`--method is "${flags.method}"; ${suggestion(flags.method, methods)}`);
  }
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
    checkWeights({ argument: '--widths', hint: '--method exact-law needs no weights' }, choice.widths);
  }
  const data =
    flags.data === undefined
      ? null
      : await loadMeasuredData(
          flags.data,
          { width: choice.widths[0] ?? 0, initializes: needsData(initializer) },
          surroundings,
        );
  return { ...choice, trials, seed, key: rootKey(seed), method, inputLength: inputLength ?? 1, data };
}
