/** `kindling trainability`: are enough neurons of one hidden layer alive at the start for the task to be learned? */
import { predictTrainability, type TrainabilityPrediction } from '@kindling/diagnostics';
import { countOf, countText, numberText } from '@kindling/studies/text';
import { Command } from 'commander';
import { parseRealNumber } from '../options/real-number.js';
import { parseWholeNumber } from '../options/whole-number.js';
import { factsText, headlineText, remarksText } from '../output/facts-text.js';
import { histogramText } from '../output/histogram-text.js';
import { jsonText } from '../output/json-text.js';
import type { Output } from '../output/output.js';
import { probabilityText } from '../output/probability-text.js';
import { proseColumns } from '../output/wrap-text.js';
import type { Surroundings } from '../surroundings.js';
import { UsageError } from '../usage-error.js';

interface TrainabilityFlags {
  readonly inputDim: string;
  readonly radius: string;
  readonly width: string;
  readonly needed: string;
  readonly json?: boolean;
}

type Choices = Parameters<typeof predictTrainability>[0];

/** The distribution is told whole, one number a neuron. */
const mostNeurons = 1_000_000;

/** The command. */
export function trainabilityCommand({ stdout }: Surroundings): Command {
  return new Command('trainability')
    .summary('are enough neurons of one hidden layer alive at the start?')
    .description(
      'The probability that at least as many neurons as a task needs are alive at initialization, in a net with one hidden ' +
        'layer whose weights and biases are independent normal numbers of one variance. It bounds the success rate of ' +
        'any training from above: a neuron that is dead on the whole domain never comes back.',
    )
    .requiredOption('--input-dim <d>', 'dimension of the inputs')
    .requiredOption('--radius <r>', 'the inputs fill a ball of this radius around 0')
    .requiredOption('--width <n>', 'neurons of the hidden layer')
    .requiredOption('--needed <m>', 'neurons the task needs')
    .option('--json', 'as JSON: deadProbability, trainability, activeDistribution')
    .addHelpText(
      'after',
      `
Examples:
  $ kindling trainability --input-dim 1 --radius 1.7320508 --width 8 --needed 4
  $ kindling trainability --input-dim 10 --radius 1 --width 64 --needed 64 --json

See also: kindling study trainability, which trains such nets and puts their success rate under this bound.`,
    )
    .action((flags: TrainabilityFlags) => {
      const choices = readFlags(flags);
      const prediction = predictTrainability(choices);
      stdout.write(
        flags.json === true ? jsonText({ ...prediction }) : predictionText(choices, prediction, stdout),
      );
    });
}

function readFlags({ inputDim, radius, width, needed }: TrainabilityFlags): Choices {
  const most = mostNeurons;
  const choices = {
    inputDimension: parseWholeNumber('--input-dim', inputDim, { least: 1, most }),
    radius: parseRealNumber('--radius', radius, {
      least: 0,
      exclusive: true,
      expected: 'a radius above 0, such as 1.7320508',
    }),
    width: parseWholeNumber('--width', width, { least: 1, most }),
    needed: parseWholeNumber('--needed', needed, { least: 0, most }),
  };
  if (choices.needed > choices.width) {
    throw new UsageError(
      `--needed is "${needed}"; expected at most the ${countOf(choices.width, 'neuron')} of --width`,
    );
  }
  return choices;
}

function predictionText(
  { inputDimension, radius, width, needed }: Choices,
  { deadProbability, trainability, activeDistribution }: TrainabilityPrediction,
  { colors, columns }: Output,
): string {
  const room = proseColumns(columns());
  const headline =
    `At least ${countText(needed)} of ${countOf(width, 'neuron')} are alive at the start in ` +
    `${probabilityText(trainability)} of nets; no training succeeds more often than that.`;
  const facts = [
    ['trainability', `T(${countText(width)}, ${countText(needed)}) = ${numberText(trainability, 5)}`],
    [
      'a dead neuron',
      `probability ${numberText(deadProbability, 5)}, for inputs of dimension ${countText(inputDimension)} within radius ` +
        `${numberText(radius, 5)}`,
    ],
    ['alive on average', `${numberText(width * (1 - deadProbability), 4)} of ${countText(width)}`],
  ] as const;
  const histogram = histogramText(
    {
      probabilities: activeDistribution,
      counted: 'alive',
      mark: { count: needed, text: 'needed' },
    },
    columns() ?? room,
    colors,
  );
  const remarks = [
    'Weights and biases are taken to be independent normal numbers of one variance; zero biases leave no neuron dead on a ' +
      'ball around 0.',
  ];
  return [
    headlineText(headline, room, colors),
    factsText(facts, room, colors),
    `\n${colors.bold('How many neurons are alive')}\n`,
    histogram,
    `\n${remarksText(remarks, room)}`,
  ].join('');
}
