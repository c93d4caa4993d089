/**
 * What the nets of these studies learn: each data set that was given, and what `zooDataset` makes of it. Several data sets come as one, as
 * `joinDatasets` makes it; here they are taken apart again.
 */
import { InvalidArgumentError, rootKey } from '@kindling/core';
import { type Dataset, selectClasses } from '@kindling/trainer';
import { z } from 'zod';
import { datasetTitle } from '../report/dataset-title.js';
import type { DatasetIdentity } from '../study.js';
import { datasetIdentitySchema } from '../training/training-settings.js';
import { type ZooDataName, zooDataNames, zooDataset } from '../zoo/datasets.js';

/** Data to learn. A type, not an interface: summaries hold it as JSON. */
export type Task = {
  /** The place of its data set among `TaskData.sources`. */
  readonly source: number;
  /** As it was given, or what was made of it. */
  readonly data: ZooDataName;
};

/** The data in the spec of a study that learns several tasks. */
export interface TaskData {
  /** All data sets as one. */
  readonly data: DatasetIdentity;
  /** Each of them, in order. */
  readonly sources: readonly DatasetIdentity[];
}

/** The fields of `TaskData`, to be spread into a spec's schema. */
export const taskDataFields = {
  data: datasetIdentitySchema,
  sources: z.array(datasetIdentitySchema).min(1),
} as const;

/** A task in a spec. */
export const taskSchema = z.strictObject({
  source: z.int().min(0),
  data: z.enum(zooDataNames),
});

/** Side of the square images that all tasks have. @throws InvalidArgumentError naming the field, for data that do not fit */
export function checkTaskData(study: string, { data, sources }: TaskData, tasks: readonly Task[]): number {
  const refuse = (field: string, words: string): never => {
    throw new InvalidArgumentError(`${study}: ${field}: ${words}`, { details: { field } });
  };
  const side = Math.round(Math.sqrt(data.features));
  if (side * side !== data.features) {
    refuse('data.features', `images of ${data.features} pixels are not square; expected square ones`);
  }
  for (const part of ['classes', 'trainCount', 'testCount'] as const) {
    const sum = sources.reduce((total, source) => total + source[part], 0);
    if (sum !== data[part]) refuse('sources', `${sum} ${part} in all; expected data's ${data[part]}`);
  }
  for (const { features, classes, name } of sources) {
    if (features !== data.features)
      refuse('sources', `${name} has ${features} pixels; expected ${data.features}`);
    if (classes !== sources[0]?.classes) {
      refuse(
        'sources',
        `${name} has ${classes} classes; expected ${sources[0]?.classes}, so that all nets are alike`,
      );
    }
  }
  const names = new Set(sources.map(({ name }) => name));
  if (names.size !== sources.length) refuse('sources', 'two have one name; expected distinct names');
  const missing = tasks.find(({ source }) => source >= sources.length);
  if (missing !== undefined)
    refuse('tasks', `there is no source ${missing.source}; expected less than ${sources.length}`);
  return side;
}

/** The task in a cell's id: `mnist`, `mnist-random-labels`. */
export function taskName({ sources }: TaskData, { source, data }: Task): string {
  const name = sources[source]?.name ?? '';
  return data === 'given' ? name : `${name}-${data}`;
}

/** The task for people. */
export function taskTitle({ sources }: TaskData, { source, data }: Task): string {
  const name = datasetTitle(sources[source]?.name ?? '');
  if (data === 'given') return name;
  return data === 'synthetic' ? 'synthetic images' : `${name}, random labels`;
}

/** What was made of a data set so far in this thread, by the seed and the task. */
const made = new WeakMap<Dataset, Map<string, Dataset>>();

/**
 * The data of a task, the same for one seed.
 *
 * @param dataset the study's, as `spec.data` says
 * @throws InvalidArgumentError without data
 */
export function taskDataset(
  study: string,
  dataset: Dataset | null,
  spec: TaskData & { readonly seed: number },
  task: Task,
): Dataset {
  if (dataset === null) throw new InvalidArgumentError(`${study}: trainings need data; got none`);
  const known = made.get(dataset) ?? new Map<string, Dataset>();
  made.set(dataset, known);
  const id = `${spec.seed}/${taskName(spec, task)}`;
  const found = known.get(id) ?? makeTask(dataset, spec, task);
  known.set(id, found);
  return found;
}

function makeTask(dataset: Dataset, spec: TaskData & { readonly seed: number }, task: Task): Dataset {
  const { sources, seed } = spec;
  const { name, classes } = sources[task.source] ?? { name: dataset.name, classes: dataset.classes };
  const from = sources.slice(0, task.source).reduce((sum, source) => sum + source.classes, 0);
  const given = sources.length === 1 ? dataset : selectClasses(dataset, { name, from, classes });
  return zooDataset(given, task.data, rootKey(seed));
}
