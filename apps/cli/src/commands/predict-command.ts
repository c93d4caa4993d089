/** `kindling predict`: what theory says of the lengths of a net's layers, without drawing one. */
import { Command } from 'commander';
import { predictionJson, predictNetwork } from '../answers/prediction.js';
import { predictionText } from '../answers/prediction-text.js';
import { defaultOption } from '../options/default-option.js';
import {
  type NetworkFlags,
  parseInputLength,
  readNetworkFlags,
  withNetworkOptions,
} from '../options/network-choice.js';
import { jsonText } from '../output/json-text.js';
import type { Surroundings } from '../surroundings.js';

interface PredictFlags extends NetworkFlags {
  readonly inputLength: string;
  readonly json?: boolean;
}

/** The command. */
export function predictCommand({ stdout }: Surroundings): Command {
  return withNetworkOptions(new Command('predict'))
    .summary('what theory says of a net: lengths by layer, born dead or not')
    .description(
      'What theory says of the lengths of the layers of a fully connected ReLU net at initialization: the mean square of ' +
        'its activations for one input, over random weights. Exact at finite width; nothing is drawn.',
    )
    .addOption(defaultOption('--input-length <L>', 'the mean square of the input', '1'))
    .option(
      '--json',
      'as JSON: sumReciprocalWidths, layers, lengthVarianceAcrossLayers, bornDead; null where there is no formula, and notes why',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ kindling predict --widths 784,100*50 --init he-normal
  $ kindling predict --widths 784,100*50 --init pytorch:linear --input-length 0.1
  $ kindling predict --widths 20,20*10 --init normal:variance=0.1 --json`,
    )
    .action((flags: PredictFlags) => {
      const choice = readNetworkFlags(flags);
      const prediction = predictNetwork(choice, parseInputLength(flags.inputLength));
      stdout.write(
        flags.json === true ? jsonText(predictionJson(prediction)) : predictionText(prediction, stdout),
      );
    });
}
