/** `kindling inspect` on whether a file was trained: one answer in headline, table and JSON. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, writeDenseSafetensors, writeDenseTfjs } from './model-fixtures.js';
import { runArguments } from './run-command.js';

const widths = [120, 80, 60, 10];
let folder = '';
let fresh = '';
let trained = '';

/** A direction of its own in every layer: what gradients leave. */
function changed(weights: Float32Array, layer: number): Float32Array {
  const columns = widths[layer + 1] ?? 1;
  return weights.map((w, i) => w + 0.15 * Math.sin(Math.floor(i / columns)) * Math.sin(1 + (i % columns)));
}

beforeAll(async () => {
  folder = await emptyFolder();
  fresh = await writeDenseTfjs(folder, 'fresh', { widths, initializer: 'glorot-uniform' });
  trained = await writeDenseTfjs(folder, 'trained', { widths, initializer: 'he-normal', change: changed });
});

interface Answer {
  readonly trained: { readonly probability: number; readonly words: string };
  readonly tensors: readonly {
    readonly name: string;
    readonly trained: { readonly probability: number } | null;
  }[];
}

async function jsonOf(file: string): Promise<Answer> {
  const { code, stdout } = await runArguments(['inspect', file, '--json']);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Answer;
}

describe('kindling inspect', () => {
  it('calls fresh weights so, in headline and number', async () => {
    const { stdout } = await runArguments(['inspect', fresh], 140);
    expect(stdout).toMatch(/fresh: fresh weights; 3 weight matrices, each of a law that is known\./);
    expect(stdout).toMatch(/ {2}trained +with a probability of [\d.]+ %: none of 3 weight matrices/);
    expect(stdout).toMatch(/\n *tensor .* trained/);
    const answer = await jsonOf(fresh);
    expect(answer.trained.probability).toBeLessThan(0.2);
    for (const tensor of answer.tensors) expect(tensor.trained?.probability).toBeLessThan(0.5);
  });

  it('calls changed weights trained, and says by what', async () => {
    const { stdout } = await runArguments(['inspect', trained], 140);
    expect(stdout).toMatch(
      /trained: (very probably )?trained; 3 weight matrices|trained: (very probably )?trained; of 3/,
    );
    const answer = await jsonOf(trained);
    expect(answer.trained.probability).toBeGreaterThan(0.9);
    expect(answer.trained.words).toContain('weight matrices differ from fresh ones');
    expect(answer.tensors[0]).toMatchObject({
      trained: {
        surprises: expect.arrayContaining([
          expect.objectContaining({ words: 'a direction stands out of the spectrum' }),
        ]),
      },
    });
  });

  it('says nothing of training where no weights are recognized', async () => {
    const file = await writeDenseSafetensors(join(folder, 'tiny.safetensors'), {
      widths: [2, 2],
      initializer: 'he-normal',
    });
    const answer = await jsonOf(file);
    // Four numbers, and two zeros for biases if it has some.
    expect(answer.trained === null || answer.trained.probability <= 0.5).toBe(true);
  });

  it('knows the face detector of an npm package for trained, though it is stored in bytes', async () => {
    const folder = fileURLToPath(
      new URL('../../../packages/models/node_modules/@vladmandic/face-api/model', import.meta.url),
    );
    const answer = await jsonOf(join(folder, 'tiny_face_detector_model-weights_manifest.json'));
    expect(answer.trained.probability).toBeGreaterThan(0.99);
    const { stdout } = await runArguments(
      ['inspect', join(folder, 'tiny_face_detector_model-weights_manifest.json')],
      100,
    );
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/trained with a probability of over 99.9 %/);
  });
});
