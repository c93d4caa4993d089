/** A data set in the kernels' memory, and the batches made from it. Pixels stay bytes until a batch is gathered. */
import {
  deriveKey,
  type Engine,
  firstRows,
  InvalidArgumentError,
  keyPurpose,
  type Matrix,
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

/** A data set in memory, with 0, 1, 2, … as the order in which nothing is shuffled. */
export interface ResidentDataset {
  readonly classes: number;
  readonly train: ResidentPart;
  readonly test: ResidentPart;
  /** u32 0 … max(count) − 1. */
  readonly naturalOrder: Pointer;
  /** Share of the largest class of the test part: the best that an output which ignores its input can reach. */
  readonly largestTestClass: number;
}

/** One batch: pixels in [0, 1] and labels. */
export interface Batch {
  readonly input: Matrix;
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
    return { ...resident, largestTestClass: Math.max(...counts) / test.count };
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

/** Draws the order of one epoch (epochs count from 1) into `order`: the key `batch-order`/epoch under `key`. */
export function shuffle(engine: Engine, key: RandomKey, epoch: number, count: number, order: Pointer): void {
  const mark = engine.arena.mark();
  const stream = openStream(engine, deriveKey(key, keyPurpose.batchOrder, epoch));
  engine.kernels.fill_permutation(stream, count, order);
  engine.arena.release(mark);
}

/** Gathers images order[start] … order[start + rows − 1] of `part` into the room; pixels times 1/255. */
export function gatherBatch(
  engine: Engine,
  part: ResidentPart,
  order: Pointer,
  start: number,
  rows: number,
  room: Batch,
): Batch {
  const input = firstRows(room.input, rows);
  const index = order + 4 * start;
  engine.kernels.gather_pixels(rows, index, part.images, part.features, input.pointer, input.stride);
  engine.kernels.gather_labels(rows, index, part.labels, room.labels);
  return { input, labels: room.labels };
}
