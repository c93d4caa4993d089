/** `kindling study weight-law`. */
import {
  weightLawLimits as limits,
  weightLaw,
  weightLawDefaults,
  weightLawSpec,
  zooArchitectureNames,
  zooOptimizerNames,
} from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { nameFlag, namesFlag, wholeNumberFlag } from '../../options/study-flag.js';
import { imageStudy } from '../../study/image-study.js';
import { limitedImages } from '../../study/limited-images.js';

const { full, quick } = weightLawDefaults;
const defaults = (name: 'nets' | 'maxEpochs') =>
  `(default: ${countText(full[name])}, quick ${countText(quick[name])})`;

/** The command. */
export const weightLawStudyCommand = imageStudy({
  study: weightLaw,
  defaultData: 'mnist,embedded',
  several: true,
  flags: {
    architectures: namesFlag(
      '--architectures <list>',
      `${zooArchitectureNames.join(', ')} (default: ${full.architectures.join(',')}; quick ${quick.architectures.join(',')})`,
      zooArchitectureNames,
    ),
    nets: wholeNumberFlag('--nets <n>', `of an architecture and data ${defaults('nets')}`, {
      least: 2,
      most: limits.nets,
    }),
    optimizer: nameFlag(
      '--optimizer <name>',
      `${zooOptimizerNames.join(' or ')} (default: ${weightLawDefaults.optimizer})`,
      zooOptimizerNames,
    ),
    maxEpochs: wholeNumberFlag('--epochs <n>', `of every training ${defaults('maxEpochs')}`, {
      least: 1,
      most: limits.maxEpochs,
    }),
    images: wholeNumberFlag(
      '--images <n>',
      `training images, the first of each data set (default: ${countText(weightLawDefaults.trainImages)})`,
      { least: 1, most: 1_000_000 },
    ),
  },
  countFlags: '--nets',
  examples: `Examples:
  $ kindling study weight-law --quick                    has an architecture its own law of trained weights?
  $ kindling study weight-law                            the whole of it: MNIST, Fashion-MNIST, random labels, synthetic images
  $ kindling study weight-law --architectures lenet --nets 16 --optimizer sgd

The same command goes on where an interrupted one stopped.`,
  takeData: (dataset, values) => limitedImages(dataset, values.images, weightLawDefaults),
  makeSpec: weightLawSpec,
  describe: ({ architectures, tasks, nets }) =>
    `${countOf(architectures.length, 'architecture')} on ${countOf(tasks.length, 'task')}, ${countOf(nets, 'net')} each`,
});
