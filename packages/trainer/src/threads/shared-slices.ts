/** One thread's part of every step, the same for the leader and for the others: claim slices, then add up what all have found. */
import type { Engine, Pointer } from '@kindling/core';
import type { BatchRange, Slices } from '../slices.js';
import type { StepBoard } from './step-board.js';

/** Floats that are added up at a time: small enough to stay in a core's cache through all slices. */
const blockFloats = 16_384;

/** Room for one block of a slice's gradients; in the arena. */
export function allocateStage(engine: Engine, { floats }: Slices): Pointer {
  return engine.arena.allocateFloats(Math.min(blockFloats, floats));
}

/** Computes slices of the batch until every one is claimed. */
export function passSlices(engine: Engine, slices: Slices, board: StepBoard, batch: BatchRange): void {
  for (let slice = board.claim(); slice !== null; slice = board.claim()) {
    const found = board.gradientsOf(slice);
    board.losses[slice] = slices.pass(batch, slice, ({ pointer, rows, stride }, offset) => {
      found.set(engine.arena.floats(pointer, rows * stride), offset);
    });
    board.finish();
  }
}

/** Adds the gradients of all slices in their order, and takes the step. Returns the batch's mean loss. */
export function followSlices(
  engine: Engine,
  slices: Slices,
  board: StepBoard,
  batch: BatchRange,
  stage: Pointer,
): number {
  const { floats } = slices;
  slices.clear();
  for (let offset = 0; offset < floats; offset += blockFloats) {
    const count = Math.min(blockFloats, floats - offset);
    const block = engine.arena.floats(stage, count);
    for (let slice = 0; slice < board.slices; slice++) {
      const weight = slices.weightOf(batch, slice);
      // A slice without rows has left what was there before.
      if (weight === 0) continue;
      block.set(board.gradientsOf(slice).subarray(offset, offset + count));
      slices.add(weight, stage, offset, count);
    }
  }
  slices.follow();
  let loss = 0;
  for (let slice = 0; slice < board.slices; slice++) loss += board.losses[slice] ?? 0;
  return loss / batch.rows;
}
