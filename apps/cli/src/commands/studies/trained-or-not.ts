/** `kindling study trained-or-not`. */
import {
  trainedOrNotLimits as limits,
  trainedOrNot,
  trainedOrNotDefaults,
  trainedOrNotSpec,
  zooArchitectureNames,
  zooDataNames,
  zooOptimizerNames,
} from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { firstImages } from '@kindling/trainer';
import { namesFlag, wholeNumberFlag } from '../../options/study-flag.js';
import { imageStudy } from '../../study/image-study.js';
import { UsageError } from '../../usage-error.js';

const { full, quick, runs, trainImages, testImages } = trainedOrNotDefaults;

/** The command. */
export const trainedOrNotStudyCommand = imageStudy({
  study: trainedOrNot,
  defaultData: 'embedded',
  flags: {
    architectures: namesFlag(
      '--nets <list>',
      `at least two of ${zooArchitectureNames.join(', ')} (default: all but lenet; quick ${quick.architectures.join(',')})`,
      zooArchitectureNames,
    ),
    learned: namesFlag(
      '--learned <list>',
      `${zooDataNames.join(', ')} (default: all; quick ${quick.learned.join(',')})`,
      zooDataNames,
    ),
    optimizers: namesFlag(
      '--optimizers <list>',
      `${zooOptimizerNames.join(', ')} (default: all)`,
      zooOptimizerNames,
    ),
    images: wholeNumberFlag(
      '--images <n>',
      `training images, the first of the data (default: ${countText(trainImages)})`,
      { least: 1, most: 1_000_000 },
    ),
    runs: wholeNumberFlag('--runs <n>', `nets a combination (default: ${countText(runs)})`, {
      least: 1,
      most: limits.runs,
    }),
    maxEpochs: wholeNumberFlag(
      '--max-epochs <n>',
      `the late stage (default: ${countText(full.maxEpochs)}, quick ${countText(quick.maxEpochs)})`,
      { least: 1, most: limits.maxEpochs },
    ),
  },
  examples: `Examples:
  $ kindling study trained-or-not --quick                   can a few small nets tell? Half a minute
  $ kindling study trained-or-not                           the whole zoo: what inspect's probabilities are fitted to
  $ kindling study trained-or-not --data mnist              the same on MNIST

The same command goes on where an interrupted one stopped.`,
  takeData: (dataset, values) => {
    const { count } = dataset.train;
    if (values.images !== undefined && values.images > count) {
      throw new UsageError(
        `--images is ${countText(values.images)}, and ${dataset.name} has ${countOf(count, 'training image')}; expected at most ${countText(count)}`,
      );
    }
    return firstImages(dataset, { train: values.images ?? trainImages, test: testImages });
  },
  makeSpec: trainedOrNotSpec,
  describe: ({ architectures, initializers, learned, optimizers, runs: each }) =>
    countOf(architectures.length * initializers.length * learned.length * optimizers.length * each, 'net'),
});
