/** `kindling bits` on files that Kindling wrote itself, on one that others trained, and on what cannot be tested. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from '@kindling/core';
import { testBits } from '@kindling/diagnostics';
import {
  collectBytes,
  type FloatDType,
  type TensorToWrite,
  tensorOfFloats,
  writeSafetensors,
} from '@kindling/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawDense, emptyFolder } from './model-fixtures.js';
import { runArguments } from './run-command.js';

/** Where the package of a trained model is installed. */
const models = join(import.meta.dirname, '../../../packages/models');
let folder = '';
const at = (name: string) => join(folder, name);

async function write(name: string, tensors: readonly TensorToWrite[]): Promise<string> {
  writeFileSync(at(name), await collectBytes(writeSafetensors(tensors)));
  return at(name);
}

function drawn(name: string, seed: number, dtype: FloatDType = 'f32', shape = [60, 50]) {
  return tensorOfFloats(name, shape, drawDense('he-normal', shape[0] ?? 1, shape[1] ?? 1, seed), dtype);
}

async function jsonOf(file: string): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runArguments(['bits', file, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Record<string, unknown>;
}

beforeAll(async () => {
  folder = await emptyFolder();
});

describe('kindling bits', () => {
  it.each(['bits', 'inspect'])('%s prints for a trained file what the README says', async (command) => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const block = new RegExp(
      `\`\`\`bash\\nkindling (${command} [^\\n]+)\\n\`\`\`\\n\\n\`\`\`text\\n(.*?)\`\`\``,
      's',
    );
    const [, line = '', answer = ''] = block.exec(readme) ?? [];
    expect(line).toContain(`${command} node_modules/`);
    const { code, stdout, stderr } = await runArguments(line.split(' '), 0, models);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(answer);
  });

  it('finds nothing in fresh weights, and what training or sorting leaves', async () => {
    const sorted = drawDense('he-normal', 60, 50, 9).sort();
    const fresh = await write('fresh.safetensors', [drawn('a.weight', 1), drawn('b.weight', 2)]);
    const ordered = await write('ordered.safetensors', [
      drawn('a.weight', 1),
      tensorOfFloats('b.weight', [60, 50], sorted),
    ]);
    expect((await runArguments(['bits', fresh])).stdout).toContain('No order in the bits');
    const { stdout } = await runArguments(['bits', ordered]);
    expect(stdout).toContain(
      'Not in random order: dense weights (bits 8–15, bits 16–22, exponent, sign, numbers).',
    );
    expect(stdout).toContain('< 10⁻³⁰⁰');
    expect(stdout).not.toContain('Z of every tensor');
    expect((await runArguments(['bits', ordered, '--tensors'])).stdout).toMatch(
      /^b\.weight {4}3,000 .*−54\.7\d\d$/m,
    );
  });

  it('gives as JSON the test of every tensor, part and bit', async () => {
    const file = await write('two.safetensors', [drawn('a.weight', 1), drawn('b.weight', 2)]);
    const answer = await jsonOf(file);
    const want = testBits(createEngine(), drawDense('he-normal', 60, 50, 2));
    const tensors = answer['tensors'] as Record<string, unknown>[];
    expect(tensors[1]).toEqual({
      ...{ name: 'b.weight', shape: [60, 50], dtype: 'f32', quantization: null, type: 'dense weights' },
      ...{ size: 3000, refusal: null, parts: { ...want.groups, values: want.values } },
      ...{ bits: want.bits, shares: want.shares },
    });
    const [row] = answer['table'] as Record<string, unknown>[];
    const z = ['a.weight', 'b.weight'].map((_, i) => {
      const { parts } = tensors[i] as { parts: Record<string, { z: number }> };
      return Math.abs(parts['sign']?.z ?? 0);
    });
    expect(row).toMatchObject({
      ...{ type: 'dense weights', layers: 2, refused: 0 },
      parts: {
        sign: { z: Math.max(...z), layers: 2, tensor: (z[0] ?? 0) > (z[1] ?? 0) ? 'a.weight' : 'b.weight' },
      },
    });
    // Six parts of one type.
    expect(answer['tests']).toEqual({ familyLevel: 0.01, level: 0.01 / 6 });
  });

  it('tells layers of a kind apart by role, name and the layer of a bias', async () => {
    const numbers = (seed: number, size: number) => drawDense('he-normal', size, 1, seed);
    const file = await write('kinds.safetensors', [
      tensorOfFloats('conv1.weight', [8, 4, 3, 3], numbers(1, 288)),
      tensorOfFloats('conv1.bias', [64], numbers(2, 64)),
      tensorOfFloats('bn1.weight', [64], numbers(3, 64)),
      tensorOfFloats('bn1.bias', [64], numbers(4, 64)),
      tensorOfFloats('bn1.running_mean', [64], numbers(5, 64)),
      tensorOfFloats('bn1.running_var', [64], numbers(6, 64).map(Math.abs)),
      tensorOfFloats('fc.weight', [10, 64], numbers(7, 640)),
      tensorOfFloats('fc.bias', [64], numbers(8, 64)),
    ]);
    const tensors = (await jsonOf(file))['tensors'] as Record<string, unknown>[];
    expect(Object.fromEntries(tensors.map(({ name, type }) => [name, type]))).toEqual({
      'conv1.weight': 'convolution weights',
      'conv1.bias': 'convolution biases',
      'bn1.weight': 'normalization scales',
      'bn1.bias': 'normalization shifts',
      'bn1.running_mean': 'normalization means',
      'bn1.running_var': 'normalization variances',
      'fc.weight': 'dense weights',
      'fc.bias': 'dense biases',
    });
  });

  it('refuses half precision, quantized, rounded, equal, few and non-finite numbers, each with its reason', async () => {
    const values = drawDense('he-normal', 60, 50, 3);
    const half = values.map((x) => Math.fround(Math.round(x * 256) / 256));
    const file = await write('mixed.safetensors', [
      drawn('half.weight', 1, 'f16'),
      drawn('brain.weight', 1, 'bf16'),
      tensorOfFloats('rounded.weight', [60, 50], half),
      tensorOfFloats('zero.bias', [50], new Float32Array(50)),
      tensorOfFloats('few.bias', [5], values.slice(0, 5)),
      tensorOfFloats(
        'nan.weight',
        [60, 50],
        values.map((x, i) => (i === 7 ? Number.NaN : x)),
      ),
    ]);
    const answer = await jsonOf(file);
    const tensors = answer['tensors'] as { name: string; refusal: { code: string } }[];
    expect(Object.fromEntries(tensors.map(({ name, refusal }) => [name, refusal.code]))).toEqual({
      'half.weight': 'half-precision',
      'brain.weight': 'half-precision',
      'rounded.weight': 'patterned-bits',
      'zero.bias': 'few-values',
      'few.bias': 'few-numbers',
      'nan.weight': 'not-finite',
    });
    const { code, stdout } = await runArguments(['bits', file]);
    expect(code).toBe(0);
    expect(stdout).toContain('No tensor of this file has float32 bits that could be tested.');
    expect(stdout).toContain('half.weight: f16: as float32 its low fraction bits are all 0');
    expect(stdout).toContain('zero.bias: all its numbers are equal.');
    expect(stdout).toContain('nan.weight: 1 of its numbers is NaN or infinite.');
  });

  it('refuses what a file of TensorFlow.js says is quantized', async () => {
    mkdirSync(at('tfjs'));
    const scale = 0.002;
    const json = {
      modelTopology: {
        class_name: 'Sequential',
        config: {
          layers: [
            {
              class_name: 'Dense',
              config: { name: 'd', units: 50, use_bias: false, batch_input_shape: [null, 60] },
            },
          ],
        },
      },
      weightsManifest: [
        {
          paths: ['weights.bin'],
          weights: [
            {
              name: 'd/kernel',
              shape: [60, 50],
              dtype: 'float32',
              quantization: { dtype: 'uint8', scale, min: -0.25 },
            },
          ],
        },
      ],
    };
    writeFileSync(at('tfjs/model.json'), JSON.stringify(json));
    writeFileSync(
      at('tfjs/weights.bin'),
      Uint8Array.from({ length: 3000 }, (_, i) => (i * 37) % 256),
    );
    const [tensor] = (await jsonOf(at('tfjs')))['tensors'] as { refusal: { code: string } }[];
    expect(tensor?.refusal.code).toBe('quantized');
  });

  it.each([
    ['no-such-file', 2, 'FILE is "no-such-file", which does not exist; expected a model'],
    ['', 2, 'FILE is ""; expected a model'],
    ['empty.safetensors', 2, 'an empty file'],
    ['cut.safetensors', 1, 'cut.safetensors'],
    ['notes.txt', 1, 'notes.txt'],
    ['model.pt', 1, 'save_file'],
  ] as const)('says in one line what is wrong with %s', async (name, code, message) => {
    const bytes = await collectBytes(writeSafetensors([drawn('a.weight', 1)]));
    writeFileSync(at('empty.safetensors'), '');
    writeFileSync(at('cut.safetensors'), bytes.subarray(0, bytes.length - 9));
    writeFileSync(at('notes.txt'), 'no model at all\n');
    writeFileSync(at('model.pt'), Uint8Array.of(0x80, 0x02, 0x7d, 0x71, 0x00, 0x2e));
    const outcome = await runArguments(['bits', name], 0, folder);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr).toContain(message);
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
    expect(outcome.code).toBe(code);
  });
});
