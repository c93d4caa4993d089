/** Many nets in one call are the nets one by one: the same bits, whatever the initializer. */
import { createEngine, deriveKey, keyPurpose, rootKey } from '@kindling/core';
import { findInitializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { measureLengths, measureManyLengths } from '../src/index.js';

const engine = createEngine();
const key = rootKey(11);

describe('measureManyLengths', () => {
  it.each([
    'he-normal',
    'he-uniform',
    'he-truncated-normal',
    'tfjs:he-normal',
    'lecun-uniform',
    'pytorch:linear',
    'he-laplace',
    'orthogonal',
  ])('gives for %s what measureLengths gives', (name) => {
    const { initializer } = findInitializer(name);
    for (const widths of [[3, 4, 5, 1, 9], new Array<number>(41).fill(7)]) {
      const layers = widths.length - 1;
      const used = engine.arena.usedBytes;
      const many = measureManyLengths(engine, { widths, initializer, key, nets: 20 });
      expect(engine.arena.usedBytes).toBe(used);
      const single = Array.from({ length: 20 }, (_, net) => {
        const own = deriveKey(key, keyPurpose.trial, net);
        return measureLengths(engine, { widths, initializer, key: own }).logLengths;
      });
      expect(
        Array.from({ length: 20 }, (_, net) => [...many.slice(net * layers, (net + 1) * layers)]),
      ).toEqual(single);
    }
  });

  it('takes the same memory for any number of nets, and goes on where a call of the kernel ends', () => {
    const { initializer } = findInitializer('he-normal');
    const widths = new Array<number>(11).fill(3);
    const bytes = [100, 2000].map((nets) => {
      const fresh = createEngine();
      const many = measureManyLengths(fresh, { widths, initializer, key, nets });
      const own = deriveKey(key, keyPurpose.trial, nets - 1);
      expect([...many.slice(-10)]).toEqual(
        measureLengths(engine, { widths, initializer, key: own }).logLengths,
      );
      return fresh.arena.peakBytes;
    });
    expect(bytes[1]).toBe(bytes[0]);
  });

  it('tells dead nets, and gives other keys other nets', () => {
    const { initializer } = findInitializer('he-normal');
    const options = { widths: new Array<number>(31).fill(2), initializer, nets: 50 };
    const some = measureManyLengths(engine, { ...options, key });
    expect([...some].filter((x) => x === Number.NEGATIVE_INFINITY).length).toBeGreaterThan(50);
    expect(some).not.toEqual(measureManyLengths(engine, { ...options, key: rootKey(12) }));
  });

  it('refuses what cannot be', () => {
    const { initializer } = findInitializer('he-normal');
    expect(() => measureManyLengths(engine, { widths: [3], initializer, key, nets: 1 })).toThrow(
      'measureManyLengths',
    );
    expect(() => measureManyLengths(engine, { widths: [3, 3], initializer, key, nets: 0 })).toThrow(
      'measureManyLengths',
    );
  });
});
