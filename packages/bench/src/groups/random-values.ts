/** Inputs of benchmarks: the same numbers in every run, drawn by Kindling's own generator. */
import { createEngine, deriveKey, keyPurpose, openStream, rootKey } from '@kindling/core';

const engine = createEngine();

/** `count` numbers, normal with mean 0. @param name which numbers: another name, other numbers */
export function normalValues(name: number, count: number, deviation: number): Float32Array<ArrayBuffer> {
  const mark = engine.arena.mark();
  try {
    const room = engine.arena.allocateFloats(count);
    const stream = openStream(engine, deriveKey(rootKey(1), keyPurpose.trial, name));
    engine.kernels.fill_normal(stream, count, room, deviation);
    return engine.arena.floats(room, count).slice();
  } finally {
    engine.arena.release(mark);
  }
}
