/**
 * Lengths of one random network of any architecture, measured by drawing it: one layer, a residual block being one, is in memory at a
 * time, whatever the depth. What stands between two layers is rescaled by an exact power of two where its mean square leaves the range in
 * which f32 squares well, biases with it, and the power is carried along: without biases a network is homogeneous, and its depth has no
 * limit. A batch normalization is not, and gets the true numbers. Within one block numbers may still leave the range of f32;
 * then the length of the block and of all layers behind it is NaN.
 */
import type { Engine, RandomKey } from '@kindling/core';
import { type NetworkMeasurement, type NetworkWalkOptions, openNetworkWalk } from './network-walk.js';

/** The settings of `measureNetworkLengths`. */
export interface MeasureNetworkOptions extends NetworkWalkOptions {
  /** Every number of this net derives from it; its parameters are those of `initializeParameters`. */
  readonly key: RandomKey;
}

/**
 * Draws a net and passes inputs through it: `input`, else rows of `data`, else random ones. For networks of dense ReLU layers the lengths
 * are those of `measureLengths`, bit by bit.
 *
 * @throws InvalidArgumentError for inputs or a batch that cannot be; an initializer out of range, or one that looks at data
 */
export function measureNetworkLengths(engine: Engine, options: MeasureNetworkOptions): NetworkMeasurement {
  const mark = engine.arena.mark();
  try {
    return openNetworkWalk(engine, 'measureNetworkLengths', options)(options.key);
  } finally {
    engine.arena.release(mark);
  }
}
