/** What the nets of the zoo learn: images as they are, the same with labels that mean nothing, and images that are made up. */
import { deriveKey, keyPurpose, philox4x32, type RandomKey } from '@kindling/core';
import { type Dataset, digestDataset, type LabelledImages } from '@kindling/trainer';

/**
 * `given`: the data as they are. `random-labels`: their images, every label drawn anew and uniform. `synthetic`: as many images of the same
 * size, each half of its class's random pattern of 7 × 7 gray squares and half of noise.
 */
export const zooDataNames = ['given', 'random-labels', 'synthetic'] as const;

/** Data of the zoo. */
export type ZooDataName = (typeof zooDataNames)[number];

/** Squares of a pattern along a side. */
const squares = 7;

/**
 * The data called `name`, of the sizes of `dataset`; drawn by the key `data` under `key`. `given` is the very data set.
 *
 * @param dataset images of at least 7 × 7 pixels where they are to be made up
 */
export function zooDataset(dataset: Dataset, name: ZooDataName, key: RandomKey): Dataset {
  if (name === 'given') return dataset;
  const parts = (['train', 'test'] as const).map((part, index) => {
    const words = wordsOf(deriveKey(key, keyPurpose.data, index));
    const labels = randomLabels(dataset[part].count, dataset.classes, words);
    if (name === 'random-labels') return { ...dataset[part], labels };
    // The patterns are the classes': the same in both parts.
    const patterns = wordsOf(deriveKey(key, keyPurpose.data, 2));
    return madeUp({ ...dataset[part], labels }, patterns, words);
  });
  const [train, test] = parts as [LabelledImages, LabelledImages];
  return { ...dataset, name: `${dataset.name}, ${name}`, train, test, digest: digestDataset(train, test) };
}

/** Four random words by two numbers. */
type RandomWords = (i: number, j: number) => readonly [number, number, number, number];

function wordsOf(key: RandomKey): RandomWords {
  return (i, j) => philox4x32([i, j, key[2], key[3]], [key[0], key[1]]);
}

function randomLabels(count: number, classes: number, words: RandomWords): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => Math.floor((words(i, 0)[0] / 2 ** 32) * classes));
}

function madeUp(part: LabelledImages, patterns: RandomWords, words: RandomWords): LabelledImages {
  const { count, rows, columns, labels } = part;
  const images = new Uint8Array(count * rows * columns);
  const edge = [Math.ceil(rows / squares), Math.ceil(columns / squares)] as const;
  const gray = new Map<number, Uint8Array>();
  for (let image = 0; image < count; image++) {
    const label = labels[image] ?? 0;
    const pattern =
      gray.get(label) ??
      Uint8Array.from({ length: squares * squares }, (_, square) => patterns(label, square)[0] >>> 24);
    gray.set(label, pattern);
    const start = image * rows * columns;
    for (let pixel = 0; pixel < rows * columns; pixel += 4) {
      const noise = words(image, pixel + 1);
      for (let i = 0; i < 4 && pixel + i < rows * columns; i++) {
        const row = Math.floor((pixel + i) / columns);
        const square = squares * Math.floor(row / edge[0]) + Math.floor(((pixel + i) % columns) / edge[1]);
        images[start + pixel + i] = ((pattern[square] ?? 0) + ((noise[i] ?? 0) >>> 24)) >>> 1;
      }
    }
  }
  return { ...part, images };
}
