/**
 * `kindling inspect`, `diagnose` and `repair` on files of every format: one net, so that what is found does not depend on the file it
 * comes in.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DenseLayer, everyFormat, type ModelFiles } from '../../../packages/models/test/every-format.js';
import { drawDense, emptyFolder } from './model-fixtures.js';
import { runArguments } from './run-command.js';

const widths = [24, 40, 40, 40, 40, 40, 40, 40, 40, 6];
const formats = {
  networks: ['tfjs-layers', 'tfjs-graph', 'onnx', 'onnx-external', 'keras-h5', 'keras-v3'],
  weights: ['safetensors', 'safetensors-index', 'tfjs-weights', 'npz', 'npy'],
} as const;
const all = [...formats.networks, ...formats.weights];
let folder = '';

/** The file that is named on the command line. */
const mains: Record<string, string> = {};

beforeAll(async () => {
  folder = await emptyFolder();
  // A sixth of what is critical at every layer: vanishes within eight.
  const layers = widths.slice(1).map((units, i): DenseLayer => {
    const fanIn = widths[i] ?? 0;
    return {
      fanIn,
      units,
      kernel: drawDense('pytorch:linear', fanIn, units, i),
      bias: new Float32Array(units),
    };
  });
  const { networks, weights } = await everyFormat(layers);
  for (const [format, files] of Object.entries<ModelFiles>({ ...networks, ...weights })) {
    await mkdir(join(folder, format));
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, format, name), bytes);
    mains[format] = join(folder, format, Object.keys(files)[0] ?? '');
  }
});

async function jsonOf(...argv: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runArguments([...argv, '--json']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

interface Tensor {
  readonly name: string;
  readonly role: string;
  readonly count: number;
  readonly mean: number;
  readonly fanIn: number | null;
  readonly varianceTimesFanIn: number;
  readonly law: { readonly kind: string; readonly names?: string[]; readonly alsoPossible?: string[] };
}

describe('kindling inspect', () => {
  it.each(all)('of %s tells every tensor and its law', async (format) => {
    const { tensors } = (await jsonOf('inspect', mains[format] ?? '')) as unknown as { tensors: Tensor[] };
    const kernels = tensors.filter(({ role }) => role === 'dense-kernel');
    expect(kernels).toHaveLength(format === 'npy' ? 1 : widths.length - 1);
    for (const { law, fanIn, varianceTimesFanIn, count } of kernels) {
      expect(law).toMatchObject({ kind: 'catalog', names: expect.arrayContaining(['pytorch:linear']) });
      expect(fanIn).toBeGreaterThanOrEqual(24);
      // A variance of n uniform numbers is known to √(0.8/n) of itself.
      expect(Math.abs(3 * varianceTimesFanIn - 1)).toBeLessThan(4.5 * Math.sqrt(0.8 / count));
    }
    const biases = tensors.filter(({ role }) => role === 'bias');
    expect(biases).toHaveLength(format === 'npy' ? 0 : widths.length - 1);
    const { stdout } = await runArguments(['inspect', mains[format] ?? ''], 100);
    expect(stdout).toContain('pytorch:linear');
  });

  it('finds the same numbers in all of them', async () => {
    const of = async (format: string) => {
      const { tensors } = (await jsonOf('inspect', mains[format] ?? '')) as unknown as { tensors: Tensor[] };
      // Kernels lie in another order in PyTorch's formats: sums of other order differ in their last bits.
      return tensors
        .filter(({ role }) => role === 'dense-kernel')
        .map(({ mean, varianceTimesFanIn }) => [mean.toPrecision(10), varianceTimesFanIn.toPrecision(10)])
        .sort();
    };
    const expected = await of('tfjs-layers');
    for (const format of all) if (format !== 'npy') expect(await of(format)).toEqual(expected);
  });
});

describe('kindling diagnose', () => {
  it.each(formats.networks)('of %s passes inputs, with the same result in each', async (format) => {
    const answer = await jsonOf('diagnose', mains[format] ?? '');
    expect(answer).toMatchObject({ method: 'passes', verdict: 'fm1-vanishing' });
    const reference = await jsonOf('diagnose', mains['keras-h5'] ?? '');
    for (const field of ['lengthFactor', 'lengthDecades', 'gradientDecades', 'verdict']) {
      expect(answer[field]).toBe(reference[field]);
    }
  });

  it.each(formats.weights.filter((format) => format !== 'npy'))(
    'of %s judges the weights',
    async (format) => {
      const answer = await jsonOf('diagnose', mains[format] ?? '');
      expect(answer).toMatchObject({ method: 'weights' });
      const factor = answer['lengthFactor'] as number;
      expect(Math.abs(6 * factor - 1)).toBeLessThan(0.1);
    },
  );

  it('of one matrix says what it can', async () => {
    expect(await jsonOf('diagnose', mains['npy'] ?? '')).toMatchObject({ method: 'weights' });
  });
});

describe('kindling repair', () => {
  it.each(all)('of %s writes what starts, in its format or as safetensors', async (format) => {
    const main = mains[format] ?? '';
    const before = await contents(join(folder, format));
    const written = format === 'tfjs-layers' || format === 'tfjs-graph' ? 'tfjs' : 'safetensors';
    const out = join(folder, `${format}-repaired${written === 'tfjs' ? '' : '.safetensors'}`);
    const answer = await jsonOf('repair', main, '--out', out);
    expect(answer).toMatchObject({
      ...{
        format: written,
        sameFormat: format === 'safetensors' || format === 'safetensors-index' || written === 'tfjs',
      },
      after: { verdict: 'starts' },
    });
    const { tensors } = (await jsonOf('inspect', out)) as unknown as { tensors: Tensor[] };
    expect(tensors.filter(({ role }) => role === 'dense-kernel')).toHaveLength(
      format === 'npy' ? 1 : widths.length - 1,
    );
    for (const { role, law } of tensors) {
      // Glorot's law is too near He's on the last layer's few numbers.
      if (role === 'dense-kernel') {
        expect([...(law.names ?? []), ...(law.alsoPossible ?? [])]).toContain('he-normal');
      }
    }
    expect(await contents(join(folder, format))).toEqual(before);
  });
});

async function contents(place: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(place)).sort();
  const read = async (name: string) =>
    [name, (await readFile(join(place, name))).toString('base64')] as const;
  return Object.fromEntries(await Promise.all(names.map(read)));
}
