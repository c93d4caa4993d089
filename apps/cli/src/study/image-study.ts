/**
 * The command of a study that trains on images, from a description: its flags as data, `--data` before them, and the function
 * that makes its spec. That is all a new study of this kind needs, in one file of `commands/studies/`.
 */
import {
  type DatasetIdentity,
  datasetIdentity,
  type StudyDefinition,
  type StudySpec,
} from '@kindling/studies';
import { countText, type JsonObject } from '@kindling/studies/text';
import { type Dataset, joinDatasets } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { Option } from 'commander';
import { resolveDataRequest } from '../options/data-request.js';
import { flagOptions, type GivenFlags, readFlags, type StudyFlagsOf } from '../options/flag-values.js';
import { reproductionLine, type StudyFlags } from '../options/study-options.js';
import type { Surroundings } from '../surroundings.js';
import { UsageError } from '../usage-error.js';
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
  readonly defaultData: 'mnist' | 'embedded' | 'mnist,embedded';
  /** Whether `--data` may name several data sets, separated by commas; the study gets them as `joinDatasets` makes one of them. Default: one. */
  readonly several?: boolean;
  /** In the order of the help, under the names that `makeSpec` knows. */
  readonly flags: StudyFlagsOf<Values>;
  /** Flags to name when too many trials are asked for. Default `--runs`. */
  readonly countFlags?: string;
  /** Shown under the options. */
  readonly examples: string;
  /** What is taken of each data set; throws `UsageError` for more than it has. Default: all of it. @param values lack what was not given */
  takeData?(dataset: Dataset, values: Partial<Values> & { readonly quick: boolean }): Dataset;
  /**
   * A whole spec; `options` lacks what was not given. `sources` are the data sets that `data` was made of. With `surroundings` it may
   * read files that flags name.
   */
  makeSpec(
    options: SpecOptions<Values> & {
      readonly data: DatasetIdentity;
      readonly sources: readonly DatasetIdentity[];
    },
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
      (image.several === true
        ? new Option('--data <list>', 'mnist, fashion-mnist, embedded or directories of idx files')
        : new Option('--data <name>', 'mnist, fashion-mnist, embedded or a directory of idx files')
      ).default(defaultData),
      ...flagOptions(flags),
    ],
    countFlags: image.countFlags ?? '--runs',
    examples,
    prepare: async (given, { quick, seed }, surroundings) => {
      const { directory, env } = surroundings;
      const { values, words } = readFlags(flags, given);
      const texts = image.several === true ? given.data.split(',').map((text) => text.trim()) : [given.data];
      const parts: { readonly dataset: Dataset; readonly source: string }[] = [];
      for (const text of texts) {
        const request = await resolveDataRequest(text, directory);
        const { dataset, source } = await loadDataset(request, {
          env,
          cwd: directory,
          resolveFrom: [import.meta.url],
        });
        parts.push({ dataset: image.takeData?.(dataset, { ...values, quick }) ?? dataset, source });
      }
      checkDistinct(parts.map(({ dataset }) => dataset.name));
      const dataset = joinDatasets(parts.map((part) => part.dataset));
      const sources = parts.map((part) => datasetIdentity(part.dataset));
      const options = { ...values, quick, seed, data: datasetIdentity(dataset), sources };
      const spec = await image.makeSpec(options, surroundings);
      return {
        spec,
        dataset,
        introduction: [
          ...parts.map(({ dataset: { name, train, test }, source }): readonly [string, string] => [
            'data',
            `${name}, ${countText(train.count)} + ${countText(test.count)} images: ${source}`,
          ]),
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

function checkDistinct(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  throw new UsageError(`--data names ${twice} more than once; expected distinct data sets`);
}
