/** A smaller data set from the beginning of a larger one. */
import { InvalidArgumentError } from '@kindling/core';
import type { Dataset, LabelledImages } from './dataset.js';
import { digestDataset } from './digest.js';

/**
 * The first images of either part, with a digest of their own; the very same data set where it has no more of either.
 *
 * @param counts images to keep, integers ≥ 1; a part that has fewer stays whole
 * @throws InvalidArgumentError for a count that is no integer ≥ 1
 */
export function firstImages(
  dataset: Dataset,
  counts: { readonly train: number; readonly test: number },
): Dataset {
  for (const part of ['train', 'test'] as const) {
    if (!(Number.isSafeInteger(counts[part]) && counts[part] >= 1)) {
      throw new InvalidArgumentError(`firstImages: ${part} is ${counts[part]}; expected an integer ≥ 1`);
    }
  }
  const train = cut(dataset.train, counts.train);
  const test = cut(dataset.test, counts.test);
  if (train === dataset.train && test === dataset.test) return dataset;
  return { ...dataset, train, test, digest: digestDataset(train, test) };
}

/** Copies: the large data set need not stay in memory, nor be sent to workers, for the small one's sake. */
function cut(part: LabelledImages, count: number): LabelledImages {
  if (count >= part.count) return part;
  return {
    ...part,
    count,
    images: part.images.slice(0, count * part.rows * part.columns),
    labels: part.labels.slice(0, count),
  };
}
