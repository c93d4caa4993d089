/** `kindling study figure-2`: its flags, and the way from them to a study that runs. */
import {
  datasetIdentity,
  type Figure2Options,
  figure2,
  figure2Defaults,
  figure2Modules,
  figure2Spec,
  figure2Limits as limits,
} from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { loadDataset } from '@kindling/trainer/node';
import { Option } from 'commander';
import { resolveDataRequest } from '../../options/data-request.js';
import { flagOptions, type GivenFlags, readFlags } from '../../options/flag-values.js';
import { nameFlag, realNumbersFlag, wholeNumberFlag, wholeNumbersFlag } from '../../options/study-flag.js';
import { reproductionLine, type StudyFlags } from '../../options/study-options.js';
import { studySubcommand } from '../../study/study-subcommand.js';
import { UsageError } from '../../usage-error.js';

const { full, quick } = figure2Defaults;
const defaults = (name: 'trials' | 'runs' | 'maxEpochs') =>
  `(default: ${countText(full[name])}, quick ${countText(quick[name])})`;

type Figure2Values = Required<Omit<Figure2Options, 'seed' | 'quick' | 'data'>>;

const flags = {
  module: nameFlag(
    '--module <kind>',
    'relu: one ReLU layer, as in the paper; linear: a ReLU layer and a linear one, whose means theory has exactly (default: relu)',
    figure2Modules,
  ),
  width: wholeNumberFlag('--width <n>', `width of the stream (default: ${figure2Defaults.width})`, {
    least: 1,
    most: limits.width,
  }),
  bases: realNumbersFlag(
    '--bases <list>',
    `values of b in η_l = b^l, each above 0 and at most 1 (default: ${figure2Defaults.bases.join(',')})`,
    { least: 0, exclusive: true, most: 1, expected: 'a number above 0 and at most 1' },
  ),
  depths: wholeNumbersFlag(
    '--depths <list>',
    `numbers of modules L, of both parts (default: ${full.lengthDepths.join(',')} in 2a, ${full.trainingDepths.join(',')} in 2b)`,
    { least: 1, most: limits.depth },
  ),
  trials: wholeNumberFlag('--trials <n>', `nets a point in part 2a; 0 leaves it out ${defaults('trials')}`, {
    least: 0,
    most: limits.trials,
    hint: '0 leaves part 2a out',
  }),
  runs: wholeNumberFlag('--runs <n>', `trainings a point in part 2b; 0 leaves it out ${defaults('runs')}`, {
    least: 0,
    most: limits.runs,
    hint: '0 leaves part 2b out',
  }),
  maxEpochs: wholeNumberFlag(
    '--max-epochs <n>',
    `where a training that has not started is given up ${defaults('maxEpochs')}`,
    { least: 1, most: limits.maxEpochs },
  ),
} as const;

/** The command. */
export const figure2StudyCommand = studySubcommand({
  study: figure2,
  options: [
    new Option('--data <name>', 'mnist, fashion-mnist, embedded or a directory of idx files').default(
      'mnist',
    ),
    ...flagOptions(flags),
  ],
  countFlags: '--trials and --runs',
  examples: `Examples:
  $ kindling study figure-2 --quick                    which residual scales keep lengths bounded? Half a minute
  $ kindling study figure-2 --quick --data embedded    the same without any download
  $ kindling study figure-2                            the paper's 100 trainings a point: about an hour on two cores
  $ kindling study figure-2 --runs 0                   lengths only, seconds
  $ kindling study figure-2 --runs 0 --module linear --bases 1,0.9 --depths 10,100,1000
                                                       where means are exact, beyond the range of doubles

The same command goes on where an interrupted one stopped.`,
  prepare: async (
    given: StudyFlags & GivenFlags & { readonly data: string },
    { quick, seed },
    { directory, env },
  ) => {
    const { values, words } = readFlags<Figure2Values>(flags, given);
    if (values.runs === 0 && values.trials === 0) {
      throw new UsageError(
        '--trials 0 and --runs 0 leave both parts out; expected one of them to be 1 or more',
      );
    }
    const loaded =
      values.runs === 0
        ? null
        : await loadDataset(await resolveDataRequest(given.data, directory), {
            env,
            cwd: directory,
            resolveFrom: [import.meta.url],
          });
    const spec = figure2Spec({
      ...values,
      quick,
      seed,
      data: loaded === null ? null : datasetIdentity(loaded.dataset),
    });
    return {
      spec,
      dataset: loaded?.dataset ?? null,
      introduction: [
        ...(loaded === null
          ? []
          : [
              [
                'data',
                `${loaded.dataset.name}, ${countText(loaded.dataset.train.count)} + ${countText(loaded.dataset.test.count)} images: ${loaded.source}`,
              ] as const,
            ]),
        ['spec', `seed ${seed}, ${countOf(spec.bases.length, 'residual scale')}`],
      ],
      maxEpochs: spec.training?.maxEpochs ?? null,
      reproduction: reproductionLine({
        study: figure2.name,
        quick,
        seed,
        words: loaded === null ? words : ['--data', given.data, ...words],
      }),
    };
  },
});
