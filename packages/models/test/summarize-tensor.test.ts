/** Statistics: against two passes, against laws, and the same bits for pieces of any size. */
import {
  collectBytes,
  type ModelTensor,
  openModel,
  sourcesOf,
  summarizeTensor,
  tensorOfFloats,
  writeSafetensors,
} from '@kindling/models';
import { describe, expect, it } from 'vitest';
import { oneFile, safetensorsBytes, someFloats } from './model-files.js';

async function tensorOf(values: Float32Array | Float64Array): Promise<ModelTensor> {
  const bytes = await collectBytes(writeSafetensors([tensorOfFloats('a', [values.length], values)]));
  const [tensor] = (await openModel(oneFile(bytes))).tensors;
  if (tensor === undefined) throw new Error('a tensor was written');
  return tensor;
}

/** By definition, in two passes. */
function twoPasses(values: ArrayLike<number>) {
  const all = Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const moment = (power: number) => all.reduce((sum, value) => sum + (value - mean) ** power, 0) / all.length;
  return { mean, variance: moment(2), excessKurtosis: moment(4) / moment(2) ** 2 - 3 };
}

describe('summarizeTensor', () => {
  it('gives what two passes give, over many blocks', async () => {
    const values = someFloats(50_001);
    const summary = await summarizeTensor(await tensorOf(values));
    const expected = twoPasses(values);
    expect(summary.variance).toBeCloseTo(expected.variance, 14);
    expect(summary.excessKurtosis).toBeCloseTo(expected.excessKurtosis, 12);
    expect(summary.mean).toBeCloseTo(expected.mean, 15);
    // A uniform law: 1/12 and −1.2, within five standard errors.
    expect(Math.abs(summary.variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / 50_001));
    expect(Math.abs(summary.excessKurtosis + 1.2)).toBeLessThan(0.02);
    expect(summary).toMatchObject({
      count: 50_001,
      min: Math.min(...values),
      max: Math.max(...values),
      zeros: 0,
      nans: 0,
      infinities: 0,
    });
  });

  it('gives the same bits for pieces of any size', async () => {
    const tensor = await tensorOf(someFloats(20_000));
    const summary = await summarizeTensor(tensor);
    for (const maxFloats of [1000, 4096, 4097, 19_999]) {
      expect(await summarizeTensor(tensor, { maxFloats })).toEqual(summary);
    }
  });

  it('loses no digits to a large mean', async () => {
    const values = Float64Array.from(someFloats(30_000), (value) => value + 1e8);
    const { variance } = await summarizeTensor(await tensorOf(values));
    // Σx² − n·mean² would keep no digit: 1e16 · 2⁻⁵² is 2.
    expect(variance).toBeCloseTo(twoPasses(values.map((value) => value - 1e8)).variance, 9);
  });

  it.each([0.1, 1e10 / 3, 1e-300, -1.7e308])('finds no spread in %d alone', async (value) => {
    const summary = await summarizeTensor(await tensorOf(new Float64Array(4097).fill(value)));
    expect(summary).toMatchObject({ mean: value, variance: 0, excessKurtosis: Number.NaN });
  });

  it('finds the moments of numbers that differ in their last bit', async () => {
    const values = Float64Array.from({ length: 9000 }, (_, i) => 0.1 + (i % 2) * 2 ** -56);
    const { variance, excessKurtosis } = await summarizeTensor(await tensorOf(values));
    expect(variance / 2 ** -114).toBeCloseTo(1, 12);
    expect(excessKurtosis).toBeCloseTo(-2, 10);
  });

  it.each([2 ** 1020, 2 ** 300, 2 ** -300, 2 ** -1000])('loses nothing to numbers about %d', async (size) => {
    const values = Float64Array.from(someFloats(5000));
    const usual = await summarizeTensor(await tensorOf(values));
    const found = await summarizeTensor(await tensorOf(values.map((value) => value * size)));
    expect(found.mean / size).toBeCloseTo(usual.mean, 14);
    expect(found.excessKurtosis).toBeCloseTo(usual.excessKurtosis, 12);
    // Its square may be beyond f64, of which the variance then says ∞ or 0.
    expect(found.variance).toBe(usual.variance * size * size);
  });

  it('counts what is no number, and leaves it out', async () => {
    const values = Float32Array.of(
      0,
      -0,
      1,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      -1,
    );
    expect(await summarizeTensor(await tensorOf(values))).toEqual({
      count: 7,
      mean: 0,
      variance: 0.5,
      excessKurtosis: -1,
      min: -1,
      max: 1,
      zeros: 2,
      nans: 1,
      infinities: 2,
    });
  });

  it('has no moments of nothing', async () => {
    const summary = await summarizeTensor(await tensorOf(new Float32Array(0)));
    expect(summary).toMatchObject({
      count: 0,
      mean: Number.NaN,
      variance: Number.NaN,
      min: Number.POSITIVE_INFINITY,
    });
  });

  it('tells how far it is', async () => {
    const heard: unknown[] = [];
    const tensor = await tensorOf(someFloats(25));
    await summarizeTensor(tensor, { maxFloats: 10, onProgress: (progress) => heard.push(progress) });
    expect(heard).toEqual([10, 20, 25].map((done) => ({ done, total: 25 })));
  });

  it('never holds more than a piece of a large file', async () => {
    // 8 GB that are not there: a header, and zeros.
    const numbers = 2_000_000_000;
    const header = JSON.stringify({ a: { dtype: 'F32', shape: [numbers], data_offsets: [0, 4 * numbers] } });
    const start = safetensorsBytes(header);
    let most = 0;
    const main = {
      name: 'large.safetensors',
      size: start.length + 4 * numbers,
      async read(offset: number, length: number) {
        most = Math.max(most, length);
        const bytes = new Uint8Array(length);
        bytes.set(start.subarray(offset, offset + length));
        return bytes;
      },
    };
    const [tensor] = (await openModel(sourcesOf(main))).tensors;
    const stop = new Error('far enough');
    const onProgress = ({ done }: { readonly done: number }) => {
      if (done > 2_000_000) throw stop;
    };
    if (tensor === undefined) throw new Error('the file has a tensor');
    await expect(summarizeTensor(tensor, { onProgress })).rejects.toBe(stop);
    expect(most).toBe(4 * 2 ** 18);
  });
});
