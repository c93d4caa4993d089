/** `kindling predict`: what theory says of the lengths of a net's layers, without drawing one. */
import { Command } from 'commander';
import { predictArchitecture } from '../answers/architecture-prediction.js';
import { architecturePredictionJson } from '../answers/architecture-prediction-json.js';
import { architecturePredictionText } from '../answers/architecture-prediction-text.js';
import { predictionJson, predictNetwork } from '../answers/prediction.js';
import { predictionText } from '../answers/prediction-text.js';
import { inputHelp, readGivenInput, refuseDenseOnly, refuseGivenInput } from '../options/kind-flags.js';
import { parseInputLength } from '../options/network-choice.js';
import { type NetworkFlags, readNetworkQuestion, withNetworkOptions } from '../options/network-question.js';
import { jsonText } from '../output/json-text.js';
import type { Surroundings } from '../surroundings.js';

interface PredictFlags extends NetworkFlags {
  readonly inputLength?: string;
  readonly input?: string;
  readonly json?: boolean;
}

/** The command. */
export function predictCommand({ stdout, directory }: Surroundings): Command {
  return withNetworkOptions(new Command('predict'))
    .summary('what theory says of a net: lengths by layer, born dead or not')
    .description(
      'What theory says of the lengths of the layers of a ReLU net at initialization, over random weights: the mean square of ' +
        'activations for one input; of a residual net the squared norm behind every module. Exact at finite width, or with ' +
        'proved bounds; nothing is drawn.',
    )
    .option('--input-length <L>', 'with --widths: the mean square of the input (default: 1)')
    .option('--input <list>', inputHelp)
    .option(
      '--json',
      'as JSON: sumReciprocalWidths, layers, lengthVarianceAcrossLayers, bornDead; null where there is no formula, and notes why; ' +
        'of other nets than fully connected ones inputLength and growth, and of every layer shape, scale, bounds and estimate',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ kindling predict --widths 784,100*50 --init he-normal
  $ kindling predict --widths 784,100*50 --init pytorch:linear --input-length 0.1
  $ kindling predict --residual 5*30 --scale 0.75^l --init he-normal
  $ kindling predict --residual 64*100 --module linear --scale '1/sqrt(L)' --init he-normal
  $ kindling predict --conv 32x32x3,10*50 --kernel 3 --padding zero --init he-normal
  $ kindling predict --arch net.json --init he-normal --json`,
    )
    .action(async (flags: PredictFlags) => {
      const question = await readNetworkQuestion(flags, directory);
      const json = flags.json === true;
      if (question.kind === 'dense') {
        refuseGivenInput(flags.input, question);
        const length = flags.inputLength === undefined ? 1 : parseInputLength(flags.inputLength);
        const prediction = predictNetwork(question, length);
        stdout.write(json ? jsonText(predictionJson(prediction)) : predictionText(prediction, stdout));
      } else {
        refuseDenseOnly(question, { '--input-length': flags.inputLength });
        const prediction = predictArchitecture(
          question,
          await readGivenInput(flags.input, question, directory),
        );
        stdout.write(
          json
            ? jsonText(architecturePredictionJson(prediction))
            : architecturePredictionText(prediction, stdout),
        );
      }
    });
}
