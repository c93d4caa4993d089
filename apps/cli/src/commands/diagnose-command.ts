/** `kindling diagnose`: will a net start training, why not, and what to change. */
import {
  createEngine,
  type Engine,
  inputShape,
  KindlingError,
  type RandomKey,
  rootKey,
} from '@kindling/core';
import { type DiagnoseOptions, type Diagnosis, diagnose, diagnoseNetwork } from '@kindling/diagnostics';
import { Command } from 'commander';
import { architectureDiagnosis } from '../answers/architecture-diagnosis.js';
import { denseDiagnosis } from '../answers/dense-diagnosis.js';
import { type DiagnosisAnswer, diagnosisJson, diagnosisText } from '../answers/diagnosis.js';
import { type ExitCode, exitCodes, exitCodesHelp } from '../exit-codes.js';
import { defaultOption } from '../options/default-option.js';
import { loadMeasuredData, type MeasuredData, writeImages } from '../options/measured-data.js';
import { checkNetworkMemory } from '../options/memory-limit.js';
import { parseSeed } from '../options/network-choice.js';
import {
  type ArchitectureQuestion,
  type DenseQuestion,
  type NetworkFlags,
  type NetworkSource,
  readArchitecture,
  readNetworkQuestion,
  withNetworkOptions,
} from '../options/network-question.js';
import { checkWeights } from '../options/weight-limit.js';
import { parseWholeNumber } from '../options/whole-number.js';
import { jsonText } from '../output/json-text.js';
import type { Surroundings } from '../surroundings.js';
import { UsageError } from '../usage-error.js';
import { checkFileFlags, diagnoseFile } from './diagnose-file.js';

interface DiagnoseFlags extends NetworkFlags {
  readonly inputShape?: string;
  readonly outputs?: string;
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
      'Tells from the architecture and the initializer alone whether training will start, why not, and what to change; or of a ' +
        'model file, from its own weights. Every remedy was applied and diagnosed again.',
    )
    .argument('[file]', 'a model file, instead of the flags that describe a net')
    .option(
      '--input-shape <size>',
      'with a file that leaves it open: 784, or height x width x channels as 28x28x1',
    )
    .option(
      '--outputs <n>',
      'units of the linear layer behind the others, behind convolutions after a mean over the pixels; not with --arch (default: 10)',
    )
    .option(
      '--data <name>',
      'inputs to measure on: mnist, fashion-mnist, embedded or a directory of idx files; with a model file also a .npy file',
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
  $ kindling diagnose --residual 64*100 --init he-normal
  $ kindling diagnose --conv 28x28x1,16*30 --kernel 3 --padding zero --init pytorch:linear
  $ kindling diagnose --arch net.json --init he-normal
  $ kindling diagnose my-tfjs-model/model.json
  $ kindling diagnose model.onnx --data inputs.npy

${exitCodesHelp}`,
    )
    .action(async (file: string | undefined, flags: DiagnoseFlags) => {
      const { stdout, directory } = surroundings;
      if (file !== undefined) {
        checkFileFlags({ ...flags });
        await diagnoseFile(file, flags, surroundings, finish);
        return;
      }
      if (flags.inputShape !== undefined) {
        throw new UsageError('--input-shape goes with a model file; expected FILE before it');
      }
      const question = await readNetworkQuestion(flags, directory);
      const request = { flags, key: rootKey(parseSeed(flags.seed)), surroundings };
      const answer =
        question.kind === 'dense'
          ? await diagnoseDense(question, request)
          : await diagnoseArchitecture(question, request);
      const { diagnosis } = answer;
      stdout.write(flags.json === true ? jsonText(diagnosisJson(diagnosis)) : diagnosisText(answer, stdout));
      if (flags.failOnVerdict === true && diagnosis.verdict !== 'starts') finish(exitCodes.verdict);
    });
}

/** What does not depend on the kind of net. */
interface DiagnosisRequest {
  readonly flags: DiagnoseFlags;
  readonly key: RandomKey;
  readonly surroundings: Surroundings;
}

async function diagnoseDense(
  question: DenseQuestion,
  { flags, key, surroundings }: DiagnosisRequest,
): Promise<DiagnosisAnswer> {
  const { widths, named, source } = question;
  const outputs = readOutputs(flags, source) ?? question.outputs ?? 0;
  const data = await readData(flags, widths[0] ?? 0, source, surroundings);
  const engine = createEngine();
  const diagnosis = diagnoseOrExplain(engine, source.flag, {
    widths,
    outputs,
    initializer: named.initializer,
    initializerName: named.name,
    key,
    ...(data === null ? {} : { data: { inputs: writeImages(engine, data) } }),
  });
  return denseDiagnosis(diagnosis, { choice: question, outputs, data });
}

async function diagnoseArchitecture(
  question: ArchitectureQuestion,
  { flags, key, surroundings }: DiagnosisRequest,
): Promise<DiagnosisAnswer> {
  const { named, source } = question;
  const outputs = readOutputs(flags, source);
  const architecture =
    outputs === null
      ? question.architecture
      : (await readArchitecture(flags, surroundings.directory, outputs)).architecture;
  const { height, width, channels } = inputShape(architecture.input);
  const data = await readData(flags, height * width * channels, source, surroundings);
  const engine = createEngine();
  checkNetworkMemory({ architecture, source }, engine);
  const diagnosis = diagnoseNetwork(engine, {
    architecture,
    initializer: named.initializer,
    initializerName: named.name,
    key,
    ...(data === null ? {} : { data: { inputs: writeImages(engine, data) } }),
  });
  return architectureDiagnosis(diagnosis, { question, architecture, outputs, data });
}

/** Units of the output layer; null where a file says them. */
function readOutputs({ outputs }: DiagnoseFlags, { flag }: NetworkSource): number | null {
  if (flag !== '--arch') return parseWholeNumber('--outputs', outputs ?? '10', { least: 1, most: 100_000 });
  if (outputs === undefined) return null;
  throw new UsageError('--outputs does not go with --arch, whose file says it');
}

/** The images of `--data`, which must have as many numbers as the net reads. */
async function readData(
  { data }: DiagnoseFlags,
  width: number,
  { flag }: NetworkSource,
  surroundings: Surroundings,
): Promise<MeasuredData | null> {
  if (data === undefined) return null;
  return await loadMeasuredData(data, { argument: flag, width, initializes: true }, surroundings);
}

/** Only where theory does not suffice are nets drawn, so only then may they be too large. */
function diagnoseOrExplain(engine: Engine, argument: string, options: DiagnoseOptions): Diagnosis {
  try {
    return diagnose(engine, options);
  } catch (error) {
    if (KindlingError.isInstance(error)) checkWeights({ argument }, options.widths);
    throw error;
  }
}
