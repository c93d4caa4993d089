/**
 * The command of a study that trains on images, from a description: its flags as data, `--data` before them, and the function
 * that makes its spec. That is all a new study of this kind needs, in one file of `commands/studies/`.
 */
import {
  countText,
  type DatasetIdentity,
  datasetIdentity,
  type JsonObject,
  type StudyDefinition,
  type StudySpec,
} from '@kindling/studies';
import type { Dataset } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { Option } from 'commander';
import { resolveDataRequest } from '../options/data-request.js';
import { flagOptions, type GivenFlags, readFlags, type StudyFlagsOf } from '../options/flag-values.js';
import { reproductionLine, type StudyFlags } from '../options/study-options.js';
import type { Surroundings } from '../surroundings.js';
import type { SpecOptions } from './plain-study.js';
import { type StudySubcommand, studySubcommand } from './study-subcommand.js';

/** A study that trains on images. `Values` are the values of its own flags, under the names its spec's maker knows. */
export interface ImageStudy<
  Values extends object,
  Spec extends StudySpec & { readonly maxEpochs: number },
  Summary extends JsonObject,
> {
  readonly study: StudyDefinition<Spec, Summary>;
  /** What `--data` is when it is not given. */
  readonly defaultData: 'mnist' | 'embedded';
  /** In the order of the help, under the names that `makeSpec` knows. */
  readonly flags: StudyFlagsOf<Values>;
  /** Shown under the options. */
  readonly examples: string;
  /** What is taken of the data; throws `UsageError` for more than it has. Default: all of it. @param values lack what was not given */
  takeData?(dataset: Dataset, values: Partial<Values> & { readonly quick: boolean }): Dataset;
  /** A whole spec; `options` lacks what was not given. With `surroundings` it may read files that flags name. */
  makeSpec(
    options: SpecOptions<Values> & { readonly data: DatasetIdentity },
    surroundings: Surroundings,
  ): Spec | Promise<Spec>;
  /** The spec in a few words, for the line before the start. */
  describe(spec: Spec): string;
}

/** The command of such a study. */
export function imageStudy<
  Values extends object,
  Spec extends StudySpec & { readonly maxEpochs: number },
  Summary extends JsonObject,
>(image: ImageStudy<Values, Spec, Summary>): StudySubcommand {
  const { study, defaultData, flags, examples } = image;
  return studySubcommand<StudyFlags & GivenFlags & { readonly data: string }, Spec, Summary>({
    study,
    options: [
      new Option('--data <name>', 'mnist, fashion-mnist, embedded or a directory of idx files').default(
        defaultData,
      ),
      ...flagOptions(flags),
    ],
    countFlags: '--runs',
    examples,
    prepare: async (given, { quick, seed }, surroundings) => {
      const { directory, env } = surroundings;
      const { values, words } = readFlags(flags, given);
      const request = await resolveDataRequest(given.data, directory);
      const loaded = await loadDataset(request, { env, cwd: directory, resolveFrom: [import.meta.url] });
      const { source } = loaded;
      const dataset = image.takeData?.(loaded.dataset, { ...values, quick }) ?? loaded.dataset;
      const options = { ...values, quick, seed, data: datasetIdentity(dataset) };
      const spec = await image.makeSpec(options, surroundings);
      const { name, train, test } = dataset;
      return {
        spec,
        dataset,
        introduction: [
          ['data', `${name}, ${countText(train.count)} + ${countText(test.count)} images: ${source}`],
          ['spec', `seed ${seed}, ${image.describe(spec)}`],
        ],
        maxEpochs: spec.maxEpochs,
        reproduction: reproductionLine({
          study: study.name,
          quick,
          seed,
          words: ['--data', given.data, ...words],
        }),
      };
    },
  });
}
