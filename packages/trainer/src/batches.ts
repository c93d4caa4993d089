/** A data set in the kernels' memory, and the batches made from it. Pixels stay bytes until a batch is gathered. */
import {
  allocateMatrix,
  allocateSparseRows,
  deriveKey,
  type Engine,
  firstRows,
  InvalidArgumentError,
  isSparse,
  keyPurpose,
  type NetworkInput,
  openStream,
  type Pointer,
  type RandomKey,
} from '@kindling/core';
import type { Dataset, LabelledImages } from './data/dataset.js';

/** One part of a data set in memory. */
export interface ResidentPart {
  readonly count: number;
  /** Pixels an image. */
  readonly features: number;
  readonly images: Pointer;
  readonly labels: Pointer;
}

/**
 * Batches keep only the nonzero pixels where at most this share of the training part's is not zero (MNIST 0.19, Fashion-MNIST
 * 0.50). Near 0.42 an entry costs what its share of the zeros costs in the dense product, whatever the width.
 */
export const largestSparseShare = 0.4;

/** Sparse rows count columns in 16 bits. */
const mostFeatures = 65_536;

/** A data set in memory, with 0, 1, 2, … as the order in which nothing is shuffled. */
export interface ResidentDataset {
  readonly classes: number;
  readonly train: ResidentPart;
  readonly test: ResidentPart;
  /** u32 0 … max(count) − 1. */
  readonly naturalOrder: Pointer;
  /** Whether batches keep only the nonzero pixels; decides the speed, not the numbers. */
  readonly sparse: boolean;
  /** Share of the largest class of the test part: the best that an output which ignores its input can reach. */
  readonly largestTestClass: number;
}

/** One batch: pixels in [0, 1] and labels. */
export interface Batch {
  readonly input: NetworkInput;
  readonly labels: Pointer;
}

/** Room for batches of up to `input.rows` images, and for one epoch's order. */
export interface BatchRoom extends Batch {
  /** u32, one an image of the training part. */
  readonly order: Pointer;
}

/**
 * Copies a data set into the arena: one byte a pixel.
 *
 * @throws InvalidArgumentError for an empty part, arrays that do not have the sizes the part states, or a label that is no
 *   class; nothing is allocated then
 * @throws OutOfMemoryError when there is no room
 */
export function loadDatasetIntoMemory(engine: Engine, dataset: Dataset): ResidentDataset {
  const { train, test, classes } = dataset;
  checkPart('train', train, classes);
  checkPart('test', test, classes);
  const mark = engine.arena.mark();
  try {
    const longest = Math.max(train.count, test.count);
    const naturalOrder = engine.arena.allocate(4 * longest);
    const resident = { classes, train: place(engine, train), test: place(engine, test), naturalOrder };
    const order = engine.arena.words(naturalOrder, longest);
    for (let i = 0; i < longest; i++) order[i] = i;
    const counts = new Array<number>(classes).fill(0);
    for (const label of test.labels) counts[label] = (counts[label] ?? 0) + 1;
    const largestTestClass = Math.max(...counts) / test.count;
    return { ...resident, sparse: isMostlyZero(train), largestTestClass };
  } catch (error) {
    engine.arena.release(mark);
    throw error;
  }
}

/** The kernels read these bytes unchecked, and write at the labels: so they are checked here, once. */
function checkPart(name: string, part: LabelledImages, classes: number): void {
  const { images, labels, count, rows, columns } = part;
  if (!(count >= 1 && rows * columns >= 1)) {
    throw new InvalidArgumentError(
      `loadDatasetIntoMemory: ${name} has ${count} images of ${rows} × ${columns} pixels; expected at least one of each`,
    );
  }
  if (images.length !== count * rows * columns || labels.length !== count) {
    throw new InvalidArgumentError(
      `loadDatasetIntoMemory: ${name} has ${images.length} bytes of pixels and ${labels.length} labels; expected ${count * rows * columns} and ${count}`,
    );
  }
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong !== -1) {
    throw new InvalidArgumentError(
      `loadDatasetIntoMemory: label ${wrong} of ${name} is ${labels[wrong]}; expected less than ${classes}`,
    );
  }
}

function place(engine: Engine, part: LabelledImages): ResidentPart {
  const images = engine.arena.allocate(part.images.length);
  const labels = engine.arena.allocate(part.labels.length);
  engine.arena.bytes(images, part.images.length).set(part.images);
  engine.arena.bytes(labels, part.labels.length).set(part.labels);
  return { count: part.count, features: part.rows * part.columns, images, labels };
}

/** Looks at the first thousand images: enough to tell, and nothing but the speed depends on it. */
function isMostlyZero({ images, count, rows, columns }: LabelledImages): boolean {
  const features = rows * columns;
  if (features > mostFeatures) return false;
  const looked = Math.min(count, 1000) * features;
  let nonzero = 0;
  for (let i = 0; i < looked; i++) if (images[i] !== 0) nonzero += 1;
  return nonzero <= largestSparseShare * looked;
}

/**
 * Room for batches of up to `rows` images, sparse or not as suits the data. Its numbers are not set.
 *
 * @param mayBeSparse false for a network that takes no sparse rows; default true
 */
export function allocateBatch(
  engine: Engine,
  data: Pick<ResidentDataset, 'train' | 'sparse'>,
  rows: number,
  mayBeSparse = true,
): Batch {
  const allocate = data.sparse && mayBeSparse ? allocateSparseRows : allocateMatrix;
  return { input: allocate(engine, rows, data.train.features), labels: engine.arena.allocate(rows) };
}

/** Draws the order of one epoch (epochs count from 1) into `order`: the key `batch-order`/epoch under `key`. */
export function shuffle(engine: Engine, key: RandomKey, epoch: number, count: number, order: Pointer): void {
  const mark = engine.arena.mark();
  try {
    const stream = openStream(engine, deriveKey(key, keyPurpose.batchOrder, epoch));
    engine.kernels.fill_permutation(stream, count, order);
  } finally {
    engine.arena.release(mark);
  }
}

/**
 * Gathers images order[start] … order[start + rows − 1] of `part` into the room; pixels times 1/255.
 *
 * @param room as `allocateBatch` gives it, for `rows` images at least
 */
export function gatherBatch(
  engine: Engine,
  part: ResidentPart,
  order: Pointer,
  start: number,
  rows: number,
  room: Batch,
): Batch {
  const { kernels } = engine;
  const { images, features } = part;
  const index = order + 4 * start;
  kernels.gather_labels(rows, index, part.labels, room.labels);
  if (isSparse(room.input)) {
    const { starts, entryColumns, values } = room.input;
    kernels.gather_sparse_pixels(rows, index, images, features, starts, entryColumns, values);
    return { input: { ...room.input, rows }, labels: room.labels };
  }
  const input = firstRows(room.input, rows);
  kernels.gather_pixels(rows, index, images, features, input.pointer, input.stride);
  return { input, labels: room.labels };
}
