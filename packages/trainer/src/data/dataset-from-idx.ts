/**
 * Makes a data set of four idx files, raw or gzip-compressed, and checks everything that can be checked without knowing which
 * data set it should be: formats, counts, shapes, labels. It touches neither disk nor network, so a browser uses it as Node does.
 */
import { DataFormatError } from './data-format-error.js';
import type { Dataset, LabelledImages } from './dataset.js';
import { digestDataset } from './digest.js';
import { gunzip, isGzip } from './gunzip.js';
import { type IdxArray, type IdxKind, parseIdx } from './idx.js';
import type { IdxFileRole } from './idx-file-names.js';

/** One file: its bytes and the name by which messages call it. */
export interface IdxFile {
  readonly file: string;
  /** The whole file, raw idx or gzip: told apart by the first two bytes, not by the name. */
  readonly bytes: Uint8Array;
}

/** The four files of a data set. */
export type IdxFiles = Readonly<Record<IdxFileRole, IdxFile>>;

// MNIST and the sets made to replace it have ten classes, and an idx file cannot say otherwise.
const classes = 10;

interface ReadFile {
  readonly file: string;
  readonly idx: IdxArray;
}

/**
 * Reads and checks a data set of ten classes.
 *
 * @param name What to call it (`Dataset.name`).
 * @param parts The four files. Their bytes are copied: the data set does not change with them afterwards.
 * @returns The data set with its digest.
 * @throws DataFormatError (`data-format`), naming the first file at fault, if a file is not what `parseIdx` or `gunzip`
 *   take, if it holds no image or images of no pixels, if a part has more or fewer labels than images, if a label is not
 *   0 … 9, or if training and test images differ in size.
 */
export async function datasetFromIdx(name: string, parts: IdxFiles): Promise<Dataset> {
  // One after the other: the first fault in reading order is the one reported, always the same.
  const trainImages = await read(parts.trainImages, 'images');
  const trainLabels = await read(parts.trainLabels, 'labels');
  const testImages = await read(parts.testImages, 'images');
  const testLabels = await read(parts.testLabels, 'labels');

  const train = labelled(trainImages, trainLabels);
  const test = labelled(testImages, testLabels);
  if (train.rows !== test.rows || train.columns !== test.columns) {
    throw new DataFormatError(
      `datasetFromIdx: ${testImages.file} holds images of another size than ${trainImages.file}; expected ${train.rows} × ${train.columns}, got ${test.rows} × ${test.columns} — take both files from the same data set`,
      { details: { file: testImages.file, other: trainImages.file } },
    );
  }
  return { name, classes, train, test, digest: digestDataset(train, test) };
}

async function read({ file, bytes }: IdxFile, kind: IdxKind): Promise<ReadFile> {
  return { file, idx: parseIdx(isGzip(bytes) ? await gunzip(bytes, file) : bytes, file, kind) };
}

function labelled(images: ReadFile, labels: ReadFile): LabelledImages {
  const [count = 0, rows = 0, columns = 0] = images.idx.shape;
  if (count === 0 || rows === 0 || columns === 0) {
    throw new DataFormatError(
      `datasetFromIdx: ${images.file} holds no pixels; expected at least one image of at least one pixel, got ${count} × ${rows} × ${columns} — download it again`,
      { details: { file: images.file } },
    );
  }
  const [labelCount = 0] = labels.idx.shape;
  if (labelCount !== count) {
    throw new DataFormatError(
      `datasetFromIdx: ${labels.file} does not belong to ${images.file}; expected ${count} labels, got ${labelCount} — take both files from the same part of the same data set`,
      { details: { file: labels.file, other: images.file, expected: count, got: labelCount } },
    );
  }
  const bad = labels.idx.data.findIndex((label) => label >= classes);
  if (bad >= 0) {
    throw new DataFormatError(
      `datasetFromIdx: ${labels.file} holds a label that is no class; expected 0 … ${classes - 1}, got ${labels.idx.data[bad]} for image ${bad} — use a data set of ${classes} classes, or download it again`,
      { details: { file: labels.file, image: bad } },
    );
  }
  // Copies, and plain arrays even where the caller gave Node buffers (whose `slice` shares memory).
  return {
    images: new Uint8Array(images.idx.data),
    labels: new Uint8Array(labels.idx.data),
    count,
    rows,
    columns,
  };
}
