/** `--images` of the studies that train on the first images of a data set: its flag, and what is taken. */
import { countOf, countText } from '@kindling/studies';
import { type Dataset, firstImages } from '@kindling/trainer';
import { type StudyFlag, wholeNumberFlag } from '../options/study-flag.js';
import { UsageError } from '../usage-error.js';

/** Images that a study takes when nothing is said. */
export interface ImageCounts {
  readonly trainImages: number;
  readonly testImages: number;
}

/** The flag. @param meaning one line for the help, defaults included */
export function imagesFlag(meaning: string): StudyFlag<number> {
  return wholeNumberFlag('--images <n>', meaning, { least: 1, most: 1_000_000 });
}

/**
 * The first images of either part.
 *
 * @param images training images, as `--images` says; undefined: the default's, or as many as there are, because a small data set is no
 *   mistake of the person who chose it
 * @throws UsageError for more than there are
 */
export function takeImages(
  dataset: Dataset,
  images: number | undefined,
  { trainImages, testImages }: ImageCounts,
): Dataset {
  const { count } = dataset.train;
  if (images !== undefined && images > count) {
    throw new UsageError(
      `--images is ${countText(images)}, and ${dataset.name} has ${countOf(count, 'training image')}; expected at most ${countText(count)}`,
    );
  }
  return firstImages(dataset, { train: images ?? trainImages, test: testImages });
}
