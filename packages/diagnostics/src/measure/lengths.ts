/**
 * Lengths of one random net, measured by drawing its matrices: one layer at a time where the initializer allows it, so the
 * memory is that of two layers, whatever the depth. Activations that drift out of the range in which f32 squares well are
 * rescaled by an exact power of two, biases with them, and the power is carried along (`passLayer`), so depth 1,000 works
 * for every initializer.
 */
import type { Engine, RandomKey } from '@kindling/core';
import { type LengthMeasurement, type LengthWalkOptions, openLengthWalk } from './length-walk.js';

/** The settings of `measureLengths`. */
export interface MeasureLengthsOptions extends LengthWalkOptions {
  /** Every number of this net derives from it. */
  readonly key: RandomKey;
}

/**
 * Draws a net, biases too, and passes one input through it: `input`, else a point of `data`, else a direction uniform on the
 * sphere with M₀ = `inputLength`. Which point or direction is decided by the key.
 *
 * @throws InvalidArgumentError for bad widths; an input of the wrong width, all zeros or not finite; an initializer out of
 *   range, or one that needs data and got none
 */
export function measureLengths(engine: Engine, options: MeasureLengthsOptions): LengthMeasurement {
  const mark = engine.arena.mark();
  try {
    const { lengths, logLengths } = openLengthWalk(engine, 'measureLengths', options)(options.key);
    return { lengths, logLengths };
  } finally {
    engine.arena.release(mark);
  }
}
