/** What studies take of data sets that are larger than they need. */
import { countOf, countText } from '@kindling/studies/text';
import { type Dataset, firstImages } from '@kindling/trainer';
import { UsageError } from '../usage-error.js';

/** How many images are taken where nobody says. */
export interface ImageDefaults {
  readonly trainImages: number;
  readonly testImages: number;
}

/**
 * The first images of a data set. Defaults take what there is: a small data set is no mistake of the person who chose it.
 *
 * @param images training images as `--images` says, or undefined
 * @throws UsageError for more than there are
 */
export function limitedImages(
  dataset: Dataset,
  images: number | undefined,
  { trainImages, testImages }: ImageDefaults,
): Dataset {
  const { count } = dataset.train;
  if (images !== undefined && images > count) {
    throw new UsageError(
      `--images is ${countText(images)}, and ${dataset.name} has ${countOf(count, 'training image')}; expected at most ${countText(count)}`,
    );
  }
  return firstImages(dataset, { train: images ?? trainImages, test: testImages });
}
