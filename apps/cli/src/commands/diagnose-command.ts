/** `kindling diagnose`: will a net start training, why not, and what to change. */
import { createEngine, type Engine, KindlingError, rootKey } from '@kindling/core';
import { type DiagnoseOptions, type Diagnosis, diagnose } from '@kindling/diagnostics';
import { Command } from 'commander';
import { diagnosisJson, diagnosisText } from '../answers/diagnosis.js';
import { type ExitCode, exitCodes, exitCodesHelp } from '../exit-codes.js';
import { defaultOption } from '../options/default-option.js';
import { loadMeasuredData, writeImages } from '../options/measured-data.js';
import { parseSeed } from '../options/network-choice.js';
import { type NetworkFlags, readNetworkQuestion, withNetworkOptions } from '../options/network-question.js';
import { checkWeights } from '../options/weight-limit.js';
import { parseWholeNumber } from '../options/whole-number.js';
import { jsonText } from '../output/json-text.js';
import type { Surroundings } from '../surroundings.js';

interface DiagnoseFlags extends NetworkFlags {
  readonly outputs: string;
  readonly data?: string;
  readonly seed: string;
  readonly failOnVerdict?: boolean;
  readonly json?: boolean;
}

/** The command. */
export function diagnoseCommand(surroundings: Surroundings, finish: (code: ExitCode) => void): Command {
  return withNetworkOptions(new Command('diagnose'))
    .summary('will it start training, and if not, what to change?')
    .description(
      'Tells from the architecture and the initializer alone whether training will start, why not, and what to change. Every ' +
        'remedy was applied and diagnosed again.',
    )
    .addOption(
      defaultOption('--outputs <n>', 'units of the linear output layer behind the ReLU layers', '10'),
    )
    .option(
      '--data <name>',
      'images to measure on: mnist, fashion-mnist, embedded or a directory of idx files',
    )
    .addOption(
      defaultOption('--seed <n>', 'where random numbers come from, where something must be measured', '1'),
    )
    .option('--fail-on-verdict', `exit code ${exitCodes.verdict} unless the verdict is that training starts`)
    .option('--json', 'as JSON: verdict, verdicts, startingShare, evidence, remedy, method, trials, notes')
    .addHelpText(
      'after',
      `
Examples:
  $ kindling diagnose --widths 784,100*50 --init pytorch:linear --outputs 10
  $ kindling diagnose --widths 784,10*50 --init he-normal
  $ kindling diagnose --widths 784,100*5 --init he-normal --fail-on-verdict && echo ready

${exitCodesHelp}`,
    )
    .action(async (flags: DiagnoseFlags) => {
      const choice = await readNetworkQuestion(flags, surroundings.directory);
      if (choice.kind !== 'dense') throw new Error('later');
      const { initializer, name } = choice.named;
      const outputs = parseWholeNumber('--outputs', flags.outputs, { least: 1, most: 100_000 });
      const key = rootKey(parseSeed(flags.seed));
      const data =
        flags.data === undefined
          ? null
          : await loadMeasuredData(
              flags.data,
              { width: choice.widths[0] ?? 0, initializes: true },
              surroundings,
            );
      const { stdout } = surroundings;
      const engine = createEngine();
      const diagnosis = diagnoseOrExplain(engine, {
        widths: choice.widths,
        outputs,
        initializer,
        initializerName: name,
        key,
        ...(data === null ? {} : { data: { inputs: writeImages(engine, data) } }),
      });
      const answer = { choice, outputs, data, diagnosis };
      stdout.write(flags.json === true ? jsonText(diagnosisJson(diagnosis)) : diagnosisText(answer, stdout));
      if (flags.failOnVerdict === true && diagnosis.verdict !== 'starts') finish(exitCodes.verdict);
    });
}

/** Only where theory does not suffice are nets drawn, so only then may they be too large. */
function diagnoseOrExplain(engine: Engine, options: DiagnoseOptions): Diagnosis {
  try {
    return diagnose(engine, options);
  } catch (error) {
    if (KindlingError.isInstance(error)) checkWeights({ argument: '--widths' }, options.widths);
    throw error;
  }
}
