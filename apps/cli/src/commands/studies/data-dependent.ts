/** `kindling study data-dependent`. */
import {
  comparedInitializerNames,
  dataDependent,
  dataDependentDefaults,
  dataDependentSpec,
  dataDependentTargetNames,
  dataDependentLimits as limits,
  optimizerNames,
} from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { nameFlag, namesFlag, wholeNumberFlag } from '../../options/study-flag.js';
import { plainStudy } from '../../study/plain-study.js';

const { full, quick } = dataDependentDefaults;
const defaults = (name: 'runs' | 'epochs') =>
  `(default: ${countText(full[name])}, quick ${countText(quick[name])})`;

/** The command. */
export const dataDependentStudyCommand = plainStudy({
  study: dataDependent,
  flags: {
    targets: namesFlag(
      '--targets <list>',
      `functions to learn: ${dataDependentTargetNames.join(', ')} (default: all)`,
      dataDependentTargetNames,
    ),
    initializers: namesFlag(
      '--inits <list>',
      `${comparedInitializerNames.join(', ')} (default: all but rai)`,
      comparedInitializerNames,
    ),
    runs: wholeNumberFlag('--runs <n>', `trainings a function and initializer ${defaults('runs')}`, {
      least: 1,
      most: limits.runs,
    }),
    epochs: wholeNumberFlag('--epochs <n>', `epochs of every training ${defaults('epochs')}`, {
      least: 1,
      most: limits.epochs,
    }),
    optimizer: nameFlag(
      '--optimizer <name>',
      `${optimizerNames.join(', ')}; every step takes all points (default: adam)`,
      optimizerNames,
    ),
  },
  examples: `Examples:
  $ kindling study data-dependent --quick             does it help to place neurons where the data are?
  $ kindling study data-dependent --targets x-sin-5x --optimizer momentum --epochs 20000
                                                      one function, longer

The same command goes on where an interrupted one stopped.`,
  makeSpec: dataDependentSpec,
  describe: ({ targets, initializers, runs }) =>
    `${countOf(targets.length, 'function')}, ${countOf(initializers.length, 'initializer')}, ${countOf(runs, 'run')} each`,
});
