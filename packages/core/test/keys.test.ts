/** The tree of keys: what it refuses, that its branches are apart, and that it is what it was. */
import { describe, expect, it } from 'vitest';
import { deriveKey, InvalidArgumentError, keyPurpose, philox4x32, rootKey } from '../src/index.js';

describe('rootKey', () => {
  it('takes every safe integer from 0', () => {
    const keys = [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].map(rootKey);
    expect(new Set(keys.map(String)).size).toBe(6);
    for (const key of keys)
      expect(key.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32)).toBe(true);
  });

  it.each([-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses %s and says what it takes',
    (seed) => {
      expect(() => rootKey(seed)).toThrow(InvalidArgumentError);
      expect(() => rootKey(seed)).toThrow(`rootKey: seed is ${seed}; expected an integer from 0 to 2^53 − 1`);
    },
  );
});

describe('deriveKey', () => {
  const root = rootKey(1);

  it('is one Philox call, with index 0 by default', () => {
    expect(deriveKey(root, keyPurpose.trial, 7)).toEqual(
      philox4x32([root[2], root[3], keyPurpose.trial, 7], [root[0], root[1]]),
    );
    expect(deriveKey(root, keyPurpose.trial)).toEqual(deriveKey(root, keyPurpose.trial, 0));
  });

  it('gives 100,000 different keys to 100,000 branches of a tree', () => {
    // 128-bit keys: by chance alone one pair in 10^28 trees would meet.
    const keys = new Set<string>();
    for (let cell = 0; cell < 20; cell++) {
      const cellKey = deriveKey(root, keyPurpose.cell, cell);
      for (let trial = 0; trial < 1000; trial++) {
        const trialKey = deriveKey(cellKey, keyPurpose.trial, trial);
        keys.add(trialKey.join());
        for (const purpose of [
          keyPurpose.weights,
          1234, // a purpose of one's own
          keyPurpose.input,
          keyPurpose.batchOrder,
        ]) {
          keys.add(deriveKey(trialKey, purpose).join());
        }
      }
    }
    expect(keys.size).toBe(100_000);
  });

  it('depends on every word of the parent', () => {
    const children = [0, 1, 2, 3].map((at) => {
      const parent = [...root] as [number, number, number, number];
      parent[at] = (Number(parent[at]) ^ 1) >>> 0;
      return String(deriveKey(parent, keyPurpose.cell));
    });
    expect(new Set([...children, String(deriveKey(root, keyPurpose.cell))]).size).toBe(5);
  });

  it('takes indices and purposes to the end of u32, but for the purpose of streams', () => {
    expect(() => deriveKey(root, 0xfffffffe, 0xffffffff)).not.toThrow();
    expect(() => deriveKey(root, 0xffffffff)).toThrow(/purpose 0xffffffff is taken/);
  });

  it.each([-1, 1.5, 2 ** 32, Number.NaN])('refuses %s as purpose and as index', (value) => {
    expect(() => deriveKey(root, value)).toThrow(`deriveKey: purpose is ${value}`);
    expect(() => deriveKey(root, 1, value)).toThrow(`deriveKey: index is ${value}`);
  });

  it('has a purpose of its own for everything', () => {
    const purposes = Object.values<number>(keyPurpose);
    expect(new Set(purposes).size).toBe(purposes.length);
    expect(purposes).not.toContain(0xffffffff);
  });
});
