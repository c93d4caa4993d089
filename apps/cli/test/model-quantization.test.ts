/** Models of TensorFlow.js that are quantized: statistics are those of the numbers, laws where rounding leaves them, bits never. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeFloats } from '@kindling/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawDense, emptyFolder } from './model-fixtures.js';
import { runArguments } from './run-command.js';

const size = 60;
let folder = '';
const kernel = drawDense('he-normal', size, size, 3);
const [least, most] = [Math.min(...kernel), Math.max(...kernel)];

interface Quantized {
  readonly quantization: Readonly<Record<string, unknown>>;
  readonly bytes: Uint8Array;
  /** What TensorFlow.js makes of the bytes. */
  readonly numbers: Float32Array;
}

function inSteps(dtype: 'uint8' | 'uint16'): Quantized {
  const steps = dtype === 'uint8' ? 255 : 65_535;
  const scale = (most - least) / steps;
  const codes = Uint16Array.from(kernel, (w) => Math.round((w - least) / scale));
  const bytes = dtype === 'uint8' ? Uint8Array.from(codes) : new Uint8Array(codes.buffer);
  return {
    quantization: { dtype, scale, min: least, original_dtype: 'float32' },
    bytes,
    numbers: Float32Array.from(codes, (code) => code * scale + least),
  };
}

/** Half precision, decoded by the formula of IEEE 754. */
function inHalves(): Quantized {
  const bytes = encodeFloats('f16', kernel);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const numbers = Float32Array.from({ length: kernel.length }, (_, i) => {
    const bits = view.getUint16(2 * i, true);
    const [sign, exponent, fraction] = [bits >= 0x8000 ? -1 : 1, (bits >> 10) & 31, (bits & 1023) / 1024];
    return exponent === 0 ? sign * fraction * 2 ** -14 : sign * (1 + fraction) * 2 ** (exponent - 15);
  });
  return { quantization: { dtype: 'float16', original_dtype: 'float32' }, bytes, numbers };
}

const kinds = { uint8: inSteps('uint8'), uint16: inSteps('uint16'), float16: inHalves() };
const names = ['uint8', 'uint16', 'float16'] as const;

beforeAll(async () => {
  folder = await emptyFolder();
  for (const [name, { quantization, bytes }] of Object.entries(kinds)) {
    const layer = {
      class_name: 'Dense',
      config: {
        name: 'dense',
        units: size,
        use_bias: false,
        activation: 'relu',
        batch_input_shape: [null, size],
      },
    };
    const weights = [{ name: 'dense/kernel', shape: [size, size], dtype: 'float32', quantization }];
    const json = {
      format: 'layers-model',
      modelTopology: { class_name: 'Sequential', config: { name: 'net', layers: [layer] } },
      weightsManifest: [{ paths: ['a.bin'], weights }],
    };
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'model.json'), JSON.stringify(json));
    await writeFile(join(folder, name, 'a.bin'), bytes);
  }
});

async function jsonOf(...argv: string[]) {
  const { code, stdout } = await runArguments([...argv, '--json']);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('a quantized kernel', () => {
  it.each(names)('in %s has the statistics of the numbers it stands for', async (name) => {
    const { numbers } = kinds[name];
    const { tensors } = (await jsonOf('inspect', join(folder, name))) as {
      tensors: Record<string, unknown>[];
    };
    const mean = numbers.reduce((sum, w) => sum + w, 0) / numbers.length;
    const variance = numbers.reduce((sum, w) => sum + (w - mean) ** 2, 0) / numbers.length;
    expect(tensors[0]).toMatchObject({ dtype: 'f32', quantization: expect.anything(), count: size * size });
    expect(tensors[0]?.['mean']).toBeCloseTo(mean, 10);
    expect(Math.abs((tensors[0]?.['variance'] as number) / variance - 1)).toBeLessThan(1e-9);
    expect(tensors[0]?.['min']).toBe(Math.min(...numbers));
    expect(tensors[0]?.['max']).toBe(Math.max(...numbers));
    // Not the codes, and not the numbers before they were rounded.
    expect(variance).toBeLessThan(0.1);
    expect(numbers).not.toEqual(kernel);
  });

  it.each(['uint16', 'float16'])('in %s keeps its law', async (name) => {
    const { tensors } = (await jsonOf('inspect', join(folder, name))) as { tensors: { law: unknown }[] };
    expect(tensors[0]?.law).toMatchObject({ kind: 'catalog', names: expect.arrayContaining(['he-normal']) });
  });

  it('in uint8 is too coarse for a law, and that is said', async () => {
    const { tensors } = (await jsonOf('inspect', join(folder, 'uint8'))) as { tensors: { law: unknown }[] };
    expect(tensors[0]?.law).toBeNull();
    const { stdout } = await runArguments(['inspect', join(folder, 'uint8')], 100);
    expect(stdout).toMatch(/not tested: integers, or numbers rounded to 8\s+bits/);
    expect(stdout).toMatch(/too\s+coarse/);
  });

  it.each(names)('in %s has no bits to test, and that is said', async (name) => {
    const { stdout, code } = await runArguments(['bits', join(folder, name)], 100);
    expect(code).toBe(0);
    expect(stdout).toContain('No tensor of this file has float32 bits that could be tested');
    expect(stdout).toMatch(name === 'float16' ? /half|f16|16 bits/ : /quantized|integers/);
  });

  it.each(names)('in %s is passed and repaired, in float32', async (name) => {
    expect(await jsonOf('diagnose', join(folder, name))).toMatchObject({ method: 'passes' });
    const out = join(folder, `${name}-repaired`);
    expect(await jsonOf('repair', join(folder, name), '--out', out)).toMatchObject({ sameFormat: true });
    const { tensors } = (await jsonOf('inspect', out)) as { tensors: unknown[] };
    expect(tensors[0]).toMatchObject({ dtype: 'f32', quantization: null, law: { kind: 'catalog' } });
  });
});
