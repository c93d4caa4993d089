/** `kindling study generate`. */
import {
  checkpointFamilies,
  generate,
  generateDefaults,
  generateSpec,
  generateLimits as limits,
} from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { namesFlag, wholeNumberFlag, wholeNumbersFlag } from '../../options/study-flag.js';
import { imageStudy } from '../../study/image-study.js';
import { limitedImages } from '../../study/limited-images.js';

const { full, quick } = generateDefaults;
const defaults = (name: 'runs' | 'maxEpochs' | 'trainImages' | 'checkpoints' | 'draws') =>
  `(default: ${countText(full[name])}, quick ${countText(quick[name])})`;

/** The command. */
export const generateStudyCommand = imageStudy({
  study: generate,
  defaultData: 'mnist',
  flags: {
    families: namesFlag(
      '--families <list>',
      `where checkpoints come from: ${checkpointFamilies.join(', ')} (default: both)`,
      checkpointFamilies,
    ),
    hidden: wholeNumbersFlag(
      '--hidden <list>',
      `units of the one hidden layer (default: ${full.hidden.join(',')}; quick ${quick.hidden.join(',')})`,
      { least: 1, most: limits.hidden },
    ),
    checkpoints: wholeNumberFlag(
      '--checkpoints <n>',
      `that a law is fitted to, at least 3 ${defaults('checkpoints')}`,
      { least: 3, most: limits.checkpoints },
    ),
    draws: wholeNumberFlag('--draws <n>', `networks drawn of each law ${defaults('draws')}`, {
      least: 1,
      most: limits.draws,
    }),
    images: wholeNumberFlag(
      '--images <n>',
      `training images, the first of the data ${defaults('trainImages')}`,
      {
        least: 1,
        most: 1_000_000,
      },
    ),
    runs: wholeNumberFlag('--runs <n>', `sets of checkpoints a point ${defaults('runs')}`, {
      least: 1,
      most: limits.runs,
    }),
    maxEpochs: wholeNumberFlag(
      '--max-epochs <n>',
      `of every training; the late epochs of one run begin there ${defaults('maxEpochs')}`,
      { least: 1, most: limits.maxEpochs },
    ),
  },
  examples: `Examples:
  $ kindling study generate --quick                    can trained parameters be drawn? Half a minute
  $ kindling study generate --quick --data embedded    the same without any download
  $ kindling study generate                            the whole of it: some minutes on two cores
  $ kindling study generate --families seeds --hidden 16,64,256 --checkpoints 24

The same command goes on where an interrupted one stopped.`,
  takeData: (dataset, values) =>
    limitedImages(dataset, values.images, generateDefaults[values.quick ? 'quick' : 'full']),
  makeSpec: generateSpec,
  describe: ({ families, hidden, checkpoints, runs }) =>
    `${countOf(families.length, 'family', 'families')} at ${countOf(hidden.length, 'width')}, ${countOf(runs, 'set')} of ${countOf(checkpoints, 'checkpoint')} each`,
});
