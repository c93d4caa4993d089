/** Several data sets as one, and back. */
import { InvalidArgumentError } from '@kindling/core';
import { digestDataset, joinDatasets, selectClasses } from '@kindling/trainer';
import { describe, expect, it } from 'vitest';
import { tinyDataset } from './tiny-dataset.js';

const one = { ...tinyDataset(20, 10), name: 'one' };
const two = { ...tinyDataset(30, 20), name: 'two' };
const joined = joinDatasets([one, two]);

describe('joinDatasets', () => {
  it('keeps every image, and counts labels on', () => {
    expect(joined).toMatchObject({ name: 'one+two', classes: 20, train: { count: 50 }, test: { count: 30 } });
    expect(joined.train.images.subarray(20 * 30)).toEqual(two.train.images);
    expect(joined.test.labels.subarray(10)).toEqual(two.test.labels.map((label) => label + 10));
    expect(joined.digest).toBe(digestDataset(joined.train, joined.test));
  });

  it('gives a single one back', () => {
    expect(joinDatasets([one])).toBe(one);
  });

  it('refuses none, other sizes of images and too many classes', () => {
    expect(() => joinDatasets([])).toThrow(InvalidArgumentError);
    const turned = { ...two, train: { ...two.train, rows: 5, columns: 6 } };
    expect(() => joinDatasets([one, turned])).toThrow(/two has images of 5 × 6 pixels; expected 6 × 5/);
    expect(() => joinDatasets(new Array(26).fill(one))).toThrow(/260 classes/);
  });
});

describe('selectClasses', () => {
  it('undoes the joining', () => {
    for (const [dataset, from] of [
      [one, 0],
      [two, 10],
    ] as const) {
      const again = selectClasses(joined, { name: dataset.name, from, classes: 10 });
      expect(again).toEqual(dataset);
    }
  });

  it('takes some classes of one', () => {
    const some = selectClasses(one, { name: 'some', from: 3, classes: 2 });
    expect([...some.train.labels]).toEqual([0, 1, 0, 1]);
    expect(some.train.images.subarray(0, 30)).toEqual(one.train.images.subarray(3 * 30, 4 * 30));
  });

  it.each([
    [-1, 2],
    [9, 2],
    [0, 0],
    [0.5, 1],
  ])('refuses classes from %d, %d of them', (from, classes) => {
    expect(() => selectClasses(one, { name: 'some', from, classes })).toThrow(InvalidArgumentError);
  });

  it('refuses classes without images', () => {
    const few = tinyDataset(5, 5);
    expect(() => selectClasses(few, { name: 'some', from: 6, classes: 2 })).toThrow(
      /train of tiny has no image/,
    );
  });
});
