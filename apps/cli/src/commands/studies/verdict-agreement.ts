/** `kindling study verdict-agreement`: its flags, and the way from them to a study that runs. */
import { needsBlocks, needsData } from '@kindling/initializers';
import {
  verdictAgreementLimits as limits,
  verdictAgreement,
  verdictAgreementDefaults,
  verdictAgreementSpec,
} from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { parseInitializer } from '../../options/initializer-choice.js';
import { type StudyFlag, wholeNumberFlag, wholeNumbersFlag } from '../../options/study-flag.js';
import { imageStudy } from '../../study/image-study.js';
import { UsageError } from '../../usage-error.js';

const { full, quick } = verdictAgreementDefaults;
const defaults = (name: 'runs' | 'maxEpochs') => `(default: ${full[name]}, quick ${quick[name]})`;
const lists = (name: 'widths' | 'depths') =>
  `(default: ${full[name].join(',')}; quick ${quick[name].join(',')})`;

function readName(expression: string): string {
  const { name, initializer } = parseInitializer('--inits', expression);
  if (needsBlocks(initializer)) {
    throw new UsageError(`--inits: "${name}" is for residual nets; expected initializers of dense ones`);
  }
  if (!needsData(initializer)) return name;
  throw new UsageError(`--inits: "${name}" looks at data; expected initializers that need none`);
}

/** Expressions hold commas themselves: `a:x=1,y=2,b` is two, because `y=2` names nothing by itself. */
export const initializersFlag: StudyFlag<readonly string[]> = {
  syntax: '--inits <list>',
  meaning: `initializers, such as he-normal,he-normal:gain=0.9 (default: ${countText(full.initializers.length)} of them, quick ${quick.initializers.length})`,
  parse: (text) => {
    const expressions: string[] = [];
    for (const part of text.split(',')) {
      const equals = part.indexOf('=');
      const continues = equals >= 0 && !part.slice(0, equals).includes(':');
      const last = expressions.pop();
      if (continues && last !== undefined) expressions.push(`${last},${part}`);
      else expressions.push(...(last === undefined ? [] : [last]), part);
    }
    return [...new Set(expressions.map(readName))];
  },
  print: (names) => names.join(','),
};

const flags = {
  initializers: initializersFlag,
  widths: wholeNumbersFlag('--widths <list>', `widths of every hidden layer ${lists('widths')}`, {
    least: 1,
    most: limits.width,
  }),
  depths: wholeNumbersFlag('--depths <list>', `numbers of hidden layers ${lists('depths')}`, {
    least: 1,
    most: limits.depth,
  }),
  runs: wholeNumberFlag('--runs <n>', `trainings a net ${defaults('runs')}`, { least: 1, most: limits.runs }),
  maxEpochs: wholeNumberFlag(
    '--max-epochs <n>',
    `a net that has not reached the target by then has not started ${defaults('maxEpochs')}`,
    { least: 1, most: limits.maxEpochs },
  ),
} as const;

/** The command. */
export const verdictAgreementStudyCommand = imageStudy({
  study: verdictAgreement,
  defaultData: 'embedded',
  flags,
  examples: `Examples:
  $ kindling study verdict-agreement --quick          how often is the verdict right? A minute
  $ kindling study verdict-agreement                  the table of docs/verdicts.md
  $ kindling study verdict-agreement --inits he-normal,he-normal:gain=0.9 --widths 10 --depths 5,10,20

The same command goes on where an interrupted one stopped.`,
  makeSpec: verdictAgreementSpec,
  describe: ({ initializers, widths, depths, runs }) =>
    `${countOf(initializers.length * widths.length * depths.length, 'net')}, ${countOf(runs, 'run')} each`,
});
