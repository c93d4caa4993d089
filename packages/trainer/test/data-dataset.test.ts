import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  DataFormatError,
  type Dataset,
  datasetFromIdx,
  digestDataset,
  type IdxFileRole,
  idxFileNames,
  idxFileRoles,
} from '../src/data/index.js';
import { asParts, compressed, idxFile, rejection, seededBytes, smallFiles } from './data-fixtures.js';

function load(changed: Partial<Record<IdxFileRole, Uint8Array>> = {}): Promise<Dataset> {
  return datasetFromIdx('small', asParts({ ...smallFiles(), ...changed }));
}

async function refusal(changed: Partial<Record<IdxFileRole, Uint8Array>>): Promise<DataFormatError> {
  const error = await rejection(load(changed));
  if (error instanceof DataFormatError) return error;
  throw error;
}

describe('datasetFromIdx', () => {
  it('reads the four files, raw and compressed alike', async () => {
    const raw = await load();
    const files = smallFiles();
    expect(raw).toMatchObject({ name: 'small', classes: 10 });
    expect(raw.train).toMatchObject({ count: 20, rows: 3, columns: 4 });
    expect(raw.test).toMatchObject({ count: 10, rows: 3, columns: 4 });
    expect([...raw.train.images]).toEqual([...files.trainImages.subarray(16)]);
    expect([...raw.test.labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await load(compressed(files))).toEqual(raw);
  });

  it('owns its bytes, as plain arrays, whatever the caller does with the files afterwards', async () => {
    const files = smallFiles();
    const parts = asParts({
      ...files,
      trainImages: Buffer.from(files.trainImages),
      trainLabels: files.trainLabels,
    });
    const dataset = await datasetFromIdx('small', parts);
    for (const role of idxFileRoles) parts[role].bytes.fill(0);
    expect(dataset.digest).toBe((await load()).digest);
    expect(digestDataset(dataset.train, dataset.test)).toBe(dataset.digest);
    expect(Buffer.isBuffer(dataset.train.images)).toBe(false);
    expect(dataset.train.images.buffer.byteLength).toBe(20 * 12);
  });

  it('refuses labels and images that were swapped', async () => {
    const { trainImages, trainLabels } = smallFiles();
    const error = await refusal({ trainImages: trainLabels, trainLabels: trainImages });
    expect(error.message).toContain(`${idxFileNames.trainImages} holds labels where images should be`);
  });

  it('refuses a part with more or fewer labels than images', async () => {
    for (const count of [0, 19, 21]) {
      const error = await refusal({ trainLabels: idxFile([count], new Uint8Array(count)) });
      expect(error.message).toContain(
        `${idxFileNames.trainLabels} does not belong to ${idxFileNames.trainImages}; expected 20 labels, got ${count}`,
      );
    }
    // The other part's labels have the wrong count too: the usual mistake.
    expect((await refusal({ trainLabels: smallFiles().testLabels })).details).toMatchObject({
      expected: 20,
      got: 10,
    });
  });

  it('refuses a label of 10 and more, and says which image it belongs to', async () => {
    for (const label of [10, 255]) {
      const labels = new Uint8Array(10);
      labels[7] = label;
      const error = await refusal({ testLabels: idxFile([10], labels) });
      expect(error.message).toContain(`expected 0 … 9, got ${label} for image 7`);
      expect(error.details).toMatchObject({ file: idxFileNames.testLabels, image: 7 });
    }
  });

  it('refuses images of no rows, no columns, and no images', async () => {
    for (const shape of [
      [20, 0, 4],
      [20, 3, 0],
      [0, 3, 4],
    ]) {
      expect((await refusal({ trainImages: idxFile(shape, []) })).message).toContain(
        `holds no pixels; expected at least one image of at least one pixel, got ${shape.join(' × ')}`,
      );
    }
  });

  it('refuses test images of another size than the training images', async () => {
    const error = await refusal({ testImages: idxFile([10, 4, 3], new Uint8Array(120)) });
    expect(error.message).toContain('expected 3 × 4, got 4 × 3');
  });

  it('refuses an empty file and a truncated one, raw and compressed, naming it', async () => {
    for (const files of [smallFiles(), compressed(smallFiles())]) {
      for (const role of idxFileRoles) {
        for (const length of [0, files[role].length - 1]) {
          const error = await refusal({ ...files, [role]: files[role].subarray(0, length) });
          expect(error.details).toMatchObject({ file: idxFileNames[role] });
          expect(error.message).toMatch(length === 0 ? /is empty/ : /truncated/);
        }
      }
    }
  });

  it('gives a data set or a typed error, soon, for any damage', async () => {
    const next = seededBytes(20_260_801);
    const below = (limit: number) => ((next() << 16) | (next() << 8) | next()) % limit;
    const outcomes = { dataset: 0, refused: 0 };
    let slowest = 0;
    for (let round = 0; round < 600; round += 1) {
      const files = round % 2 === 0 ? smallFiles() : compressed(smallFiles());
      const role = idxFileRoles[below(4)] ?? 'trainImages';
      const bytes = files[role].slice();
      // Half of the damage goes where the headers are: elsewhere a raw file has little to check.
      for (let changes = 1 + below(3); changes > 0; changes -= 1) {
        bytes[below(next() < 128 ? Math.min(16, bytes.length) : bytes.length)] = next();
      }
      const cut = next() < 64 ? bytes.subarray(0, below(bytes.length)) : bytes;
      const started = performance.now();
      const outcome = await load({ ...files, [role]: cut }).catch((error: unknown) => error);
      slowest = Math.max(slowest, performance.now() - started);
      if (outcome instanceof DataFormatError) {
        outcomes.refused += 1;
        expect(outcome.details['file']).toBe(idxFileNames[role]);
      } else {
        expect(outcome).toMatchObject({ name: 'small', train: { count: 20, rows: 3, columns: 4 } });
        outcomes.dataset += 1;
      }
    }
    // Both must happen, or the test has shown nothing.
    expect(outcomes.dataset).toBeGreaterThan(50);
    expect(outcomes.refused).toBeGreaterThan(200);
    expect(slowest).toBeLessThan(2000);
  });
});

describe('digestDataset', () => {
  it('is SHA-256 over the header line and the four arrays, as documented', async () => {
    const { train, test, digest } = await load();
    const expected = createHash('sha256')
      .update('kindling-dataset 1 train 20×3×4 test 10×3×4\n')
      .update(train.images)
      .update(train.labels)
      .update(test.images)
      .update(test.labels)
      .digest('hex');
    expect(digest).toBe(expected);
  });

  it('changes with every pixel, label, shape and part, and not with the name', async () => {
    const { train, test, digest } = await load();
    const flipped = (bytes: Uint8Array, at: number) =>
      bytes.map((value, index) => (index === at ? value ^ 1 : value));
    const others = [
      digestDataset({ ...train, images: flipped(train.images, 0) }, test),
      digestDataset({ ...train, images: flipped(train.images, 239) }, test),
      digestDataset({ ...train, labels: flipped(train.labels, 19) }, test),
      digestDataset(train, { ...test, images: flipped(test.images, 5) }),
      digestDataset(train, { ...test, labels: flipped(test.labels, 5) }),
      digestDataset({ ...train, rows: 4, columns: 3 }, test),
      digestDataset(test, train),
    ];
    expect(new Set([digest, ...others]).size).toBe(others.length + 1);
    expect((await datasetFromIdx('other', asParts(smallFiles()))).digest).toBe(digest);
  });
});
