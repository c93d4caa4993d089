/** How many units of a network answer to some data at all. */
import { allocateForward, type DenseNetwork, type Engine, forward, type Matrix } from '@kindling/core';

/**
 * For every ReLU layer, how many of its units are above zero at some row of `inputs`; the others are dead on them.
 *
 * @param inputs at least one row
 */
export function countActiveUnits(engine: Engine, network: DenseNetwork, inputs: Matrix): readonly number[] {
  const { arena } = engine;
  const mark = arena.mark();
  const counts: number[] = [];
  forward(engine, network, inputs, allocateForward(engine, network, inputs.rows), (layer, activations) => {
    if (network.layers[layer - 1]?.relu !== true) return;
    const { pointer, rows, columns, stride } = activations;
    const values = arena.floats(pointer, rows * stride);
    let active = 0;
    for (let unit = 0; unit < columns; unit++) {
      let row = 0;
      while (row < rows && !((values[row * stride + unit] ?? 0) > 0)) row += 1;
      if (row < rows) active += 1;
    }
    counts.push(active);
  });
  arena.release(mark);
  return counts;
}
