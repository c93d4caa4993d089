/** `kindling study synthesis`. */
import {
  synthesisLimits as limits,
  synthesis,
  synthesisDefaults,
  synthesisSpec,
  synthesisTargetNames,
} from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { firstImages } from '@kindling/trainer';
import { namesFlag, wholeNumberFlag, wholeNumbersFlag } from '../../options/study-flag.js';
import { imageStudy } from '../../study/image-study.js';

const { full, quick } = synthesisDefaults;
const defaults = (name: 'runs' | 'capacityRuns') =>
  `(default: ${countText(full[name])}, quick ${countText(quick[name])})`;

/** The command. */
export const synthesisStudyCommand = imageStudy({
  study: synthesis,
  defaultData: 'mnist',
  flags: {
    targets: namesFlag(
      '--targets <list>',
      `functions: ${synthesisTargetNames.join(', ')} (default: all)`,
      synthesisTargetNames,
    ),
    imageWidths: wholeNumbersFlag(
      '--image-widths <list>',
      `units of the nets for images (default: ${full.imageWidths.join(',')}; quick ${quick.imageWidths.join(',')})`,
      { least: 1, most: limits.width },
    ),
    runs: wholeNumberFlag('--runs <n>', `nets a task, method and width ${defaults('runs')}`, {
      least: 1,
      most: limits.runs,
    }),
    capacityRuns: wholeNumberFlag(
      '--width-runs <n>',
      `trainings a width for the question of zero loss ${defaults('capacityRuns')}`,
      { least: 1, most: limits.runs },
    ),
  },
  examples: `Examples:
  $ kindling study synthesis --quick                  nets built without training; how wide must they be?
  $ kindling study synthesis --quick --data embedded  the same without any download

The same command goes on where an interrupted one stopped.`,
  takeData: (dataset, { quick: small }) => {
    const { trainImages, testImages } = synthesisDefaults[small ? 'quick' : 'full'];
    return firstImages(dataset, { train: trainImages, test: testImages });
  },
  makeSpec: synthesisSpec,
  describe: ({ targets, imageWidths, runs }) =>
    `${countOf(targets.length, 'function')}, images at ${countOf(imageWidths.length, 'width')}, ${countOf(runs, 'run')} each`,
});
