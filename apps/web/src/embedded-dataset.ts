/**
 * The images the page trains on: the subset of Fashion-MNIST that comes with the trainer, fetched from beside the
 * page. A server that decompresses `.gz` files on the way does no harm.
 */
import { type Dataset, datasetFromIdx, type IdxFile } from '@kindling/trainer';
import testImages from '@kindling/trainer/embedded/t10k-images-idx3-ubyte.gz?url';
import testLabels from '@kindling/trainer/embedded/t10k-labels-idx1-ubyte.gz?url';
import trainImages from '@kindling/trainer/embedded/train-images-idx3-ubyte.gz?url';
import trainLabels from '@kindling/trainer/embedded/train-labels-idx1-ubyte.gz?url';
import { DownloadFailedError } from './download-failed-error.js';

let loading: Promise<Dataset> | null = null;

/**
 * The embedded data set. Fetched at the first call; a failed fetch is tried again at the next.
 *
 * @throws DownloadFailedError when a file does not arrive.
 * @throws DataFormatError when one is damaged.
 */
export function loadEmbeddedDataset(): Promise<Dataset> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(): Promise<Dataset> {
  const [a, b, c, d] = await Promise.all([
    fetchFile(trainImages),
    fetchFile(trainLabels),
    fetchFile(testImages),
    fetchFile(testLabels),
  ]);
  return await datasetFromIdx('embedded', { trainImages: a, trainLabels: b, testImages: c, testLabels: d });
}

async function fetchFile(address: string): Promise<IdxFile> {
  const file = address.split('/').at(-1) ?? address;
  const refuse = (got: string, cause?: unknown) =>
    new DownloadFailedError(
      `loadEmbeddedDataset: the images did not arrive; expected the file ${file}, got ${got} — check the connection and press Run again`,
      { details: { file: address }, cause },
    );
  try {
    const response = await fetch(address);
    if (!response.ok) throw refuse(`the answer ${response.status}`);
    return { file, bytes: new Uint8Array(await response.arrayBuffer()) };
  } catch (error) {
    if (error instanceof DownloadFailedError) throw error;
    throw refuse(error instanceof Error ? error.message : String(error), error);
  }
}
