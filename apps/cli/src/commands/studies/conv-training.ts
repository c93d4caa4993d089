/** `kindling study conv-training`. */
import {
  convTraining,
  convTrainingDefaults,
  convTrainingSpec,
  convVariantNames,
  convTrainingLimits as limits,
} from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { namesFlag, wholeNumberFlag, wholeNumbersFlag } from '../../options/study-flag.js';
import { imageStudy } from '../../study/image-study.js';
import { limitedImages } from '../../study/limited-images.js';
import { UsageError } from '../../usage-error.js';

const { full, quick } = convTrainingDefaults;
const defaults = (name: 'runs' | 'maxEpochs' | 'trainImages') =>
  `(default: ${countText(full[name])}, quick ${countText(quick[name])})`;

const depthsFlag = wholeNumbersFlag(
  '--depths <list>',
  `convolutions of the body, even numbers (default: ${full.depths.join(',')}; quick ${quick.depths.join(',')})`,
  { least: 2, most: limits.depth },
);

/** The command. */
export const convTrainingStudyCommand = imageStudy({
  study: convTraining,
  defaultData: 'mnist',
  flags: {
    nets: namesFlag('--nets <list>', `${convVariantNames.join(', ')} (default: all)`, convVariantNames),
    depths: {
      ...depthsFlag,
      parse: (text: string) => {
        const depths = depthsFlag.parse(text);
        const odd = depths.find((depth) => depth % 2 === 1);
        if (odd === undefined) return depths;
        throw new UsageError(
          `--depths has ${odd}; expected even numbers, because a residual block has two convolutions`,
        );
      },
    },
    channels: wholeNumberFlag(
      '--channels <n>',
      `of every convolution (default: ${convTrainingDefaults.channels})`,
      { least: 1, most: limits.channels },
    ),
    images: wholeNumberFlag(
      '--images <n>',
      `training images, the first of the data; an epoch is one pass over them in ${convTrainingDefaults.stepsPerEpoch} steps ${defaults('trainImages')}`,
      { least: 1, most: 1_000_000 },
    ),
    runs: wholeNumberFlag('--runs <n>', `trainings a point ${defaults('runs')}`, {
      least: 1,
      most: limits.runs,
    }),
    maxEpochs: wholeNumberFlag('--max-epochs <n>', `where a training is given up ${defaults('maxEpochs')}`, {
      least: 1,
      most: limits.maxEpochs,
    }),
  },
  examples: `Examples:
  $ kindling study conv-training --quick                    plain or residual, which start? Half a minute
  $ kindling study conv-training --quick --data embedded    the same without any download
  $ kindling study conv-training                            the whole of it: about half an hour on two cores
  $ kindling study conv-training --nets plain-he,residual-1/L --depths 8,64 --runs 3

The same command goes on where an interrupted one stopped.`,
  takeData: (dataset, values) =>
    limitedImages(dataset, values.images, convTrainingDefaults[values.quick ? 'quick' : 'full']),
  makeSpec: convTrainingSpec,
  describe: ({ nets, depths, runs }) =>
    `${countOf(nets.length, 'net')} at ${countOf(depths.length, 'depth')}, ${countOf(runs, 'run')} each`,
});
