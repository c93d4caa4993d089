/** Draws of the laws that are fitted, by the kernels: the same for the same number. */
import { createEngine, deriveKey, keyPurpose, openStream, rootKey } from '@kindling/core';

const engine = createEngine();

/** Names of the laws, with what parameters they are drawn. */
export type DrawnLaw =
  | { readonly law: 'normal' | 'laplace' | 'uniform'; readonly deviation: number }
  | { readonly law: 'student-t'; readonly degrees: number; readonly deviation: number };

/** `count` numbers of mean 0 and this deviation. */
export function drawLaw(drawn: DrawnLaw, count: number, number: number): Float64Array {
  const { arena, kernels } = engine;
  const mark = arena.mark();
  const stream = openStream(engine, deriveKey(rootKey(8128), keyPurpose.weights, number));
  const out = arena.allocateFloats(count);
  const reach = drawn.deviation * Math.sqrt(3);
  if (drawn.law === 'student-t') kernels.fill_student_t(stream, count, out, drawn.deviation, drawn.degrees);
  else if (drawn.law === 'normal') kernels.fill_normal(stream, count, out, drawn.deviation);
  else if (drawn.law === 'laplace') kernels.fill_laplace(stream, count, out, drawn.deviation);
  else kernels.fill_uniform(stream, count, out, -reach, reach);
  const values = Float64Array.from(arena.floats(out, count));
  arena.release(mark);
  return values;
}
