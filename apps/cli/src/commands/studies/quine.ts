/** `kindling study quine`. */
import { quineLimits as limits, quine, quineDefaults, quineMethodNames, quineSpec } from '@kindling/studies';
import { countOf } from '@kindling/studies/text';
import { namesFlag, wholeNumberFlag } from '../../options/study-flag.js';
import { plainStudy } from '../../study/plain-study.js';

const { full, quick } = quineDefaults;
const defaults = (name: 'width' | 'runs' | 'epochs') => `(default: ${full[name]}, quick ${quick[name]})`;

/** The command. */
export const quineStudyCommand = plainStudy({
  study: quine,
  flags: {
    methods: namesFlag('--methods <list>', `${quineMethodNames.join(', ')} (default: all)`, quineMethodNames),
    width: wholeNumberFlag('--width <n>', `units a layer, a multiple of 4 ${defaults('width')}`, {
      least: 4,
      most: limits.width,
    }),
    runs: wholeNumberFlag('--runs <n>', `draws a method ${defaults('runs')}`, {
      least: 1,
      most: limits.runs,
    }),
    epochs: wholeNumberFlag('--epochs <n>', `passes over all parameters ${defaults('epochs')}`, {
      least: 1,
      most: limits.epochs,
    }),
  },
  examples: `Examples:
  $ kindling study quine --quick                      can a net output its own parameters?
  $ kindling study quine --methods adamax,regeneration,pair

The same command goes on where an interrupted one stopped.`,
  makeSpec: quineSpec,
  describe: ({ methods, runs, width }) =>
    `${countOf(methods.length, 'method')}, ${countOf(runs, 'run')} each, nets of width ${width}`,
});
