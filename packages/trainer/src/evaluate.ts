/** What a network does on a whole part of a data set, batch by batch. */
import { type DenseNetwork, type Engine, type ForwardWorkspace, forward, sumSquares } from '@kindling/core';
import { type Batch, gatherBatch, type ResidentDataset, type ResidentPart } from './batches.js';

/** What a network makes of the test images. */
export interface Evaluation {
  /**
   * Share of the images whose largest output is at their label. A row with a NaN is wrong; of equal outputs the first
   * counts.
   */
  readonly testAccuracy: number;
  /** False when some output is NaN or infinite. */
  readonly finite: boolean;
}

/** Passes every test image through the network. */
export function evaluate(
  engine: Engine,
  network: DenseNetwork,
  data: ResidentDataset,
  workspace: ForwardWorkspace,
  room: Batch,
): Evaluation {
  let correct = 0;
  let finite = true;
  for (const batch of naturalBatches(engine, data, data.test, room)) {
    const logits = forward(engine, network, batch.input, workspace);
    const { rows, columns, pointer, stride } = logits;
    correct += engine.kernels.count_correct(rows, columns, pointer, stride, batch.labels);
    finite &&= Number.isFinite(sumSquares(engine, logits));
  }
  return { testAccuracy: correct / data.test.count, finite };
}

/**
 * A hidden layer that gives zero for every training and every test image, counted from 1, or null.
 *
 * Such a layer ends learning before it for good: its units pass no gradient, so nothing in or before it ever moves, it
 * stays dead, and the output is the same for every image whatever happens behind it. Usually the first batch shows
 * every layer alive, and the search ends there.
 */
export function findDeadLayer(
  engine: Engine,
  network: DenseNetwork,
  data: ResidentDataset,
  workspace: ForwardWorkspace,
  room: Batch,
): number | null {
  const hidden = network.layers.filter((layer) => layer.relu).length;
  const suspects = new Set(Array.from({ length: hidden }, (_, index) => index + 1));
  for (const part of [data.test, data.train]) {
    for (const batch of naturalBatches(engine, data, part, room)) {
      forward(engine, network, batch.input, workspace, (layer, activations) => {
        if (suspects.has(layer) && sumSquares(engine, activations) !== 0) suspects.delete(layer);
      });
      if (suspects.size === 0) return null;
    }
  }
  return Math.min(...suspects);
}

function* naturalBatches(
  engine: Engine,
  data: ResidentDataset,
  part: ResidentPart,
  room: Batch,
): Generator<Batch> {
  for (let start = 0; start < part.count; start += room.input.rows) {
    const rows = Math.min(room.input.rows, part.count - start);
    yield gatherBatch(engine, part, data.naturalOrder, start, rows, room);
  }
}
