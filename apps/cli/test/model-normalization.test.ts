/** Networks with batch normalization: passed as they train, by the statistics of the batch. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeFloats } from '@kindling/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawDense, emptyFolder, npyFile } from './model-fixtures.js';
import { runArguments } from './run-command.js';

const [width, depth] = [32, 24];
let folder = '';

beforeAll(async () => {
  folder = await emptyFolder();
  await write('plain', false);
  await write('normalized', true);
});

/** Dense ReLU layers of a third of the variance they need, with and without a normalization before every ReLU. */
async function write(name: string, normalized: boolean): Promise<void> {
  const parts: Uint8Array[] = [];
  const weights: object[] = [];
  const layers: object[] = [];
  const add = (tensor: string, shape: readonly number[], values: Float32Array) => {
    weights.push({ name: tensor, shape, dtype: 'float32' });
    parts.push(encodeFloats('f32', values));
  };
  const row = (value: number) => new Float32Array(width).fill(value);
  for (let i = 0; i <= depth; i++) {
    const first = i === 0 ? { batch_input_shape: [null, width] } : {};
    const config = { name: `d${i}`, units: width, use_bias: false, activation: 'linear', ...first };
    layers.push({ class_name: 'Dense', config });
    add(`d${i}/kernel`, [width, width], drawDense('pytorch:linear', width, width, i));
    if (i === depth) continue;
    if (normalized) {
      layers.push({ class_name: 'BatchNormalization', config: { name: `n${i}`, axis: [1], epsilon: 0.001 } });
      add(`n${i}/gamma`, [width], row(1));
      add(`n${i}/beta`, [width], row(0));
      add(`n${i}/moving_mean`, [width], row(0));
      add(`n${i}/moving_variance`, [width], row(1));
    }
    layers.push({ class_name: 'Activation', config: { name: `r${i}`, activation: 'relu' } });
  }
  const json = {
    modelTopology: { class_name: 'Sequential', config: { name: 'net', layers } },
    weightsManifest: [{ paths: ['w.bin'], weights }],
  };
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, 'model.json'), JSON.stringify(json));
  await writeFile(join(folder, name, 'w.bin'), Buffer.concat(parts));
}

async function jsonOf(...argv: string[]) {
  const { code, stdout } = await runArguments([...argv, '--json']);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('batch normalization in a file', () => {
  it('restores the lengths that the same weights lose without it', async () => {
    expect(await jsonOf('diagnose', join(folder, 'plain'))).toMatchObject({ verdict: 'fm1-vanishing' });
    const found = await jsonOf('diagnose', join(folder, 'normalized'));
    expect(found).toMatchObject({ method: 'passes', verdict: 'starts' });
    // ReLU leaves half of a normalized length.
    expect(Math.abs((found['lengthDecades'] as number) - Math.log10(0.5))).toBeLessThan(0.1);
    expect((found['notes'] as string[]).join(' ')).toMatch(
      /statistics of the batch at hand, as every training does/,
    );
  });

  it('is kept by a repair, number for number', async () => {
    const out = join(folder, 'repaired');
    const answer = await jsonOf('repair', join(folder, 'normalized'), '--out', out);
    expect(answer).toMatchObject({ after: { verdict: 'starts' }, left: 4 * depth });
    const { tensors } = (await jsonOf('inspect', out)) as { tensors: { name: string; mean: number }[] };
    expect(tensors.find(({ name }) => name === 'n3/gamma')).toMatchObject({ mean: 1 });
  });

  it('takes two inputs at least', async () => {
    const data = join(folder, 'one.npy');
    await writeFile(data, npyFile([1, width], new Float32Array(width).fill(0.5)));
    const { code, stderr } = await runArguments(['diagnose', join(folder, 'normalized'), '--data', data]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/normalizes by its batch, which takes two inputs at least/);
  });
});
