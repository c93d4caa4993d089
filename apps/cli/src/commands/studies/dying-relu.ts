/** `kindling study dying-relu`. */
import {
  comparedInitializerNames,
  dyingRelu,
  dyingReluDefaults,
  dyingReluSpec,
  dyingReluTargetNames,
  dyingReluLimits as limits,
} from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { namesFlag, wholeNumberFlag } from '../../options/study-flag.js';
import { plainStudy } from '../../study/plain-study.js';

const { full, quick } = dyingReluDefaults;
const defaults = (name: 'runs' | 'maxSteps') =>
  `(default: ${countText(full[name])}, quick ${countText(quick[name])})`;

/** The command. */
export const dyingReluStudyCommand = plainStudy({
  study: dyingRelu,
  flags: {
    targets: namesFlag(
      '--targets <list>',
      `functions to learn: ${dyingReluTargetNames.join(', ')} (default: all)`,
      dyingReluTargetNames,
    ),
    initializers: namesFlag(
      '--inits <list>',
      `${comparedInitializerNames.join(', ')} (default: all but the last)`,
      comparedInitializerNames,
    ),
    runs: wholeNumberFlag('--runs <n>', `nets a target and initializer ${defaults('runs')}`, {
      least: 1,
      most: limits.runs,
    }),
    maxSteps: wholeNumberFlag('--max-steps <n>', `steps of Adam at most ${defaults('maxSteps')}`, {
      least: 1,
      most: limits.maxSteps,
    }),
  },
  examples: `Examples:
  $ kindling study dying-relu --quick                 how often do deep narrow nets collapse to a constant?
  $ kindling study dying-relu --targets absolute --inits he-normal,rai
                                                      the published case: ten layers of width 2 on |x|

The same command goes on where an interrupted one stopped.`,
  makeSpec: dyingReluSpec,
  describe: ({ targets, initializers, runs }) =>
    `${countOf(targets.length, 'function')}, ${countOf(initializers.length, 'initializer')}, ${countOf(runs, 'run')} each`,
});
