/** `kindling study explore`: the flags are the keys of the page's address, and mean the same. */
import { InvalidArgumentError } from '@kindling/core';
import {
  datasetIdentity,
  type ExploreEntry,
  type ExploreKey,
  type ExploreProblem,
  type ExploreQuestion,
  type ExploreSpec,
  explore,
  exploreCommand,
  exploreFunctionNames,
  exploreKeys,
  explorePresets,
  exploreSpec,
  parseExploreEntries,
} from '@kindling/studies';
import { countOf, countText, listText } from '@kindling/studies/text';
import { type Dataset, firstImages } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { Option } from 'commander';
import { resolveDataRequest } from '../../options/data-request.js';
import { suggestion } from '../../options/nearest-names.js';
import type { StudyFlags } from '../../options/study-options.js';
import { studySubcommand } from '../../study/study-subcommand.js';
import type { Surroundings } from '../../surroundings.js';
import { UsageError } from '../../usage-error.js';

/** As commander hands them over: text where given. */
type ExploreFlags = StudyFlags & {
  readonly net?: readonly string[];
  readonly preset?: string;
} & Partial<Readonly<Record<Exclude<ExploreKey, 'net' | 'seed'>, string>>>;

const presetNames = explorePresets.map(({ name }) => name);

const examples = `Examples:
  $ kindling study explore --quick                              what TensorFlow.js draws, and what would mend it; seconds
  $ kindling study explore --preset figure-2                    one of ${presetNames.join(', ')}
  $ kindling study explore --net 'dense 100*50 tfjs:he-normal' --net 'dense 100*50 he-normal'
  $ kindling study explore --net 'residual 50*30 scale=0.75^l he-normal' --epochs 5 --runs 3
  $ kindling study explore --net 'conv 8/2*2,8*20 padding=circular he-normal' --runs 0
  $ kindling study explore --net 'dense 8*9 he-normal' --data absolute

A net is dense, residual or conv, its layers, an initializer with settings if wished, and:
  dense       the widths of the hidden layers; n*k repeats
  residual    width*modules; scale=<rule>, module=relu or linear
  conv        channels, /stride behind them; kernel=3 or 3x5, padding=zero, circular or valid
  all         times=<factor> on every weight; bias=<value> or bias-variance=<v> instead of the initializer's
Inputs and outputs are those of the data. The same command goes on where an interrupted one stopped.`;

/** The command. */
export const exploreStudyCommand = studySubcommand<
  ExploreFlags,
  ExploreSpec,
  ReturnType<typeof explore.summarize>
>({
  study: explore,
  options: [
    new Option('--net <text>', "a net, such as 'dense 100*50 he-normal'; up to four times").argParser(
      (text: string, before?: readonly string[]) => [...(before ?? []), text],
    ),
    new Option(
      '--preset <name>',
      `start from one, and change what is given: ${presetNames.join(', ')} (without --net: default)`,
    ),
    new Option(
      '--data <name>',
      `mnist, fashion-mnist, embedded, a directory of idx files, or a function: ${exploreFunctionNames.join(', ')} (default: embedded)`,
    ),
    new Option(
      '--images <n>',
      'only so many training images, and at most as many for testing (default: all)',
    ),
    new Option(
      '--nets <n>',
      'random nets whose lengths are measured; 0 leaves them out (default: 100, quick 30)',
    ),
    new Option('--maps <n>', 'random nets whose dead neurons are counted; 0 leaves them out (default: 1)'),
    new Option('--verdict <0|1>', 'whether each net is diagnosed, and remedies tried (default: 1)'),
    new Option('--runs <n>', 'trainings a net; 0 leaves them out (default: 1)'),
    new Option(
      '--epochs <n>',
      "of every training (default: the preset's; without one 10, quick 3; of functions 500, quick 100)",
    ),
    new Option('--optimizer <name>', 'sgd, momentum or adam (default: sgd; of functions adam)'),
    new Option('--rate <x>', 'learning rate (default: 0.01; of adam 0.001)'),
    new Option(
      '--batch <n>',
      'images or points a step (default: 32 embedded images, 1,024 others, 64 points)',
    ),
    new Option(
      '--target <x>',
      'test accuracy, of functions loss, that counts as a start (default: 0.2; 0.01)',
    ),
    new Option(
      '--look <list>',
      'epochs after which layers are recorded, or none (default: 0, 1 and the last)',
    ),
  ],
  countFlags: '--nets, --maps and --runs',
  examples,
  prepare: async (flags, { quick }, surroundings) => {
    const { question, problems } = parseExploreEntries(entriesOf(flags), { quick });
    if (question === null) throw new UsageError(problems.map(problemText).join('; '));
    const loaded = await loadData(question, surroundings);
    const dataset = loaded?.dataset ?? null;
    const spec = readSpec(question, dataset);
    const { training, configurations, seed } = spec;
    return {
      spec,
      dataset,
      introduction: [
        ['data', loaded?.words ?? `points of ${question.data}`],
        ['spec', `seed ${seed}, ${countOf(configurations.length, 'net')}: ${listText(partsOf(question))}`],
      ],
      maxEpochs: training?.epochs ?? null,
      reproduction: exploreCommand(question),
    };
  },
});

/** What was given; what was not comes from the preset, if one is meant. */
function entriesOf(flags: ExploreFlags): readonly ExploreEntry[] {
  const given = exploreKeys.flatMap((key): readonly ExploreEntry[] => {
    if (key === 'net') return (flags.net ?? []).map((text) => [key, text]);
    const text = flags[key];
    return text === undefined ? [] : [[key, text]];
  });
  const preset = flags.preset ?? (flags.net === undefined ? 'default' : undefined);
  if (preset === undefined) return given;
  const found = explorePresets.find(({ name }) => name === preset);
  if (found === undefined) {
    throw new UsageError(`--preset: there is no "${preset}"; ${suggestion(preset, presetNames)}`);
  }
  const said = new Set(given.map(([key]) => key));
  return [...[...new URLSearchParams(found.query)].filter(([key]) => !said.has(key)), ...given];
}

/** `net 2` is the second `--net`. */
function problemText({ field, message }: ExploreProblem): string {
  return `--${field}: ${message}`;
}

async function loadData(
  { data, images }: ExploreQuestion,
  { directory, env }: Surroundings,
): Promise<{ readonly dataset: Dataset; readonly words: string } | null> {
  if (exploreFunctionNames.includes(data)) return null;
  const request = await resolveDataRequest(data, directory);
  const { dataset: all, source } = await loadDataset(request, {
    env,
    cwd: directory,
    resolveFrom: [import.meta.url],
  });
  const dataset = images === null ? all : firstImages(all, { train: images, test: images });
  const { name, train, test } = dataset;
  return {
    dataset,
    words: `${name}, ${countText(train.count)} + ${countText(test.count)} images: ${source}`,
  };
}

/** What only the data show to be wrong, by its flag. */
function readSpec(question: ExploreQuestion, dataset: Dataset | null): ExploreSpec {
  try {
    return exploreSpec(question, dataset === null ? null : datasetIdentity(dataset));
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    const { field } = error.details;
    const index = /^configurations\.(\d+)$/.exec(typeof field === 'string' ? field : '')?.[1];
    const reason = error.message.replace(/^explore: (configurations\.\d+: )?/, '');
    const which = question.configurations.length === 1 ? '' : ` ${Number(index) + 1}`;
    throw new UsageError(index === undefined ? reason : `--net${which}: ${reason}`);
  }
}

function partsOf({ verdict, nets, maps, runs, epochs }: ExploreQuestion): readonly string[] {
  return [
    ...(verdict ? ['verdicts'] : []),
    ...(nets === 0 ? [] : [`lengths of ${countOf(nets, 'random net')}`]),
    ...(maps === 0 ? [] : [`dead neurons of ${countText(maps)}`]),
    ...(runs === 0 ? [] : [`${countOf(runs, 'training')} of ${countOf(epochs, 'epoch')}`]),
  ];
}
