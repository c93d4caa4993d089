/** What a network does on a whole part of a data set, batch by batch. */
import {
  type DenseNetwork,
  type Engine,
  type ForwardWorkspace,
  type Network,
  type NetworkWorkspace,
  sumSquares,
} from '@kindling/core';
import { type Batch, gatherBatch, type ResidentDataset, type ResidentPart } from './batches.js';
import { clearSuspects, firstProved } from './dead-outputs.js';
import { openPassing, type Passing } from './passing.js';

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

/** A network and a workspace of its kind; that of a general one keeps all activations. */
type WithWorkspace =
  | readonly [network: DenseNetwork, data: ResidentDataset, workspace: ForwardWorkspace, room: Batch]
  | readonly [network: Network, data: ResidentDataset, workspace: NetworkWorkspace, room: Batch];

/**
 * Passes every test image through the network, in order, in batches of `room`. Batch normalization has no averages of its own:
 * it uses the statistics of each of these batches, so the numbers depend on the room's size, and on nothing else.
 *
 * @param room takes sparse rows only where the network does
 * @throws InvalidArgumentError when workspace or room do not fit the network
 */
export function evaluate(engine: Engine, ...[network, data, workspace, room]: WithWorkspace): Evaluation {
  return evaluatePassing(engine, openPassing(engine, network, workspace), data, room);
}

/** The same of a network that has its room. */
export function evaluatePassing(
  engine: Engine,
  passing: Passing,
  data: ResidentDataset,
  room: Batch,
): Evaluation {
  let correct = 0;
  let finite = true;
  for (const batch of naturalBatches(engine, data, data.test, room)) {
    const logits = passing.outputsOf(batch.input);
    const { rows, columns, pointer, stride } = logits;
    correct += engine.kernels.count_correct(rows, columns, pointer, stride, batch.labels);
    finite &&= Number.isFinite(sumSquares(engine, logits));
  }
  return { testAccuracy: correct / data.test.count, finite };
}

/**
 * A layer that gives zero for every training and every test image, counted from 1 among the architecture's layers, or null, and
 * through which everything passes: any hidden layer of a dense network; of a general one those of `findBottlenecks`, where all
 * that it says must be finite is so.
 *
 * Such a layer ends learning before it for good: its units pass no gradient, so nothing in or before it ever moves, it
 * stays dead, and the output is the same for every image whatever happens behind it. Usually the first batch shows
 * every layer alive, and the search ends there.
 *
 * @throws InvalidArgumentError when workspace or room do not fit the network
 */
export function findDeadLayer(
  engine: Engine,
  ...[network, data, workspace, room]: WithWorkspace
): number | null {
  return findDeadLayerOf(engine, openPassing(engine, network, workspace), data, room);
}

/** The same of a network that has its room. */
export function findDeadLayerOf(
  engine: Engine,
  passing: Passing,
  data: ResidentDataset,
  room: Batch,
): number | null {
  const suspects = new Set(passing.bottlenecks);
  if (suspects.size === 0) return null;
  for (const part of [data.test, data.train]) {
    for (const batch of naturalBatches(engine, data, part, room)) {
      passing.outputsOf(batch.input);
      clearSuspects(passing, suspects, batch.input.rows);
      if (suspects.size === 0) return null;
    }
  }
  return firstProved(passing, suspects);
}

/**
 * The largest share of the test images that a network can get right whose answer is the same for every image of a batch. Rows
 * are computed alike, so it is one answer for all batches: that of the largest class. Only where the network normalizes its batches
 * may the last batch, which is smaller, get another one, because its means are rounded apart.
 */
export function bestConstantAccuracy(
  engine: Engine,
  passing: Passing,
  data: ResidentDataset,
  room: Batch,
): number {
  const { count, labels } = data.test;
  const whole = count - (count % room.input.rows);
  if (!passing.normalizes || whole === 0 || whole === count) return data.largestTestClass;
  const bytes = engine.arena.bytes(labels, count);
  const largest = (from: number, to: number) => {
    const counts = new Array<number>(data.classes).fill(0);
    for (const label of bytes.subarray(from, to)) counts[label] = (counts[label] ?? 0) + 1;
    return Math.max(...counts);
  };
  return (largest(0, whole) + largest(whole, count)) / count;
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
