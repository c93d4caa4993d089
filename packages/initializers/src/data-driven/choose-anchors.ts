/** Which data point each hidden unit is active at. */
import { type Engine, openStream, type RandomKey } from '@kindling/core';

/** The settings of `chooseAnchors`. */
export interface AnchorChoice {
  readonly mode: 'cycle' | 'uniform';
  /** How many data points there are. */
  readonly points: number;
  readonly units: number;
  readonly key: RandomKey;
}

/**
 * A data point's index for every unit. `cycle`: through the data in a random order, over and over, so that no point is used
 * twice before all were used once; the order is random because data are often sorted, and a narrow layer would see one end of
 * them. `uniform`: independent, every point as likely.
 */
export function chooseAnchors(engine: Engine, { mode, points, units, key }: AnchorChoice): number[] {
  const { arena, kernels } = engine;
  const mark = arena.mark();
  try {
    const stream = openStream(engine, key);
    if (mode === 'cycle') {
      const order = arena.allocate(4 * points);
      kernels.fill_permutation(stream, points, order);
      const view = arena.words(order, points);
      return Array.from({ length: units }, (_, unit) => view[unit % points] ?? 0);
    }
    const room = arena.allocate(4 * Math.ceil(units / 4) * 4);
    kernels.fill_words(stream, Math.ceil(units / 4), room);
    // Of 2^32 words: a point is favored by less than points / 2^32.
    return Array.from(arena.words(room, units), (word) => Math.floor((word / 2 ** 32) * points));
  } finally {
    arena.release(mark);
  }
}
