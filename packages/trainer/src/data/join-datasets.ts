/**
 * Several data sets as one, and one of several again: for who takes a single data set and is to see more than one. Each keeps its
 * classes, one data set's after another's.
 */
import { InvalidArgumentError } from '@kindling/core';
import type { Dataset, LabelledImages } from './dataset.js';
import { digestDataset } from './digest.js';

/** Labels are bytes. */
const mostClasses = 256;

/**
 * The images of all data sets, in order; labels count on: those of the second begin at the first's number of classes. Named
 * `first+second`, with a digest of its own. A single data set is given back as it is.
 *
 * @throws InvalidArgumentError for no data set, images of different sizes, or more than 256 classes in all
 */
export function joinDatasets(datasets: readonly Dataset[]): Dataset {
  const [first, ...others] = datasets;
  if (first === undefined) {
    throw new InvalidArgumentError('joinDatasets: no data set; expected at least one');
  }
  if (others.length === 0) return first;
  for (const { name, train } of others) {
    if (train.rows === first.train.rows && train.columns === first.train.columns) continue;
    throw new InvalidArgumentError(
      `joinDatasets: ${name} has images of ${train.rows} × ${train.columns} pixels; expected ${first.train.rows} × ${first.train.columns}, as ${first.name} has — take data sets of one size`,
    );
  }
  const classes = datasets.reduce((sum, dataset) => sum + dataset.classes, 0);
  if (classes > mostClasses) {
    throw new InvalidArgumentError(
      `joinDatasets: ${classes} classes in all; expected at most ${mostClasses} — join fewer data sets`,
    );
  }
  const [train, test] = [joinParts(datasets, 'train'), joinParts(datasets, 'test')];
  return {
    name: datasets.map(({ name }) => name).join('+'),
    classes,
    train,
    test,
    digest: digestDataset(train, test),
  };
}

function joinParts(datasets: readonly Dataset[], part: 'train' | 'test'): LabelledImages {
  const parts = datasets.map((dataset) => dataset[part]);
  const labels: number[] = [];
  let before = 0;
  for (const { classes, [part]: own } of datasets) {
    for (const label of own.labels) labels.push(before + label);
    before += classes;
  }
  const pixels = parts.reduce((sum, { images }) => sum + images.length, 0);
  const images = new Uint8Array(pixels);
  let at = 0;
  for (const own of parts) {
    images.set(own.images, at);
    at += own.images.length;
  }
  const [{ rows, columns } = { rows: 0, columns: 0 }] = parts;
  return { images, labels: Uint8Array.from(labels), count: labels.length, rows, columns };
}

/** Which classes, and what they are called together. */
export interface ClassRange {
  readonly name: string;
  /** The first. */
  readonly from: number;
  /** How many, ≥ 1. */
  readonly classes: number;
}

/**
 * The images of some classes in a row, in order; their labels begin at 0. Undoes `joinDatasets`: with the classes of one of its data sets it
 * gives the images, labels and digest of that one.
 *
 * @throws InvalidArgumentError when there are no such classes, or no image of them in either part
 */
export function selectClasses(dataset: Dataset, { name, from, classes }: ClassRange): Dataset {
  const end = from + classes;
  if (
    !(Number.isInteger(from) && Number.isInteger(end) && from >= 0 && classes >= 1 && end <= dataset.classes)
  ) {
    throw new InvalidArgumentError(
      `selectClasses: classes ${from} to ${end - 1} of ${dataset.name}; expected some of 0 to ${dataset.classes - 1}`,
    );
  }
  const [train, test] = (['train', 'test'] as const).map((part) => {
    const { images, labels, rows, columns } = dataset[part];
    const size = rows * columns;
    const places = [...labels.keys()].filter((i) => (labels[i] ?? 0) >= from && (labels[i] ?? 0) < end);
    if (places.length === 0) {
      throw new InvalidArgumentError(
        `selectClasses: ${part} of ${dataset.name} has no image of the classes ${from} to ${end - 1}; expected at least one`,
      );
    }
    const chosen = new Uint8Array(places.length * size);
    places.forEach((place, i) => {
      chosen.set(images.subarray(place * size, (place + 1) * size), i * size);
    });
    const own = Uint8Array.from(places, (place) => (labels[place] ?? 0) - from);
    return { images: chosen, labels: own, count: places.length, rows, columns };
  }) as [LabelledImages, LabelledImages];
  return { name, classes, train, test, digest: digestDataset(train, test) };
}
