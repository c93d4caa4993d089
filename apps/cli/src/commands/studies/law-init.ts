/** `kindling study law-init`. */
import {
  lawFamilyNames,
  lawInit,
  lawInitDefaults,
  lawInitNames,
  lawInitSpec,
  lawInitLimits as limits,
  zooOptimizerNames,
} from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { nameFlag, namesFlag, wholeNumberFlag, wholeNumbersFlag } from '../../options/study-flag.js';
import { imageStudy } from '../../study/image-study.js';
import { limitedImages } from '../../study/limited-images.js';

const { full, quick } = lawInitDefaults;
const defaults = (name: 'lawNets' | 'runs' | 'maxEpochs') =>
  `(default: ${countText(full[name])}, quick ${countText(quick[name])})`;
const depthsText = ({ dense, conv }: (typeof full)['depths'] | (typeof quick)['depths']) =>
  `dense ${dense.join(',')}, conv ${conv.join(',')}`;

/** The command. */
export const lawInitStudyCommand = imageStudy({
  study: lawInit,
  defaultData: 'mnist,embedded',
  several: true,
  flags: {
    families: namesFlag('--families <list>', `${lawFamilyNames.join(', ')} (default: all)`, lawFamilyNames),
    depths: wholeNumbersFlag(
      '--depths <list>',
      `hidden layers; convolutions take those up to ${limits.convDepth} (default: ${depthsText(full.depths)}; quick ${depthsText(quick.depths)})`,
      { least: 2, most: limits.depth },
    ),
    initializations: namesFlag(
      '--draws <list>',
      `beside He: ${lawInitNames.join(', ')} (default: all)`,
      lawInitNames,
    ),
    lawNets: wholeNumberFlag(
      '--law-nets <n>',
      `trained nets that a law is fitted to ${defaults('lawNets')}`,
      {
        least: 2,
        most: limits.lawNets,
      },
    ),
    runs: wholeNumberFlag('--runs <n>', `trainings a point ${defaults('runs')}`, {
      least: 1,
      most: limits.runs,
    }),
    optimizer: nameFlag(
      '--optimizer <name>',
      `of the trainings that are compared: ${zooOptimizerNames.join(' or ')} (default: ${lawInitDefaults.optimizer})`,
      zooOptimizerNames,
    ),
    maxEpochs: wholeNumberFlag('--epochs <n>', `of them ${defaults('maxEpochs')}`, {
      least: 1,
      most: limits.maxEpochs,
    }),
    images: wholeNumberFlag(
      '--images <n>',
      `training images, the first of each data set (default: ${countText(lawInitDefaults.trainImages)})`,
      { least: 1, most: 1_000_000 },
    ),
  },
  examples: `Examples:
  $ kindling study law-init --quick                    does a net that is drawn like trained ones start sooner?
  $ kindling study law-init                            the whole of it: laws of MNIST and Fashion-MNIST, trained on MNIST
  $ kindling study law-init --data embedded,mnist --families dense --depths 30 --law-nets 12

The same command goes on where an interrupted one stopped.`,
  takeData: (dataset, values) => limitedImages(dataset, values.images, lawInitDefaults),
  makeSpec: lawInitSpec,
  describe: (spec) =>
    `${spec.families.join(' and ')} nets, laws of ${countOf(spec.tasks.length, 'task')}, ${countOf(spec.runs, 'run')} each`,
});
