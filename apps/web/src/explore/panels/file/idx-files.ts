/** A data set as the four idx files that the command reads, under the names MNIST gave them. */
import { type Dataset, type IdxFile, idxFileNames, type LabelledImages } from '@kindling/trainer';

/** The files, unpacked. */
export function idxFilesOf({ train, test }: Pick<Dataset, 'train' | 'test'>): readonly IdxFile[] {
  return [
    { file: idxFileNames.trainImages, bytes: imagesOf(train) },
    { file: idxFileNames.trainLabels, bytes: idxBytes([train.count], train.labels) },
    { file: idxFileNames.testImages, bytes: imagesOf(test) },
    { file: idxFileNames.testLabels, bytes: idxBytes([test.count], test.labels) },
  ];
}

function imagesOf({ count, rows, columns, images }: LabelledImages): Uint8Array {
  return idxBytes([count, rows, columns], images);
}

/** Two zero bytes, the type of unsigned bytes, the number of sizes, the sizes, the values. */
function idxBytes(shape: readonly number[], values: Uint8Array): Uint8Array {
  const header = 4 + 4 * shape.length;
  const bytes = new Uint8Array(header + values.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(2, 0x08);
  view.setUint8(3, shape.length);
  for (const [i, size] of shape.entries()) view.setUint32(4 + 4 * i, size);
  bytes.set(values, header);
  return bytes;
}
