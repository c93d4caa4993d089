/** `kindling study conv-training`: its flags, and the way from them to a study that runs. */
import {
  type ConvTrainingOptions,
  convTraining,
  convTrainingDefaults,
  convTrainingSpec,
  convVariantNames,
  countOf,
  countText,
  datasetIdentity,
  convTrainingLimits as limits,
} from '@kindling/studies';
import { firstImages } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { Option } from 'commander';
import { resolveDataRequest } from '../../options/data-request.js';
import { flagReader, namesFlag, wholeNumberFlag, wholeNumbersFlag } from '../../options/study-flag.js';
import { reproductionLine, type StudyFlags } from '../../options/study-options.js';
import { studySubcommand } from '../../study/study-subcommand.js';
import { UsageError } from '../../usage-error.js';

const { full, quick } = convTrainingDefaults;
const defaults = (name: 'runs' | 'maxEpochs' | 'trainImages') =>
  `(default: ${countText(full[name])}, quick ${countText(quick[name])})`;

const flags = {
  nets: namesFlag('--nets <list>', `${convVariantNames.join(', ')} (default: all)`, convVariantNames),
  depths: wholeNumbersFlag(
    '--depths <list>',
    `convolutions of the body, even numbers (default: ${full.depths.join(',')}; quick ${quick.depths.join(',')})`,
    { least: 2, most: limits.depth },
  ),
  channels: wholeNumberFlag(
    '--channels <n>',
    `of every convolution (default: ${convTrainingDefaults.channels})`,
    { least: 1, most: limits.channels },
  ),
  images: wholeNumberFlag(
    '--images <n>',
    `training images, the first of the data; an epoch has ${convTrainingDefaults.stepsPerEpoch} steps ${defaults('trainImages')}`,
    { least: 1, most: 1_000_000 },
  ),
  runs: wholeNumberFlag('--runs <n>', `trainings a point ${defaults('runs')}`, {
    least: 1,
    most: limits.runs,
  }),
  maxEpochs: wholeNumberFlag('--max-epochs <n>', `where a training is given up ${defaults('maxEpochs')}`, {
    least: 1,
    most: limits.maxEpochs,
  }),
} as const;

interface ConvTrainingFlags extends StudyFlags {
  readonly data: string;
  readonly nets?: string;
  readonly depths?: string;
  readonly channels?: string;
  readonly images?: string;
  readonly runs?: string;
  readonly maxEpochs?: string;
}

/** The command. */
export const convTrainingCommand = studySubcommand({
  study: convTraining,
  options: [
    new Option('--data <name>', 'mnist, fashion-mnist, embedded or a directory of idx files').default(
      'mnist',
    ),
    ...Object.values(flags).map(({ syntax, meaning }) => new Option(syntax, meaning)),
  ],
  countFlags: '--runs',
  examples: `Examples:
  $ kindling study conv-training --quick --data embedded    a first look without any download, in half a minute
  $ kindling study conv-training                            an hour on two cores
  $ kindling study conv-training --nets plain-he,residual-1/L --depths 8,64 --runs 3

The same command goes on where an interrupted one stopped.`,
  prepare: async (given: ConvTrainingFlags, { quick, seed }, { directory, env }) => {
    const { read, words } = flagReader();
    const options: Omit<ConvTrainingOptions, 'data'> = {
      seed,
      quick,
      nets: read(flags.nets, given.nets),
      depths: read(flags.depths, given.depths),
      channels: read(flags.channels, given.channels),
      runs: read(flags.runs, given.runs),
      maxEpochs: read(flags.maxEpochs, given.maxEpochs),
    };
    const odd = options.depths?.find((depth) => depth % 2 === 1);
    if (odd !== undefined) {
      throw new UsageError(
        `--depths: ${odd} is odd; expected even numbers, because a residual block has two convolutions`,
      );
    }
    const sizes = convTrainingDefaults[quick ? 'quick' : 'full'];
    const images = read(flags.images, given.images) ?? sizes.trainImages;
    const request = await resolveDataRequest(given.data, directory);
    const loaded = await loadDataset(request, { env, cwd: directory, resolveFrom: [import.meta.url] });
    const dataset = firstImages(loaded.dataset, { train: images, test: sizes.testImages });
    const spec = convTrainingSpec({ ...options, data: datasetIdentity(dataset) });
    return {
      spec,
      dataset,
      introduction: [
        [
          'data',
          `${dataset.name}, the first ${countText(dataset.train.count)} + ${countText(dataset.test.count)} images: ${loaded.source}`,
        ],
        [
          'spec',
          `seed ${seed}, ${countOf(spec.nets.length, 'net')} at ${countOf(spec.depths.length, 'depth')}, ${countOf(spec.runs, 'run')} each`,
        ],
      ],
      maxEpochs: spec.maxEpochs,
      reproduction: reproductionLine({
        study: convTraining.name,
        quick,
        seed,
        words: ['--data', given.data, ...words],
      }),
    };
  },
});
