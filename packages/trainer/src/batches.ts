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
 * @throws InvalidArgumentError for an empty part
 * @throws OutOfMemoryError when there is no room
 */
export function loadDatasetIntoMemory(engine: Engine, dataset: Dataset): ResidentDataset {
  const { train, test, classes } = dataset;
  const naturalOrder = engine.arena.allocate(4 * Math.max(train.count, test.count));
  const resident = { classes, train: place(engine, train), test: place(engine, test), naturalOrder };
  const order = engine.arena.words(naturalOrder, Math.max(train.count, test.count));
  for (let i = 0; i < order.length; i++) order[i] = i;
  const counts = new Array<number>(classes).fill(0);
  for (const label of test.labels) counts[label] = (counts[label] ?? 0) + 1;
  return { ...resident, largestTestClass: Math.max(...counts) / test.count };
}

function place(engine: Engine, part: LabelledImages): ResidentPart {
  const features = part.rows * part.columns;
  if (part.count < 1 || features < 1) {
    throw new InvalidArgumentError(
      `loadDatasetIntoMemory: a part has ${part.count} images of ${features} pixels; expected at least one of each`,
    );
  }
  const images = engine.arena.allocate(part.images.length);
  const labels = engine.arena.allocate(part.labels.length);
  engine.arena.bytes(images, part.images.length).set(part.images);
  engine.arena.bytes(labels, part.labels.length).set(part.labels);
  return { count: part.count, features, images, labels };
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
