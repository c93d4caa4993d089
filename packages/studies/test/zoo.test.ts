/** The zoo of small nets: it learns what can be learned, and hands out what it was. */
import { createEngine, InvalidArgumentError, layerShapes, listParameters, rootKey } from '@kindling/core';
import { findInitializer } from '@kindling/initializers';
import { firstImages } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import { zooArchitecture, zooArchitectureNames } from '../src/zoo/architectures.js';
import { type Checkpoint, type CheckpointOptions, trainCheckpoints } from '../src/zoo/checkpoints.js';
import { zooDataset } from '../src/zoo/datasets.js';
import { zooOptimizers } from '../src/zoo/optimizers.js';

const engine = createEngine();
const { dataset } = await loadDataset('embedded');
const few = firstImages(dataset, { train: 256, test: 200 });
const sizes = { side: 28, classes: 10 };
const { initializer } = findInitializer('he-normal');
/** Where the arena stands between trainings. */
const mark = engine.arena.mark();

async function checkpoints(
  name: (typeof zooArchitectureNames)[number],
  options: Partial<CheckpointOptions> = {},
  data = few,
): Promise<readonly Checkpoint[]> {
  const found: Checkpoint[] = [];
  const given = { initializer, optimizer: zooOptimizers.adam, epochs: [0, 1], key: rootKey(3), ...options };
  const architecture = zooArchitecture(name, sizes);
  for await (const checkpoint of trainCheckpoints(engine, data, { architecture, ...given })) {
    found.push(checkpoint);
  }
  return found;
}

describe('the nets of the zoo', () => {
  it.each(zooArchitectureNames)('%s reads 28 × 28 images and has ten outputs', (name) => {
    const architecture = zooArchitecture(name, sizes);
    expect(layerShapes(architecture).at(-1)).toEqual({ height: 1, width: 1, channels: 10 });
    const numbers = listParameters(architecture).reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    expect(numbers).toBeLessThan(130_000);
  });

  it('refuses images that are too small, and a single class', () => {
    expect(() => zooArchitecture('lenet', { side: 8, classes: 10 })).toThrow(InvalidArgumentError);
    expect(() => zooArchitecture('lenet', { side: 28, classes: 1 })).toThrow(/classes is 1/);
  });
});

describe('its checkpoints', () => {
  it.each(zooArchitectureNames)('of %s hold every parameter, and training changes each', async (name) => {
    const [fresh, trained] = await checkpoints(name);
    const shapes = listParameters(zooArchitecture(name, sizes));
    expect(fresh?.tensors.map((tensor) => tensor.name)).toEqual(shapes.map((shape) => shape.name));
    fresh?.tensors.forEach(({ values, rows, columns, kind }, index) => {
      expect(values).toHaveLength(rows * columns);
      // In front of a normalization a bias changes nothing, and its gradient is rounding.
      if (kind !== 'biases') expect(trained?.tensors[index]?.values).not.toEqual(values);
    });
    expect(engine.arena.mark()).toBe(mark);
  });

  it('are the same bytes again, and those of a shorter training', async () => {
    const [, one, two] = await checkpoints('conv-8-16', { epochs: [0, 1, 2] });
    const [again] = await checkpoints('conv-8-16', { epochs: [2] });
    expect(again).toEqual(two);
    const [short] = await checkpoints('conv-8-16', { epochs: [1] });
    expect(short).toEqual(one);
  });

  it('come at steps, too, and are those of the epochs where these end', async () => {
    // 256 images in batches of 32: eight steps an epoch.
    const found = await checkpoints('conv-8-16', { epochs: [0, 2], steps: [1, 3, 8, 99] });
    expect(found.map(({ epoch, step }) => [epoch, step])).toEqual([
      [0, 0],
      [0, 1],
      [0, 3],
      [1, 8],
      [2, 16],
    ]);
    const [, one, two] = await checkpoints('conv-8-16', { epochs: [0, 1, 2] });
    expect(found.slice(3)).toEqual([one, two]);
  });

  it('start from what `prepare` makes of the net', async () => {
    const [fresh] = await checkpoints('dense-64', {
      epochs: [0],
      prepare: ({ arena }, { parameters: [first] }) => {
        if (first !== undefined) arena.floats(first.matrix.pointer, 1).fill(7);
      },
    });
    expect(fresh?.tensors[0]?.values[0]).toBe(7);
  });

  it.each([[[]], [[1, 1]], [[-1]], [[0.5]]])('refuse the epochs %j', async (epochs) => {
    await expect(checkpoints('dense-64', { epochs })).rejects.toThrow(/ascending integers/);
  });
});

describe('its data', () => {
  const accuracy = async (data: typeof few) =>
    (await checkpoints('dense-64', { epochs: [3] }, data))[0]?.testAccuracy ?? Number.NaN;

  it('can be learned where they mean something, and not where they do not', async () => {
    const [given, synthetic, random] = [
      await accuracy(few),
      await accuracy(zooDataset(few, 'synthetic', rootKey(1))),
      await accuracy(zooDataset(few, 'random-labels', rootKey(1))),
    ];
    expect(given).toBeGreaterThan(0.4);
    expect(synthetic).toBeGreaterThan(0.9);
    // 200 images: ten percent and four standard errors of 2.1.
    expect(random).toBeLessThan(0.19);
  });

  it('are drawn by their key, and say by their digest what they are', () => {
    const [one, same, other] = [1, 1, 2].map(
      (seed) => zooDataset(few, 'random-labels', rootKey(seed)).digest,
    );
    expect(same).toBe(one);
    expect(other).not.toBe(one);
    expect(zooDataset(few, 'given', rootKey(1))).toBe(few);
  });
});
