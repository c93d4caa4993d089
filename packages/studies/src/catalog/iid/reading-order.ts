/** The numbers of a tensor in the orders in which they are tested. */
import { type Engine, openStream, type RandomKey } from '@kindling/core';
import type { NamedTensor } from '../../zoo/checkpoints.js';

/**
 * The order in which numbers are read. `stored`: input by input, as Keras stores them: neighbors belong to different units (H, W, I, O of a
 * kernel). `by-unit`: unit by unit, as PyTorch stores them: neighbors are a unit's weights of neighboring pixels (O, I, H, W).
 * `shuffled`: at random.
 */
export type ReadingOrder = 'stored' | 'by-unit' | 'shuffled';

/** Every `ReadingOrder`. */
export const readingOrders: readonly ReadingOrder[] = ['stored', 'by-unit', 'shuffled'];

/**
 * The numbers in that order.
 *
 * @param taps places of a kernel, whose channels stand side by side in each of them; 1 for what is no kernel
 * @param key for `shuffled`
 */
export function inOrder(
  engine: Engine,
  { rows, columns, values }: Pick<NamedTensor, 'rows' | 'columns' | 'values'>,
  { order, taps, key }: { readonly order: ReadingOrder; readonly taps: number; readonly key: RandomKey },
): Float32Array {
  if (order === 'stored') return values;
  if (order === 'by-unit') {
    const channels = rows / taps;
    return Float32Array.from(values, (_, i) => {
      // Rows hold the channels of a tap in turn; read are the taps of a channel.
      const place = i % rows;
      const row = (place % taps) * channels + Math.floor(place / taps);
      return values[row * columns + Math.floor(i / rows)] as number;
    });
  }
  const places = permutation(engine, values.length, key);
  return Float32Array.from(values, (_, i) => values[places[i] as number] as number);
}

/** 0 … count − 1 in random order. */
export function permutation(engine: Engine, count: number, key: RandomKey): Uint32Array {
  const { arena, kernels } = engine;
  const mark = arena.mark();
  const stream = openStream(engine, key);
  const order = arena.allocate(4 * count);
  kernels.fill_permutation(stream, count, order);
  const places = arena.words(order, count).slice();
  arena.release(mark);
  return places;
}
