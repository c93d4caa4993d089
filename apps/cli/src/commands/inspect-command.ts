/** `kindling inspect`: what a model file holds, and which law its weights follow. */
import { createEngine } from '@kindling/core';
import { Command } from 'commander';
import { inspectionJson, inspectionText } from '../answers/inspection.js';
import { type ExitCode, exitCodesHelp } from '../exit-codes.js';
import { formatTitle, shownPath, withModelFile } from '../model/open-model-file.js';
import { findTensors, floatBytes, testLevel, trainedAnswer } from '../model/tensor-findings.js';
import { matchingTensors } from '../model/tensor-pattern.js';
import { jsonText } from '../output/json-text.js';
import { runReading } from '../progress/run-reading.js';
import type { Surroundings } from '../surroundings.js';

interface InspectFlags {
  readonly tensor?: string;
  readonly json?: boolean;
}

/** The command. */
export function inspectCommand(surroundings: Surroundings, finish: (code: ExitCode) => void): Command {
  return new Command('inspect')
    .summary('what does a model file hold, which law do its weights follow, and was it trained?')
    .description(
      'Lists the tensors of a model file with shape, role, fans, variance × fan-in (2 is critical for ReLU), excess kurtosis, zeros, ' +
        'NaN and infinities, and tells which initializer each matches best, or that none does, and how probable it is that the file was trained. Memory stays far below the size of the file.',
    )
    .argument(
      '<file>',
      'safetensors, TensorFlow.js, ONNX, Keras .h5 or .keras, .npy, .npz, or a folder with one',
    )
    .option('--tensor <name>', 'only tensors of this name, pattern (conv*kernel) or part of a name')
    .option('--json', 'as JSON: file, format, producer, architecture, trained, tensors, tests, notes')
    .addHelpText(
      'after',
      `
Examples:
  $ kindling inspect model.safetensors
  $ kindling inspect my-tfjs-model/model.json --tensor '*kernel'
  $ kindling inspect weights.npz --json

${exitCodesHelp}`,
    )
    .action(async (file: string, flags: InspectFlags) => {
      const { stdout, stderr, directory } = surroundings;
      await withModelFile(file, { directory }, async ({ model, name }) => {
        const { tensor } = flags;
        const tensors = tensor === undefined ? model.tensors : matchingTensors(model.tensors, tensor);
        const outcome = await runReading(
          (meter) => findTensors(createEngine(), tensors, meter, true),
          stderr,
          {
            totalBytes: floatBytes(tensors),
            news: `reading ${name}`,
          },
        );
        if (outcome.ended === 'interrupted') {
          finish(outcome.exitCode);
          return;
        }
        const inspection = {
          ...{ file: shownPath(file), formatTitle: formatTitle(model), model, findings: outcome.result },
          ...{ level: testLevel(tensors), chosen: tensor !== undefined },
          trained: trainedAnswer(outcome.result),
        };
        stdout.write(
          flags.json === true ? jsonText(inspectionJson(inspection)) : inspectionText(inspection, stdout),
        );
      });
    });
}
