/** What networks answer: the class of the largest output for every test image, so that two networks can be compared as functions. */
import {
  type Architecture,
  allocateNetwork,
  allocateWorkspace,
  type Engine,
  forwardNetwork,
  readImages,
} from '@kindling/core';
import { allocateBatch, gatherBatch, type ResidentDataset } from '@kindling/trainer';
import { type ParameterVector, writeVector } from './parameter-vector.js';

/** Images at a time. */
const batchSize = 500;

/**
 * By network, the class it gives each test image; of equal outputs the first, and 255 where one is NaN.
 *
 * @param architecture dense layers only, one output a class, at most 255
 * @throws InvalidArgumentError for vectors of another architecture, or data that do not fit
 */
export function testAnswers(
  engine: Engine,
  data: ResidentDataset,
  architecture: Architecture,
  vectors: readonly ParameterVector[],
): readonly Uint8Array[] {
  const mark = engine.arena.mark();
  try {
    const { count } = data.test;
    const rows = Math.min(batchSize, count);
    const network = allocateNetwork(engine, architecture);
    const workspace = allocateWorkspace(engine, network, rows);
    const room = allocateBatch(engine, data, rows);
    return vectors.map((vector) => {
      writeVector(engine, network, vector);
      const answers = new Uint8Array(count);
      for (let start = 0; start < count; start += rows) {
        const taken = Math.min(rows, count - start);
        const { input } = gatherBatch(engine, data.test, data.naturalOrder, start, taken, room);
        const outputs = readImages(engine, forwardNetwork(engine, network, input, workspace));
        for (let i = 0; i < taken; i++) {
          answers[start + i] = largestAt(outputs.subarray(i * data.classes, (i + 1) * data.classes));
        }
      }
      return answers;
    });
  } finally {
    engine.arena.release(mark);
  }
}

/** Share of the places at which two lists differ. @param a as long as `b`, at least one */
export function differingShare(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + (value === b[i] ? 0 : 1), 0) / a.length;
}

function largestAt(outputs: Float32Array): number {
  if (outputs.some(Number.isNaN)) return 255;
  return outputs.reduce((best, value, i) => (value > (outputs[best] as number) ? i : best), 0);
}
