/** `kindling inspect`: what a model file holds, and which law its weights follow. */

import { createEngine } from '@kindling/core';
import { findTensors, floatBytes, testLevel, trainedAnswer } from '@kindling/diagnostics/models';
import { Command } from 'commander';
import { inspectionJson, inspectionText } from '../answers/inspection.js';
import { type ExitCode, exitCodesHelp } from '../exit-codes.js';
import { formatTitle, shownPath, withModelFile } from '../model/open-model-file.js';
import { matchingTensors } from '../model/tensor-pattern.js';
import { jsonText } from '../output/json-text.js';
import { runReading } from '../progress/run-reading.js';
import type { Surroundings } from '../surroundings.js';

interface InspectFlags {
  readonly tensor?: string;
  readonly spectra?: boolean;
  readonly figures?: string;
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
    .option(
      '--spectra',
      "look closely: each matrix's spectrum beside that of a random one, fits of laws, the test of Anderson and Darling",
    )
    .option(
      '--figures <folder>',
      'draw histogram, quantiles and spectrum of every tensor as SVG into this folder; files of the same names are replaced',
    )
    .option('--json', 'as JSON: file, format, producer, architecture, trained, tensors, tests, notes')
    .addHelpText(
      'after',
      `
Examples:
  $ kindling inspect model.safetensors
  $ kindling inspect my-tfjs-model/model.json --tensor '*kernel'
  $ kindling inspect model.safetensors --spectra
  $ kindling inspect model.safetensors --tensor fc1.weight --figures figures
  $ kindling inspect weights.npz --json

${exitCodesHelp}`,
    )
    .action(async (file: string, flags: InspectFlags) => {
      const { stdout, stderr, directory } = surroundings;
      await withModelFile(file, { directory }, async ({ model, name }) => {
        const { tensor } = flags;
        const tensors = tensor === undefined ? model.tensors : matchingTensors(model.tensors, tensor);
        // What draws is loaded for those who want a figure.
        const figures =
          flags.figures === undefined
            ? null
            : (await import('../model/weight-figures.js')).openWeightFigures(
                flags.figures,
                directory,
                tensors,
              );
        const closely = flags.spectra === true || figures !== null;
        const outcome = await runReading(
          (meter) =>
            findTensors(createEngine(), tensors, meter, {
              asksTrained: true,
              closely,
              ...(figures === null ? {} : { onTensor: figures.draw }),
            }),
          surroundings,
          { totalBytes: floatBytes(tensors), news: `reading ${name}`, slow: closely },
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
        if (figures !== null) stderr.write(`${figures.told()}\n`);
        stdout.write(
          flags.json === true ? jsonText(inspectionJson(inspection)) : inspectionText(inspection, stdout),
        );
      });
    });
}
