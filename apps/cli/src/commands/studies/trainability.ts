/** `kindling study trainability`. */
import {
  trainabilityLimits as limits,
  optimizerNames,
  trainability,
  trainabilityDefaults,
  trainabilitySpec,
  trainabilityTargetNames,
} from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { nameFlag, namesFlag, wholeNumberFlag, wholeNumbersFlag } from '../../options/study-flag.js';
import { plainStudy } from '../../study/plain-study.js';

const { full, quick } = trainabilityDefaults;
const defaults = (name: 'runs' | 'maxSteps') =>
  `(default: ${countText(full[name])}, quick ${countText(quick[name])})`;

/** The command. */
export const trainabilityStudyCommand = plainStudy({
  study: trainability,
  flags: {
    targets: namesFlag(
      '--targets <list>',
      `functions to learn: ${trainabilityTargetNames.join(', ')} (default: both)`,
      trainabilityTargetNames,
    ),
    widths: wholeNumbersFlag(
      '--widths <list>',
      'neurons of the hidden layer, such as 2,4,8 (default: 2 to 10 for |x|, 4 to 14 for the folded one; quick: some of these)',
      { least: 1, most: limits.width },
    ),
    runs: wholeNumberFlag('--runs <n>', `trainings a target and width ${defaults('runs')}`, {
      least: 1,
      most: limits.runs,
    }),
    maxSteps: wholeNumberFlag(
      '--max-steps <n>',
      `where a training that has not succeeded is given up ${defaults('maxSteps')}`,
      { least: 1, most: limits.maxSteps },
    ),
    optimizer: nameFlag(
      '--optimizer <name>',
      `${optimizerNames.join(', ')}; every step takes all points (default: sgd)`,
      optimizerNames,
    ),
  },
  examples: `Examples:
  $ kindling study trainability --quick               how often can training succeed when neurons are born dead?
  $ kindling study trainability --targets absolute --widths 2,4,8 --runs 10000
                                                      three points, with small errors
  $ kindling study trainability --optimizer adam      another optimizer under the same bound

The same command goes on where an interrupted one stopped.`,
  makeSpec: trainabilitySpec,
  describe: ({ targets, runs }) =>
    `${countOf(
      targets.reduce((sum, { widths }) => sum + widths.length, 0),
      'point',
    )}, ${countOf(runs, 'run')} each`,
});
