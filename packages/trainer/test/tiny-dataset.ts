/** A small synthetic data set: each class is a bright band of pixels with noise from an integer recurrence. */
import { type Dataset, digestDataset, type LabelledImages } from '@kindling/trainer';

const rows = 6;
const columns = 5;

function part(count: number, seed: number): LabelledImages {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  const images = new Uint8Array(count * rows * columns);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const label = i % 10;
    labels[i] = label;
    for (let p = 0; p < rows * columns; p++) {
      images[i * rows * columns + p] = (Math.floor(p / 3) === label ? 150 : 0) + (next() >> 2);
    }
  }
  return { images, labels, count, rows, columns };
}

/** Ten classes, 30 pixels. */
export function tinyDataset(trainCount = 200, testCount = 100): Dataset {
  const train = part(trainCount, 1);
  const test = part(testCount, 2);
  return { name: 'tiny', classes: 10, train, test, digest: digestDataset(train, test) };
}

/** The tiny data on a black ground: its noise cut off, so that a tenth of the pixels is left. */
export function mostlyBlackDataset(): Dataset {
  const { train, test, ...rest } = tinyDataset();
  const cut = (images: Uint8Array) => images.map((pixel) => (pixel < 150 ? 0 : pixel));
  return {
    ...rest,
    train: { ...train, images: cut(train.images) },
    test: { ...test, images: cut(test.images) },
  };
}
