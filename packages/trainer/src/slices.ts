/**
 * A batch in slices: each slice's gradient is computed alone, and they are added in the order of the slices. Where a slice is
 * computed, and which of them are computed at once, changes no bit of the sum.
 */
import type { Engine, Matrix, Pointer } from '@kindling/core';
import { type BatchRoom, gatherBatch, type ResidentPart } from './batches.js';
import { softmaxCrossEntropy } from './loss.js';
import type { Trainee } from './trainee.js';

/** A batch: images order[start] … order[start + rows − 1] of an epoch's order. */
export interface BatchRange {
  readonly start: number;
  readonly rows: number;
}

/** Called with a gradient of a slice's mean loss, laid out as the parameter is; `offset` is its place in floats. */
export type SliceVisitor = (gradient: Matrix, offset: number) => void;

/** Slices of batches of one network, in one thread. */
export interface Slices {
  /** Floats of all gradients in a row, each laid out as its parameter. */
  readonly floats: number;
  /** Address of the sum of gradients, `floats` of them. */
  readonly sum: Pointer;
  /** The slice's part of the batch's loss: mean loss × rows. 0 for a slice without rows, of which nothing is visited. */
  pass(batch: BatchRange, slice: number, visit: SliceVisitor): number;
  /** What the slice's mean counts in the batch's, as f32: its share of the rows. 0 for a slice without rows. */
  weightOf(batch: BatchRange, slice: number): number;
  /** Sets the sum to zero. */
  clear(): void;
  /** sum[offset …] ← sum[offset …] + weight · gradient, `count` floats, product and sum rounded to f32. */
  add(weight: number, gradient: Pointer, offset: number, count: number): void;
  /** One step of the optimizer along the sum. */
  follow(): void;
}

/** Slice s of k has the rows ⌊s·m/k⌋ … ⌊(s + 1)·m/k⌋ − 1 of a batch of m: sizes differ by one at most, and may be 0. */
export function sliceOf({ start, rows }: BatchRange, slice: number, slices: number): BatchRange {
  const from = Math.floor((slice * rows) / slices);
  const to = Math.floor(((slice + 1) * rows) / slices);
  return { start: start + from, rows: to - from };
}

/** Rows of the largest slice. */
export function largestSlice(rows: number, slices: number): number {
  return Math.ceil(rows / slices);
}

/**
 * Room for the sum of gradients, in the arena.
 *
 * @param trainee has room for the largest slice, as `room` has
 * @param slices how many a batch has, ≥ 1
 * @throws OutOfMemoryError when there is no room
 */
export function openSlices(
  engine: Engine,
  trainee: Trainee,
  part: ResidentPart,
  room: BatchRoom,
  slices: number,
): Slices {
  const { kernels, arena } = engine;
  const { parameters } = trainee;
  const offsets = offsetsOf(parameters);
  const floats = countFloats(parameters);
  const sum = arena.allocateFloats(floats);
  const sums = parameters.map((parameter, i) => ({ ...parameter, pointer: sum + 4 * (offsets[i] ?? 0) }));
  return {
    floats,
    sum,
    pass: (batch, slice, visit) => {
      const { start, rows } = sliceOf(batch, slice, slices);
      if (rows === 0) return 0;
      const { input, labels } = gatherBatch(engine, part, room.order, start, rows, room);
      const loss = trainee.gradients(input, softmaxCrossEntropy(labels), (parameter, gradient) =>
        visit(gradient, offsets[parameter] ?? 0),
      );
      return loss * rows;
    },
    weightOf: (batch, slice) => Math.fround(sliceOf(batch, slice, slices).rows / batch.rows),
    clear: () => {
      arena.floats(sum, floats).fill(0);
    },
    add: (weight, gradient, offset, count) => kernels.axpy(count, weight, gradient, sum + 4 * offset),
    follow: () => trainee.follow(sums),
  };
}

/** Floats of all parameters in a row, with the padding of their rows. */
export function countFloats(parameters: readonly Matrix[]): number {
  return parameters.reduce((floats, { rows, stride }) => floats + rows * stride, 0);
}

/** Where each parameter begins in such a row. */
export function offsetsOf(parameters: readonly Matrix[]): readonly number[] {
  let offset = 0;
  return parameters.map(({ rows, stride }) => {
    const begin = offset;
    offset += rows * stride;
    return begin;
  });
}
