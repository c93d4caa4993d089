/** The first line of `kindling inspect` on unusual files: it says what matters, and no more than the probability below it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collectBytes, type TensorToWrite, tensorOfFloats, writeSafetensors } from '@kindling/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawDense, emptyFolder } from './model-fixtures.js';
import { runArguments } from './run-command.js';

let folder = '';

beforeAll(async () => {
  folder = await emptyFolder();
});

async function inspected(name: string, bytes: Uint8Array) {
  const file = join(folder, `${name}.safetensors`);
  await writeFile(file, bytes);
  const { code, stdout, stderr } = await runArguments(['inspect', `${name}.safetensors`], 80, folder);
  expect([code, stderr]).toEqual([0, '']);
  for (const line of stdout.split('\n')) expect([...line].length).toBeLessThanOrEqual(80);
  const [headline = ''] = stdout.split('\n\n');
  const json = await runArguments(['inspect', file, '--json']);
  const { trained } = JSON.parse(json.stdout) as { trained: { probability: number; words: string } | null };
  return { headline: headline.replace(/\n */g, ' '), stdout, trained };
}

async function ofTensors(name: string, tensors: readonly TensorToWrite[]) {
  return await inspected(name, await collectBytes(writeSafetensors(tensors)));
}

const matrix = (name: string, seed = 1, change = (w: Float32Array) => w) =>
  tensorOfFloats(name, [40, 60], change(drawDense('he-normal', 60, 40, seed)));

describe('the first line', () => {
  it('begins with numbers that are none', async () => {
    const one = await ofTensors('nan', [
      matrix('a.weight', 1, (w) => w.with(3, Number.NaN)),
      matrix('b.weight', 2),
    ]);
    expect(one.headline).toMatch(
      /^nan\.safetensors: 1 of 2 tensors holds NaN or infinite numbers; .*; of 2 weight matrices, 1 of a law that is known, 1 not tested\.$/,
    );
    expect(one.trained?.words).toBe('1 weight matrix does not differ from fresh ones');
    const only = await ofTensors('inf', [matrix('a.weight', 1, (w) => w.with(3, Number.POSITIVE_INFINITY))]);
    expect(only.headline).toBe(
      'inf.safetensors: its tensor holds NaN or infinite numbers; trained or not cannot be told; 1 weight matrix, not tested.',
    );
    expect(only.trained?.probability).toBe(0.5);
  });

  it('tells constants from laws', async () => {
    const { headline } = await ofTensors('constant', [matrix('a.weight', 1, (w) => w.fill(0.1))]);
    expect(headline).toMatch(/; 1 weight matrix, of one number everywhere\.$/);
  });

  it('claims nothing of training from the scales of integers', async () => {
    const header = JSON.stringify({
      'a.weight': { dtype: 'I8', shape: [32, 32], data_offsets: [0, 1024] },
      'a.scale': { dtype: 'F32', shape: [32], data_offsets: [1024, 1152] },
    });
    const bytes = new Uint8Array(8 + header.length + 1152);
    new DataView(bytes.buffer).setUint32(0, header.length, true);
    bytes.set(new TextEncoder().encode(header), 8);
    bytes.fill(7, 8 + header.length, 8 + header.length + 1024);
    const { headline, trained, stdout } = await inspected('integers', bytes);
    expect(trained).toBeNull();
    expect(headline).toBe(
      'integers.safetensors: 1 weight matrix, whose numbers are too coarse or no floats, so that no law can be told.',
    );
    expect(stdout).not.toContain('with a probability');
  });

  it('does not take a table of position biases for biases, which would be trained ones', async () => {
    const table = matrix('attn.relative_position_bias_table', 5, (w) => w.map((x) => x / 10));
    const { headline, trained } = await ofTensors('attention', [matrix('attn.proj.weight'), table]);
    expect(headline).toMatch(/^attention\.safetensors: (perhaps )?fresh weights; 1 weight matrix/);
    expect(trained?.probability).toBeLessThan(0.5);
    expect(trained?.words).not.toContain('biases');
  });

  it('stands without a table where there are no tensors', async () => {
    const { headline, stdout } = await inspected(
      'none',
      new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d]),
    );
    expect(headline).toBe('none.safetensors: no weight matrices that could be recognized.');
    expect(stdout).not.toMatch(/^Tensors/m);
  });
});
