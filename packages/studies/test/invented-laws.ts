/** Laws of nets that were made up, for records without a training. */
import { philox4x32 } from '@kindling/core';
import type { NetLaw } from '../src/weight-laws/layer-statistics.js';

/** What a made-up law is. */
export interface InventedLaw {
  /** Weight matrices. */
  readonly layers: number;
  /** The same numbers for the same seed. */
  readonly seed: number;
  /** Shift of the log scales. */
  readonly scale?: number;
  /** How much the quantiles are pushed outward. */
  readonly tail?: number;
  /** Size of the chance in it; default 0.01. */
  readonly noise?: number;
}

/** A law near a uniform one, a little off by the seed. */
export function inventLaw({ layers, seed, scale = 0, tail = 0, noise = 0.01 }: InventedLaw): NetLaw {
  const chance = (i: number) => noise * (philox4x32([i, seed, 0, 0], [5, 5])[0] / 2 ** 31 - 1);
  const quantiles = (layer: number) =>
    Array.from({ length: 64 }, (_, i) => {
      const u = (i - 31.5) / 18.5;
      return u + tail * u ** 3 + chance(1000 * layer + i);
    });
  return {
    layers: Array.from({ length: layers }, (_, layer) => ({
      shape: quantiles(layer),
      logScale: scale + chance(1000 * layer + 100),
      shift: chance(1000 * layer + 101),
      excessKurtosis: tail,
      spectrum: [1.5 + scale + chance(1000 * layer + 102), 1, 0.5 + chance(1000 * layer + 103)],
    })),
    pooled: quantiles(999),
  };
}

/** A number by a text: different texts, different seeds. */
export function seedOf(text: string): number {
  let seed = 7;
  for (const letter of text) seed = (Math.imul(seed, 31) + letter.charCodeAt(0)) >>> 0;
  return seed;
}
