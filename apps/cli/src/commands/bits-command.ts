/** `kindling bits`: are the numbers of a model file in random order, down to their bits? */
import { createEngine } from '@kindling/core';
import { Command } from 'commander';
import { bitsJson, bitsText } from '../answers/bits.js';
import { type ExitCode, exitCodesHelp } from '../exit-codes.js';
import { bitReadingBytes, findBits } from '../model/bit-findings.js';
import { formatTitle, shownPath, withModelFile } from '../model/open-model-file.js';
import { jsonText } from '../output/json-text.js';
import { runReading } from '../progress/run-reading.js';
import type { Surroundings } from '../surroundings.js';

interface BitsFlags {
  readonly tensors?: boolean;
  readonly json?: boolean;
}

/** The command. */
export function bitsCommand(surroundings: Surroundings, finish: (code: ExitCode) => void): Command {
  return new Command('bits')
    .summary('are the weights of a model file in random order, bit by bit?')
    .description(
      'The runs test of Wald and Wolfowitz on the float32 numbers of a model file, in storage order: on groups of their fraction bits, on ' +
        'exponents, signs and the numbers themselves. For each type of layer the largest |Z|, with the chance of one as large. What is ' +
        'quantized or of half precision is refused: its low bits are no trained bits.',
    )
    .argument(
      '<file>',
      'safetensors, TensorFlow.js, ONNX, Keras .h5 or .keras, .npy, .npz, or a folder with one',
    )
    .option('--tensors', 'a line for every tensor, too')
    .option('--json', 'as JSON: file, format, producer, table, tests, tensors with every single bit, notes')
    .addHelpText(
      'after',
      `
Examples:
  $ kindling bits model.safetensors
  $ kindling bits my-tfjs-model/model.json --tensors
  $ kindling bits weights.npz --json

${exitCodesHelp}`,
    )
    .action(async (file: string, flags: BitsFlags) => {
      const { stdout, directory } = surroundings;
      await withModelFile(file, { directory }, async ({ model, name }) => {
        const outcome = await runReading(
          (meter) => findBits(createEngine(), model.tensors, meter),
          surroundings,
          {
            totalBytes: bitReadingBytes(model.tensors),
            news: `reading ${name} three times`,
          },
        );
        if (outcome.ended === 'interrupted') {
          finish(outcome.exitCode);
          return;
        }
        const answer = {
          ...{ file: shownPath(file), formatTitle: formatTitle(model), model, findings: outcome.result },
          everyTensor: flags.tensors === true,
        };
        stdout.write(flags.json === true ? jsonText(bitsJson(answer)) : bitsText(answer, stdout));
      });
    });
}
