/**
 * Random keys: a tree of 128-bit names for random numbers. A key is derived from its parent, a purpose and an index
 * by one Philox call; it never depends on what was drawn before, on threads or on time. The leaf keys seed fast
 * streams (`openStream`).
 */
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { philox4x32, type Words } from './philox.js';

/** A node of the tree. Plain data: it may cross threads and be printed. */
export type RandomKey = Words;

/**
 * What a derived key is for. Values are part of the numeric contract: changing one changes every number drawn for it.
 * 0xffffffff is taken (it seeds streams).
 */
export const keyPurpose = {
  root: 0,
  cell: 1,
  trial: 2,
  weights: 3,
  biases: 4,
  input: 5,
  batchOrder: 6,
  anchors: 7,
  data: 8,
  gradient: 9,
} as const;

/**
 * The root of a user's tree.
 *
 * @param seed integer in 0 … 2^53 − 1
 * @throws InvalidArgumentError for any other number
 */
export function rootKey(seed: number): RandomKey {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new InvalidArgumentError(`rootKey: seed is ${seed}; expected an integer from 0 to 2^53 − 1`);
  }
  return philox4x32([0, 0, keyPurpose.root, 0], [seed % 2 ** 32, Math.floor(seed / 2 ** 32)]);
}

/**
 * The child of `key` for a purpose and an index: Philox of (k₂, k₃, purpose, index) under (k₀, k₁).
 *
 * @param purpose one of `keyPurpose`, or any u32 of your own but 0xffffffff
 * @param index u32, default 0
 */
export function deriveKey(key: RandomKey, purpose: number, index = 0): RandomKey {
  for (const [name, value] of [
    ['purpose', purpose],
    ['index', index],
  ] as const) {
    if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
      throw new InvalidArgumentError(
        `deriveKey: ${name} is ${value}; expected an integer from 0 to 2^32 − 1`,
      );
    }
  }
  if (purpose === 0xffffffff) {
    throw new InvalidArgumentError(
      'deriveKey: purpose 0xffffffff is taken by the seeding of streams — choose another',
    );
  }
  return philox4x32([key[2], key[3], purpose, index], [key[0], key[1]]);
}
