/**
 * A data set of idx files in any order and under any names: four, or one of images and one of labels, which are split. What a file is
 * is told by its content; training from test by names as MNIST has them, else by size.
 */
import {
  DataFormatError,
  type Dataset,
  datasetFromIdx,
  datasetName,
  gunzip,
  type IdxFile,
  isGzip,
  parseIdx,
} from '@kindling/trainer';

/** A data set and how it came about. */
export interface IdxDataset {
  readonly dataset: Dataset;
  /** True where one pair of files was split into training and test. */
  readonly split: boolean;
}

interface Part {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Images, or labels. */
  readonly dimensions: number;
  readonly count: number;
}

/** Of so many images one is for testing where there is one pair of files: as in MNIST, one of seven. */
const onePartIn = 7;

/** Whether a file may be idx: its first bytes say so, or that it is packed by gzip, which models are not. */
export function looksLikeIdx(head: Uint8Array): boolean {
  const [a, b, type = 0, dimensions] = head;
  return isGzip(head) || (a === 0 && b === 0 && type >= 8 && (dimensions === 1 || dimensions === 3));
}

/**
 * Reads them.
 *
 * @throws DataFormatError for a file that is damaged or is no idx file, for files that do not belong together, for another number of
 *   them than two or four
 */
export async function idxDataset(files: readonly IdxFile[]): Promise<IdxDataset> {
  const parts: Part[] = [];
  for (const { file, bytes } of files) {
    const plain = isGzip(bytes) ? await gunzip(bytes, file) : bytes;
    const { shape } = parseIdx(plain, file);
    parts.push({ file, bytes: plain, dimensions: shape.length, count: shape[0] ?? 0 });
  }
  const images = parts.filter(({ dimensions }) => dimensions === 3);
  const labels = parts.filter(({ dimensions }) => dimensions === 1);
  const [pixels, names] = [images[0], labels[0]];
  if (images.length === 1 && labels.length === 1 && pixels !== undefined && names !== undefined) {
    return { dataset: named(await datasetFromIdx('idx', splitPair(pixels, names))), split: true };
  }
  if (images.length !== 2 || labels.length !== 2) {
    throw new DataFormatError(
      `idxDataset: there are ${images.length} files of images and ${labels.length} of labels; expected one of each, or two of each (training and test) — choose them together`,
      { details: { files: files.map(({ file }) => file) } },
    );
  }
  const [trainImages, testImages] = trainFirst(images);
  const [trainLabels, testLabels] = trainFirst(labels);
  const dataset = await datasetFromIdx('idx', { trainImages, trainLabels, testImages, testLabels });
  return { dataset: named(dataset), split: false };
}

/** The name by which the command calls such files, wherever they lie. */
function named(dataset: Dataset): Dataset {
  return { ...dataset, name: datasetName(dataset.digest) };
}

/** Training and test, of two files of a kind. */
function trainFirst(pair: readonly Part[]): readonly [Part, Part] {
  const [a, b] = pair;
  if (a === undefined || b === undefined) throw new RangeError('a pair has two files');
  const isTest = ({ file }: Part) => /t10k|test|val/i.test(file);
  if (isTest(a) !== isTest(b)) return isTest(a) ? [b, a] : [a, b];
  return a.count >= b.count ? [a, b] : [b, a];
}

function splitPair(images: Part, labels: Part) {
  if (images.count < 2) {
    throw new DataFormatError(
      `idxDataset: ${images.file} holds ${images.count} ${images.count === 1 ? 'image' : 'images'}; expected two at least, to train with and to test with`,
      { details: { file: images.file } },
    );
  }
  if (labels.count !== images.count) {
    throw new DataFormatError(
      `idxDataset: ${labels.file} does not belong to ${images.file}; expected ${images.count} labels, got ${labels.count} — take both files from the same part of the same data set`,
      { details: { file: labels.file, other: images.file } },
    );
  }
  const test = Math.max(1, Math.floor(images.count / onePartIn));
  const cut = images.count - test;
  return {
    trainImages: sliceOf(images, 0, cut),
    trainLabels: sliceOf(labels, 0, cut),
    testImages: sliceOf(images, cut, images.count),
    testLabels: sliceOf(labels, cut, labels.count),
  };
}

/** Items from `first` up to `end` as an idx file of their own. */
function sliceOf({ file, bytes, dimensions, count }: Part, first: number, end: number): IdxFile {
  const header = 4 + 4 * dimensions;
  const itemBytes = (bytes.length - header) / count;
  const made = new Uint8Array(header + (end - first) * itemBytes);
  made.set(bytes.subarray(0, header));
  new DataView(made.buffer).setUint32(4, end - first);
  made.set(bytes.subarray(header + first * itemBytes, header + end * itemBytes), header);
  return { file, bytes: made };
}
