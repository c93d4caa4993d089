/** `kindling study law-arrival`. */
import {
  arrivalInitializerNames,
  lawArrival,
  lawArrivalDefaults,
  lawArrivalSpec,
  lawArrivalLimits as limits,
  zooArchitectureNames,
  zooOptimizerNames,
} from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { nameFlag, namesFlag, wholeNumberFlag } from '../../options/study-flag.js';
import { imageStudy } from '../../study/image-study.js';
import { limitedImages } from '../../study/limited-images.js';

const { full, quick } = lawArrivalDefaults;
const defaults = (name: 'nets' | 'maxEpochs') =>
  `(default: ${countText(full[name])}, quick ${countText(quick[name])})`;

/** The command. */
export const lawArrivalStudyCommand = imageStudy({
  study: lawArrival,
  defaultData: 'mnist',
  flags: {
    architectures: namesFlag(
      '--architectures <list>',
      `${zooArchitectureNames.join(', ')} (default: ${full.architectures.join(',')}; quick ${quick.architectures.join(',')})`,
      zooArchitectureNames,
    ),
    initializers: namesFlag(
      '--inits <list>',
      `${arrivalInitializerNames.join(', ')}; the law is that of nets from the first (default: ${lawArrivalDefaults.initializers.join(',')})`,
      arrivalInitializerNames,
    ),
    nets: wholeNumberFlag('--nets <n>', `of an architecture and initializer ${defaults('nets')}`, {
      least: 2,
      most: limits.nets,
    }),
    optimizer: nameFlag(
      '--optimizer <name>',
      `${zooOptimizerNames.join(' or ')} (default: ${lawArrivalDefaults.optimizer})`,
      zooOptimizerNames,
    ),
    maxEpochs: wholeNumberFlag('--epochs <n>', `of every training ${defaults('maxEpochs')}`, {
      least: 1,
      most: limits.maxEpochs,
    }),
    images: wholeNumberFlag(
      '--images <n>',
      `training images, the first of the data (default: ${countText(lawArrivalDefaults.trainImages)})`,
      { least: 1, most: 1_000_000 },
    ),
  },
  countFlags: '--nets',
  examples: `Examples:
  $ kindling study law-arrival --quick                    when do weights reach the law of trained nets?
  $ kindling study law-arrival                            the whole of it, on MNIST
  $ kindling study law-arrival --optimizer sgd --epochs 100

The same command goes on where an interrupted one stopped.`,
  takeData: (dataset, values) => limitedImages(dataset, values.images, lawArrivalDefaults),
  makeSpec: lawArrivalSpec,
  describe: ({ architectures, initializers, nets }) =>
    `${countOf(architectures.length, 'architecture')} from ${countOf(initializers.length, 'initializer')}, ${countOf(nets, 'net')} each`,
});
