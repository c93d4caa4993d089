/** `kindling study iid`. */
import { iid, iidDefaults, iidNetNames, iidSpec, iidLimits as limits } from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { countModels } from '../../model/count-model.js';
import { namesFlag, type StudyFlag, wholeNumberFlag, wholeNumbersFlag } from '../../options/study-flag.js';
import { imageStudy } from '../../study/image-study.js';
import { limitedImages } from '../../study/limited-images.js';
import { UsageError } from '../../usage-error.js';

const { full, quick } = iidDefaults;
const defaults = (name: 'runs' | 'trainImages') =>
  `(default: ${countText(full[name])}, quick ${countText(quick[name])})`;

const epochsFlag = wholeNumbersFlag(
  '--epochs <list>',
  `when parameters are tested, 0 being before training (default: ${full.epochs.join(',')}; quick ${quick.epochs.join(',')})`,
  { least: 0, most: limits.maxEpochs },
);

/** Paths separated by commas, which a path of this flag cannot hold. */
const modelsFlag: StudyFlag<readonly string[]> = {
  syntax: '--models <files>',
  meaning: 'model files to test, too, separated by commas (default: none)',
  parse: (text) => {
    const paths = text.split(',');
    if (paths.every((path) => path.trim() !== '')) return paths;
    throw new UsageError(`--models is "${text}"; expected paths of model files, separated by commas`);
  },
  print: (paths) => paths.join(','),
};

/** The command. */
export const iidStudyCommand = imageStudy({
  study: iid,
  defaultData: 'mnist',
  flags: {
    nets: namesFlag('--nets <list>', `${iidNetNames.join(', ')} (default: all)`, iidNetNames),
    epochs: {
      ...epochsFlag,
      parse: (text: string) => {
        const epochs = epochsFlag.parse(text);
        if (epochs.length >= 2) return epochs;
        throw new UsageError(`--epochs is "${text}"; expected at least two, such as 0,10`);
      },
    },
    models: modelsFlag,
    images: wholeNumberFlag(
      '--images <n>',
      `training images, the first of the data ${defaults('trainImages')}`,
      {
        least: 1,
        most: 1_000_000,
      },
    ),
    runs: wholeNumberFlag('--runs <n>', `seeds a net ${defaults('runs')}`, { least: 1, most: limits.runs }),
  },
  examples: `Examples:
  $ kindling study iid --quick                    are weights in random order, before and after training?
  $ kindling study iid --quick --data embedded    the same without any download
  $ kindling study iid                            the whole of it: some minutes on two cores
  $ kindling study iid --models resnet18.safetensors,my-net/model.json

The same command goes on where an interrupted one stopped. Of --models the study keeps counts and a digest, not the numbers.`,
  takeData: (dataset, values) =>
    limitedImages(dataset, values.images, iidDefaults[values.quick ? 'quick' : 'full']),
  // What --images asks for is in the data by now.
  makeSpec: async ({ models = [], nets, epochs, runs, seed, quick: small, data }, { directory }) =>
    iidSpec({
      ...{ nets, epochs, runs, seed, data, quick: small },
      models: await countModels(models, directory),
    }),
  describe: ({ nets, epochs, runs, models }) =>
    `${countOf(nets.length, 'net')}, ${countOf(runs, 'seed')} each, tested at ${countOf(epochs.length, 'epoch')}, ${countOf(models.length, 'model file')}`,
});
