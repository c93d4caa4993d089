/** `kindling study figure-3`. */
import {
  figure3,
  figure3Defaults,
  figure3Spec,
  figure3Limits as limits,
  widthPatternNames,
} from '@kindling/studies';
import { countOf } from '@kindling/studies/text';
import { namesFlag, wholeNumberFlag, wholeNumbersFlag } from '../../options/study-flag.js';
import { imageStudy } from '../../study/image-study.js';
import { UsageError } from '../../usage-error.js';

const { full, quick } = figure3Defaults;
const defaults = (name: 'runs' | 'maxEpochs') => `(default: ${full[name]}, quick ${quick[name]})`;

const depthsFlag = wholeNumbersFlag(
  '--depths <list>',
  `numbers of hidden layers, even, such as 10,20,40 (default: ${full.depths.join(',')}; quick ${quick.depths.join(',')})`,
  { least: 2, most: limits.depth },
);

/** The command. */
export const figure3StudyCommand = imageStudy({
  study: figure3,
  defaultData: 'mnist',
  flags: {
    patterns: namesFlag(
      '--patterns <list>',
      `${widthPatternNames.join(', ')} (default: all)`,
      widthPatternNames,
    ),
    depths: {
      ...depthsFlag,
      parse: (text: string) => {
        const depths = depthsFlag.parse(text);
        const odd = depths.find((depth) => depth % 2 !== 0);
        if (odd === undefined) return depths;
        throw new UsageError(
          `--depths has ${odd}; expected even numbers: only then halves of 30 and 10 have the Σ 1/n of as many layers of 15`,
        );
      },
    },
    runs: wholeNumberFlag('--runs <n>', `trainings a point ${defaults('runs')}`, {
      least: 1,
      most: limits.runs,
    }),
    maxEpochs: wholeNumberFlag(
      '--max-epochs <n>',
      `where a training that has not started is given up ${defaults('maxEpochs')}`,
      { least: 1, most: limits.maxEpochs },
    ),
  },
  examples: `Examples:
  $ kindling study figure-3 --quick                   do training times depend on widths only through Σ 1/n?
  $ kindling study figure-3 --quick --data embedded   the same in seconds, without any download
  $ kindling study figure-3 --runs 10                 the runs of docs/studies.md, in some ten minutes
  $ kindling study figure-3 --patterns constant-15,constant-20 --depths 20,40,60 --runs 20

The same command goes on where an interrupted one stopped.`,
  makeSpec: figure3Spec,
  describe: ({ patterns, depths, runs }) =>
    `${countOf(patterns.length, 'width pattern')}, ${countOf(depths.length, 'depth')}, ${countOf(runs, 'run')} a point`,
});
