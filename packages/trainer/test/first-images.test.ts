/** A smaller data set from the beginning of a larger one. */
import { InvalidArgumentError } from '@kindling/core';
import { digestDataset, firstImages } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';

const { dataset } = await loadDataset('embedded');

describe('firstImages', () => {
  it('keeps the first of each part and has a digest of its own', () => {
    const few = firstImages(dataset, { train: 3, test: 2 });
    expect(few).toMatchObject({ name: dataset.name, train: { count: 3 }, test: { count: 2 } });
    expect(few.train.images).toEqual(dataset.train.images.subarray(0, 3 * 784));
    expect(few.test.labels).toEqual(dataset.test.labels.subarray(0, 2));
    expect(few.digest).toBe(digestDataset(few.train, few.test));
    expect(few.digest).not.toBe(dataset.digest);
    // A copy: the large one is not kept in memory.
    expect(few.train.images.buffer).not.toBe(dataset.train.images.buffer);
  });

  it('is the very data set where there are no more', () => {
    const { train, test } = dataset;
    expect(firstImages(dataset, { train: train.count, test: test.count + 1 })).toBe(dataset);
    expect(firstImages(dataset, { train: 1, test: test.count + 1 }).test).toBe(test);
  });

  it.each([0, 1.5, Number.NaN])('refuses %d images', (train) => {
    expect(() => firstImages(dataset, { train, test: 1 })).toThrow(InvalidArgumentError);
    expect(() => firstImages(dataset, { train, test: 1 })).toThrow(`firstImages: train is ${train}`);
  });
});
