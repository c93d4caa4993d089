/** `kindling study pretraining`. */
import {
  pretrainingLimits as limits,
  pretraining,
  pretrainingDefaults,
  pretrainingSpec,
  startNames,
} from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { namesFlag, wholeNumberFlag, wholeNumbersFlag } from '../../options/study-flag.js';
import { imageStudy } from '../../study/image-study.js';
import { limitedImages } from '../../study/limited-images.js';

const { full, quick } = pretrainingDefaults;
const defaults = (name: 'runs' | 'maxEpochs' | 'pretextEpochs' | 'trainImages') =>
  `(default: ${countText(full[name])}, quick ${countText(quick[name])})`;

/** The command. */
export const pretrainingStudyCommand = imageStudy({
  study: pretraining,
  defaultData: 'mnist',
  flags: {
    starts: namesFlag('--starts <list>', `${startNames.join(', ')} (default: all)`, startNames),
    labels: wholeNumbersFlag(
      '--labels <list>',
      `labelled images (default: ${full.labels.join(',')}; quick ${quick.labels.join(',')})`,
      { least: 1, most: limits.labels },
    ),
    images: wholeNumberFlag(
      '--images <n>',
      `images of the pool, the first of the data ${defaults('trainImages')}`,
      { least: 1, most: 1_000_000 },
    ),
    runs: wholeNumberFlag('--runs <n>', `seeds ${defaults('runs')}`, { least: 1, most: limits.runs }),
    maxEpochs: wholeNumberFlag('--max-epochs <n>', `of nets trained on all labels ${defaults('maxEpochs')}`, {
      least: 1,
      most: limits.maxEpochs,
    }),
    pretextEpochs: wholeNumberFlag(
      '--pretext-epochs <n>',
      `of the pretext model ${defaults('pretextEpochs')}`,
      {
        least: 1,
        most: limits.maxEpochs,
      },
    ),
  },
  examples: `Examples:
  $ kindling study pretraining --quick                    can a law of weights replace pre-training?
  $ kindling study pretraining --quick --data embedded    the same without any download
  $ kindling study pretraining                            the whole of it: some minutes on two cores
  $ kindling study pretraining --labels 10,100 --starts he,pretext,pretext-matrix-normal --runs 20

The same command goes on where an interrupted one stopped.`,
  takeData: (dataset, values) =>
    limitedImages(dataset, values.images, pretrainingDefaults[values.quick ? 'quick' : 'full']),
  makeSpec: pretrainingSpec,
  describe: ({ starts, labels, runs }) =>
    `${countOf(starts.length, 'start')}, ${countOf(labels.length, 'number')} of labels, ${countOf(runs, 'seed')}`,
});
