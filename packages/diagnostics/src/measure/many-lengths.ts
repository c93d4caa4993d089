/** Lengths of many random nets in one call: numbers only, for those who sum them up themselves. */
import { allocateMatrix, deriveKey, type Engine, keyPurpose, type RandomKey } from '@kindling/core';
import { checkInitializer, type Initializer } from '@kindling/initializers';
import { checkWidths } from './check-sizes.js';
import { widest } from './drawn-layers.js';
import { openLengthWalk } from './length-walk.js';
import { checkTrials } from './measurement-progress.js';
import { allocateOneCallRoom } from './one-call-walk.js';

/** Numbers that one call of the kernel writes: 64 kB. */
const numbersPerCall = 8192;

/** The settings of `measureManyLengths`. */
export interface MeasureManyLengthsOptions {
  /** The input's width, then every ReLU layer's. */
  readonly widths: readonly number[];
  readonly initializer: Initializer;
  /** Net i is that of `measureLengths` under deriveKey(key, trial, i). */
  readonly key: RandomKey;
  /** Nets: an integer ≥ 1. */
  readonly nets: number;
}

/**
 * log(M_j / M₀) of every layer of `nets` random nets with random inputs, natural; −Infinity where a layer is dead. Element
 * i·d + j − 1 is layer j of net i, the number that `measureLengths` gives; independent symmetric weights without biases are
 * drawn and passed without leaving the kernels.
 *
 * @returns nets × d numbers, d = widths.length − 1; 8 bytes each
 * @throws InvalidArgumentError for widths, an initializer or a number of nets that cannot be
 * @throws OutOfMemoryError when there is no room for them
 */
export function measureManyLengths(
  engine: Engine,
  { widths, initializer, key, nets }: MeasureManyLengthsOptions,
): Float64Array<ArrayBuffer> {
  const caller = 'measureManyLengths';
  checkWidths(caller, widths);
  checkInitializer(caller, initializer);
  checkTrials(caller, nets);
  const { arena, kernels } = engine;
  const mark = arena.mark();
  try {
    const room = allocateOneCallRoom(engine, widths, initializer);
    const layers = widths.length - 1;
    if (room === null) {
      const walk = openLengthWalk(engine, caller, { widths, initializer });
      const logLengths = new Float64Array(nets * layers);
      for (let net = 0; net < nets; net++) {
        logLengths.set(walk(deriveKey(key, keyPurpose.trial, net)).logLengths, net * layers);
      }
      return logLengths;
    }
    const [from, to] = [1, 2].map(() => allocateMatrix(engine, 1, widest(widths)).pointer);
    // Nets a call: so that the kernels' memory does not grow with their number.
    const most = Math.max(1, Math.floor(numbersPerCall / layers));
    const out = arena.allocate(8 * most * layers);
    const { table, weights, zeros, results } = room;
    const logLengths = new Float64Array(nets * layers);
    for (let first = 0; first < nets; first += most) {
      const count = Math.min(most, nets - first);
      kernels.random_relu_nets(
        ...key,
        ...([first, count, layers, table, from ?? 0, to ?? 0, weights, zeros, results, out] as const),
      );
      logLengths.set(arena.doubles(out, count * layers), first * layers);
    }
    return logLengths;
  } finally {
    arena.release(mark);
  }
}
