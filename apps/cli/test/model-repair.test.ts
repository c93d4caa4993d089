/** `kindling repair --init` with every kind of initializer, what it keeps, and what it says of shards. */
import { execFileSync } from 'node:child_process';
import { lstat, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectBytes, openModel, tensorOfFloats, writeSafetensors } from '@kindling/models';
import { openFileSources } from '@kindling/models/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DenseLayer, everyFormat, type ModelFiles } from '../../../packages/models/test/every-format.js';
import { drawDense, emptyFolder } from './model-fixtures.js';
import { runArguments } from './run-command.js';

const widths = [24, 32, 32, 32, 32];
const fixtures = fileURLToPath(new URL('../../../packages/models/test/fixtures/onnx/', import.meta.url));
let folder = '';
const mains: Record<string, string> = {};

beforeAll(async () => {
  folder = await emptyFolder();
  const layers = widths.slice(1).map((units, i): DenseLayer => {
    const fanIn = widths[i] ?? 0;
    return {
      fanIn,
      units,
      kernel: drawDense('lecun-normal', fanIn, units, i),
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

let written = 0;

/** Repairs into a new place and gives both. */
async function repaired(main: string, ...flags: string[]) {
  const { format } = await jsonOf('inspect', main);
  const out = join(
    folder,
    `out${written++}${/^tfjs-(layers|graph)$/.test(String(format)) ? '' : '.safetensors'}`,
  );
  return { out, answer: await jsonOf('repair', main, '--out', out, ...flags) };
}

interface Tensor {
  readonly name: string;
  readonly role: string;
  readonly zeros: number;
  readonly count: number;
  readonly law: { readonly kind: string; readonly names?: readonly string[] };
}

async function tensorsOf(file: string): Promise<readonly Tensor[]> {
  return (await jsonOf('inspect', file))['tensors'] as Tensor[];
}

describe('laws of whole matrices', () => {
  it.each(['orthogonal:gain=1.4142', 'sparse:sparsity=0.5,deviation=0.3', 'identity'])(
    '%s are drawn in every order of axes',
    async (init) => {
      for (const format of ['tfjs-layers', 'onnx', 'keras-v3', 'safetensors']) {
        const { out } = await repaired(mains[format] ?? '', '--init', init);
        const kernels = (await tensorsOf(out)).filter(({ role }) => role === 'dense-kernel');
        expect(kernels).toHaveLength(4);
        for (const { law } of kernels) {
          expect(law).toMatchObject({ kind: 'structure', names: [init.replace(/:.*/, '')] });
        }
      }
    },
  );

  it('are drawn for convolutions, where the axes of the file are others than Kindling’s', async () => {
    const bank = tensorOfFloats('conv.weight', [16, 8, 3, 3], drawDense('he-normal', 72, 16, 1));
    const file = join(folder, 'conv.safetensors');
    await writeFile(file, await collectBytes(writeSafetensors([bank])));
    for (const init of ['orthogonal', 'delta-orthogonal']) {
      const { out } = await repaired(file, '--init', init);
      expect((await tensorsOf(out))[0]?.law).toMatchObject({ names: [init] });
    }
  });
});

describe('initializers of whole networks', () => {
  it('RAI draws biases with the weights, and the same network in every format', async () => {
    const after = [];
    for (const format of ['tfjs-layers', 'tfjs-graph', 'onnx', 'keras-h5']) {
      const { out, answer } = await repaired(mains[format] ?? '', '--init', 'rai', '--seed', '4');
      expect(answer['drawnBiases']).toHaveLength(4);
      expect(answer['zeroed']).toHaveLength(0);
      after.push(answer['after']);
      for (const { role, zeros } of await tensorsOf(out)) if (role === 'bias') expect(zeros).toBe(0);
    }
    for (const other of after) expect(other).toEqual(after[0]);
  });

  it('LSUV makes every layer’s pre-activations of variance one on the data', async () => {
    const { answer } = await repaired(mains['keras-h5'] ?? '', '--init', 'lsuv');
    expect(answer).toMatchObject({ after: { verdict: 'starts' }, drawnBiases: [] });
    const text = (
      await runArguments([
        'repair',
        mains['onnx'] ?? '',
        '--init',
        'lsuv',
        '--out',
        join(folder, 'l.safetensors'),
      ])
    ).stdout;
    expect(text).toMatch(/4 matrices drawn anew: Layer-sequential unit variance/);
    expect(text).toMatch(/biases +4 set to zero/);
  });

  it('Fixup refuses branches of one layer, which it is not for', async () => {
    const argv = [
      'repair',
      `${fixtures}residual.onnx`,
      '--init',
      'fixup',
      '--out',
      join(folder, 'f.safetensors'),
    ];
    const { code, stderr } = await runArguments(argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--init fixup does not fit the network/);
  });

  it('and a net without biases has no place for RAI’s', async () => {
    const layer = (index: number) => ({
      class_name: 'Dense',
      config: {
        ...{ name: `d${index}`, units: 6, use_bias: false, activation: 'relu' },
        ...(index === 0 ? { batch_input_shape: [null, 6] } : {}),
      },
    });
    const json = {
      modelTopology: { class_name: 'Sequential', config: { name: 'n', layers: [layer(0), layer(1)] } },
      weightsManifest: [
        {
          paths: ['w.bin'],
          weights: [0, 1].map((i) => ({ name: `d${i}/kernel`, shape: [6, 6], dtype: 'float32' })),
        },
      ],
    };
    await mkdir(join(folder, 'bare'));
    await writeFile(join(folder, 'bare/model.json'), JSON.stringify(json));
    await writeFile(join(folder, 'bare/w.bin'), new Uint8Array(new Float32Array(72).fill(0.1).buffer));
    const { code, stderr } = await runArguments([
      'repair',
      join(folder, 'bare'),
      '--init',
      'rai',
      '--out',
      join(folder, 'b'),
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /draws biases, and the file has none for layers\.0; expected an initializer of zero biases/,
    );
  });
});

describe('what is kept', () => {
  it('metadata of safetensors, and nothing is claimed of others', async () => {
    const kernel = tensorOfFloats('a.weight', [30, 30], drawDense('he-normal', 30, 30, 1));
    const file = join(folder, 'described.safetensors');
    const metadata = { format: 'pt', step: '300', __proto_: 'x', 'a note': 'ünï' };
    await writeFile(file, await collectBytes(writeSafetensors([kernel], metadata)));
    const metadataOf = async (path: string) => {
      const sources = await openFileSources(path);
      const { metadata: found } = await openModel(sources);
      await sources.close();
      return Object.fromEntries(found ?? []);
    };
    expect(await metadataOf((await repaired(file)).out)).toEqual(metadata);
    expect(await metadataOf((await repaired(mains['safetensors-index'] ?? '')).out)).toEqual({
      format: 'pt',
    });
    expect(await metadataOf((await repaired(mains['npz'] ?? '')).out)).toEqual({});
  });

  it('shards become one file, and that is said', async () => {
    const argv = ['repair', mains['safetensors-index'] ?? '', '--out', join(folder, 'whole.safetensors')];
    const { stdout } = await runArguments(argv, 100);
    expect(stdout.replace(/\s+/g, ' ')).toContain('in the same format, one file in place of its shards');
    expect(await tensorsOf(join(folder, 'whole.safetensors'))).toHaveLength(8);
  });

  it('what is no file: a pipe, which a file would take the place of', async () => {
    const pipe = join(folder, 'pipe.safetensors');
    execFileSync('mkfifo', [pipe]);
    for (const force of [[], ['--force']]) {
      const argv = ['repair', mains['safetensors-index'] ?? '', '--out', pipe, ...force];
      const { code, stderr } = await runArguments(argv);
      expect([code, stderr]).toEqual([2, expect.stringContaining('where something else than a file is')]);
    }
    expect((await lstat(pipe)).isFIFO()).toBe(true);
  });

  it('kernels without numbers, which no law is for', async () => {
    const file = join(folder, 'pruned.safetensors');
    const tensors = [
      tensorOfFloats('a.weight', [30, 30], drawDense('lecun-normal', 30, 30, 1)),
      tensorOfFloats('b.weight', [30, 0], new Float32Array(0)),
    ];
    await writeFile(file, await collectBytes(writeSafetensors(tensors)));
    for (const init of ['he-normal', 'orthogonal']) {
      const { out, answer } = await repaired(file, '--init', init);
      expect(answer).toMatchObject({ changed: ['a.weight'], left: 1 });
      expect(await tensorsOf(out)).toHaveLength(2);
    }
    expect(await jsonOf('diagnose', file)).toMatchObject({ kernels: [{ name: 'a.weight' }] });
    const { stdout } = await runArguments(['inspect', file], 100);
    expect(stdout).toContain('30×0');
  });
});
