/**
 * Hidden units have no names: a dense network computes the same whatever the order of the units of a layer. Before two networks are
 * compared or averaged number by number, the units of one are put in the order in which they look most like the other's.
 */
import { bestAssignment } from './assignment.js';
import {
  type LayerRange,
  layerRanges,
  type ParameterVector,
  requireOneArchitecture,
} from './parameter-vector.js';

/** Sweeps over the layers, or over the checkpoints; each raises the inner products, so few are needed. */
const mostSweeps = 20;

/**
 * `checkpoint` with its hidden units in the order that makes the inner product with `reference` largest: the same function, as near
 * to it as permutations bring it. Exact for one hidden layer; of several, each is solved exactly with the others held, sweep
 * after sweep, until nothing changes: a local optimum. Source: Ainsworth, Hayase & Srinivasa, Git Re-Basin, 2022, arXiv 2209.04836,
 * algorithm 1 (layers in order instead of at random).
 *
 * @throws InvalidArgumentError for two architectures, or numbers that are not finite
 */
export function matchUnits(reference: ParameterVector, checkpoint: ParameterVector): ParameterVector {
  requireOneArchitecture('matchUnits', reference, checkpoint);
  const { sizes } = reference;
  const ranges = layerRanges(sizes);
  let values = checkpoint.values;
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let moved = false;
    for (let hidden = 1; hidden < ranges.length; hidden++) {
      const [before, behind] = [ranges[hidden - 1], ranges[hidden]];
      if (before === undefined || behind === undefined) continue;
      const order = bestAssignment(likeness(reference.values, values, before, behind), before.fanOut);
      if (order.every((unit, index) => unit === index)) continue;
      values = reordered(values, order, before, behind);
      moved = true;
    }
    if (!moved) break;
  }
  return { sizes, values };
}

/**
 * Checkpoints whose units stand in one common order: each is matched to the first, then, round after round, to the mean of the
 * others, until nothing changes or twenty rounds are over. Source: Git Re-Basin, algorithm 3.
 *
 * @throws InvalidArgumentError as `matchUnits`
 */
export function matchAll(checkpoints: readonly ParameterVector[]): readonly ParameterVector[] {
  const [first] = checkpoints;
  if (first === undefined) return [];
  const { sizes } = first;
  const matched = checkpoints.map((checkpoint, index) =>
    index === 0 ? checkpoint : matchUnits(first, checkpoint),
  );
  if (matched.length < 3) return matched;
  const sum = new Float64Array(first.values.length);
  for (const { values } of matched) addTo(sum, values, 1);
  for (let round = 0; round < mostSweeps; round++) {
    let moved = false;
    for (const [index, checkpoint] of matched.entries()) {
      addTo(sum, checkpoint.values, -1);
      // The mean's scale does not change which order is best, so the sum does.
      const again = matchUnits({ sizes, values: Float32Array.from(sum) }, checkpoint);
      moved ||= again.values !== checkpoint.values;
      matched[index] = again;
      addTo(sum, again.values, 1);
    }
    if (!moved) break;
  }
  return matched;
}

function addTo(sum: Float64Array, values: Float32Array, sign: 1 | -1): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + sign * (values[i] as number);
}

/** By unit of the reference and unit of the other: the inner product of their incoming weights, biases and outgoing weights. */
function likeness(
  reference: Float32Array,
  other: Float32Array,
  before: LayerRange,
  behind: LayerRange,
): Float64Array {
  const units = before.fanOut;
  const gains = new Float64Array(units * units);
  // Incoming weights are columns, the bias one row more of them.
  for (let row = 0; row <= before.fanIn; row++) {
    const at = before.weights + row * units;
    for (let i = 0; i < units; i++) {
      const own = reference[at + i] as number;
      if (own === 0) continue;
      for (let j = 0; j < units; j++) {
        gains[i * units + j] = (gains[i * units + j] as number) + own * (other[at + j] as number);
      }
    }
  }
  for (let i = 0; i < units; i++) {
    for (let j = 0; j < units; j++) {
      const [a, b] = [behind.weights + i * behind.fanOut, behind.weights + j * behind.fanOut];
      let sum = gains[i * units + j] as number;
      for (let k = 0; k < behind.fanOut; k++) sum += (reference[a + k] as number) * (other[b + k] as number);
      gains[i * units + j] = sum;
    }
  }
  return gains;
}

/** The values with unit `order[i]` of the layer in place i: its columns and bias before it, its row behind it. */
function reordered(
  values: Float32Array,
  order: Uint32Array,
  before: LayerRange,
  behind: LayerRange,
): Float32Array {
  const result = values.slice();
  const units = before.fanOut;
  for (let i = 0; i < units; i++) {
    const from = order[i] as number;
    for (let row = 0; row <= before.fanIn; row++) {
      const at = before.weights + row * units;
      result[at + i] = values[at + from] as number;
    }
    const [target, source] = [behind.weights + i * behind.fanOut, behind.weights + from * behind.fanOut];
    for (let k = 0; k < behind.fanOut; k++) result[target + k] = values[source + k] as number;
  }
  return result;
}
