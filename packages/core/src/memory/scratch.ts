/** Memory that a function may overwrite while it runs. */
import type { Engine } from '../engine.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { Pointer } from '../kernels/kernel-exports.js';

/** `floats` floats at `pointer`, between calls anybody's. */
export interface Scratch {
  readonly pointer: Pointer;
  readonly floats: number;
}

/**
 * Room for scratch.
 *
 * @throws OutOfMemoryError when there is no room
 */
export function allocateScratch(engine: Engine, floats: number): Scratch {
  return { pointer: engine.arena.allocateFloats(floats), floats };
}

/** @throws InvalidArgumentError, in the name of `caller`, when the scratch is smaller than `floats` */
export function requireScratch(caller: string, scratch: Scratch, floats: number): void {
  if (scratch.floats < floats) {
    throw new InvalidArgumentError(
      `${caller}: the scratch has ${scratch.floats} floats; expected at least ${floats}`,
    );
  }
}
