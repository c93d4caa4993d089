/** `kindling study figure-1`: its flags, and the way from them to a study that runs. */
import { datasetIdentity, figure1, figure1Defaults, figure1Spec } from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { type LoadedDataset, loadDataset } from '@kindling/trainer/node';
import { Option } from 'commander';
import { type Figure1Flags, readFigure1Flags, reproductionCommand } from '../../options/figure-1-options.js';
import { studySubcommand } from '../../study/study-subcommand.js';

const { full, quick } = figure1Defaults;
const defaults = (name: 'trials' | 'runs' | 'maxEpochs') => `(default: ${full[name]}, quick ${quick[name]})`;

const examples = `Examples:
  $ kindling study figure-1 --quick                    a first look, in a minute or two
  $ kindling study figure-1 --quick --data embedded    the same without any download
  $ kindling study figure-1 --runs 0 --depths 10..100:10 --inits he-normal,lecun-normal
                                                       lengths only, two curves
  $ kindling study figure-1 --trials 0 --data ~/data   trainings only, on idx files of yours

The same command goes on where an interrupted one stopped.`;

/** The command. */
export const figure1Command = studySubcommand({
  study: figure1,
  options: [
    new Option('--data <name>', 'mnist, fashion-mnist, embedded or a directory of idx files').default(
      'mnist',
    ),
    new Option('--depths <list>', 'numbers of hidden layers, such as 5,10,20 or 10..100:10'),
    new Option(
      '--inits <list>',
      'initializers, such as he-normal,glorot-normal (default: the eight of the paper)',
    ),
    new Option('--trials <n>', `nets a point in part 1a; 0 leaves it out ${defaults('trials')}`),
    new Option('--runs <n>', `trainings a point in part 1b; 0 leaves it out ${defaults('runs')}`),
    new Option(
      '--max-epochs <n>',
      `where a training that has not started is given up ${defaults('maxEpochs')}`,
    ),
  ],
  countFlags: '--trials and --runs',
  examples,
  prepare: async (flags: Figure1Flags, { quick, seed }, { directory, env }) => {
    const choices = await readFigure1Flags(flags, directory);
    const loaded =
      choices.runs === 0
        ? null
        : await loadDataset(choices.data, { env, cwd: directory, resolveFrom: [import.meta.url] });
    const spec = figure1Spec({
      ...choices,
      quick,
      seed,
      data: loaded === null ? null : datasetIdentity(loaded.dataset),
    });
    return {
      spec,
      dataset: loaded?.dataset ?? null,
      introduction: [
        ...(loaded === null ? [] : [['data', dataText(loaded)] as const]),
        ['spec', `seed ${seed}, ${countOf(spec.initializers.length, 'initializer')}`],
      ],
      maxEpochs: spec.training?.maxEpochs ?? null,
      reproduction: reproductionCommand({ ...choices, quick, seed }, flags.data),
    };
  },
});

function dataText({ dataset: { name, train, test }, source }: LoadedDataset): string {
  return `${name}, ${countText(train.count)} + ${countText(test.count)} images: ${source}`;
}
