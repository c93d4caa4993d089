/**
 * A fast random stream: four xoshiro128++ generators in SIMD lanes, seeded from a key. Which numbers come out depends
 * on the key and on how much was drawn before, in these units: normals eight at a time, uniforms, truncated normals and
 * words four at a time; a fill that ends inside a unit throws the rest of it away.
 */
import type { Engine } from '../engine.js';
import type { Pointer } from '../kernels/kernel-exports.js';
import type { RandomKey } from './keys.js';

/** Address of a stream's 64 bytes of state. */
export type Stream = Pointer;

/** A stream seeded from `key`, its state in the engine's arena (64 bytes, given back with the arena's mark). */
export function openStream(engine: Engine, key: RandomKey): Stream {
  const state = engine.arena.allocate(64);
  engine.kernels.seed_stream(state, ...key);
  return state;
}
