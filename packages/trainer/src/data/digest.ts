/**
 * The fingerprint of a data set: SHA-256 over the pixels and labels in their order, and nothing else. File names, compression
 * and where the files were found do not enter, so the same data has the same digest on every machine and in a browser.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { LabelledImages } from './dataset.js';

/**
 * SHA-256 of a data set, as 64 hex digits. The bytes hashed are one header line in UTF-8,
 * `kindling-dataset 1 train C×R×K test C×R×K\n` (count, rows, columns in decimal), and after it the training images, training
 * labels, test images and test labels. The shapes fix every length, so no two data sets give the same bytes.
 *
 * @param train The training part.
 * @param test The test part.
 */
export function digestDataset(train: LabelledImages, test: LabelledImages): string {
  const hash = sha256.create();
  hash.update(utf8ToBytes(`kindling-dataset 1 train ${shapeOf(train)} test ${shapeOf(test)}\n`));
  for (const part of [train, test]) hash.update(part.images).update(part.labels);
  return bytesToHex(hash.digest());
}

function shapeOf(part: LabelledImages): string {
  return `${part.count}×${part.rows}×${part.columns}`;
}
