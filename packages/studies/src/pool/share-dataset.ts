/**
 * A data set that workers can share. Where the platform allows shared memory (Node; a cross-origin isolated page) its
 * bytes lie in one block for all workers; elsewhere each worker gets a copy through its message.
 */
import { canShareMemory, type Dataset, type LabelledImages, shareBytes } from '@kindling/trainer';

/** `dataset` with its bytes in shared memory where possible, else `dataset` itself. Equal in content. */
export function shareDataset(dataset: Dataset): Dataset {
  if (!canShareMemory()) return dataset;
  return { ...dataset, train: shareImages(dataset.train), test: shareImages(dataset.test) };
}

function shareImages(part: LabelledImages): LabelledImages {
  return { ...part, images: shareBytes(part.images), labels: shareBytes(part.labels) };
}
