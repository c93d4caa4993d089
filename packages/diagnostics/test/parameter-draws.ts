/** Numbers for the tests of parameters: draws of the catalog's laws, and series in which neighbors resemble each other. */
import {
  allocateMatrix,
  createEngine,
  deriveKey,
  keyPurpose,
  openStream,
  readMatrix,
  rootKey,
} from '@kindling/core';
import { drawWeights, findInitializer } from '@kindling/initializers';

const engine = createEngine();

/** Weights of an initializer of the catalog, fan-in × units, in storage order; the same for the same number. */
export function drawnWeights(name: string, fanIn: number, units: number, number: number): Float32Array {
  const { initializer } = findInitializer(name);
  if (!('weights' in initializer)) throw new Error(`${name} has no law of weights`);
  const mark = engine.arena.mark();
  const matrix = allocateMatrix(engine, fanIn, units);
  const key = deriveKey(rootKey(20261121), keyPurpose.weights, number);
  drawWeights(engine, initializer.weights, { fanIn, fanOut: units }, key, matrix);
  const values = Float32Array.from(readMatrix(engine, matrix));
  engine.arena.release(mark);
  return values;
}

/** Standard normal f32, the same for the same number. */
export function normals(count: number, number: number): Float32Array {
  const mark = engine.arena.mark();
  const stream = openStream(engine, deriveKey(rootKey(4711), keyPurpose.weights, number));
  const out = engine.arena.allocateFloats(count);
  engine.kernels.fill_normal(stream, count, out, 1);
  const values = engine.arena.floats(out, count).slice();
  engine.arena.release(mark);
  return values;
}

/** x_i = ρ·x_{i−1} + √(1 − ρ²)·z_i: normal numbers of which neighbors have correlation ρ. */
export function autoregressive(count: number, rho: number, number: number): Float32Array {
  const fresh = normals(count, number);
  let last = fresh[0] ?? 0;
  return fresh.map((z, i) => {
    if (i > 0) last = rho * last + Math.sqrt(1 - rho * rho) * z;
    return last;
  });
}
