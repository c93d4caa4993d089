/** Keras' files: read to the bit, and run as TensorFlow.js runs the same model. */
import {
  allocateImages,
  allocateWorkspace,
  createEngine,
  forwardNetwork,
  inputShape,
  readImages,
  writeImages,
} from '@kindling/core';
import {
  loadModelNetwork,
  ModelFormatError,
  openModel,
  sourcesOf,
  UnsupportedModelError,
} from '@kindling/models';
import type { LIBVER_BOUNDS } from 'h5wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { Cursor } from '../../src/formats/hdf5/metadata.js';
import { readValueType } from '../../src/formats/hdf5/value-type.js';
import { oneFile, someFloats } from '../model-files.js';
import { saveModel, startTensorflow, tf } from '../tensorflow-models.js';
import {
  kerasArchive,
  kerasH5,
  numberedWeights,
  type Weight,
  weightsOf,
  writeHdf5,
  writeLayers,
} from './keras-files.mjs';

const batch = 2;
const random = (seed: number) => tf.initializers.randomUniform({ minval: -0.5, maxval: 0.5, seed });

interface Case {
  readonly topology: { readonly class_name: string; readonly config: unknown };
  readonly weights: readonly Weight[];
  readonly input: Float32Array;
  readonly output: Float32Array;
}

let sequential: Case;
let functional: Case;

async function caseOf(model: tf.LayersModel, size: number): Promise<Case> {
  const saved = await saveModel(model);
  const input = someFloats(batch * size, 3);
  const shape = [batch, ...(model.inputs[0]?.shape.slice(1).map((extent) => extent ?? 0) ?? [])];
  const output = (model.predict(tf.tensor(input, shape)) as tf.Tensor).dataSync() as Float32Array;
  return { topology: saved.json.modelTopology as Case['topology'], weights: weightsOf(saved), input, output };
}

beforeAll(async () => {
  await startTensorflow();
  const net = tf.sequential({
    layers: [
      tf.layers.conv2d({
        ...{ inputShape: [6, 5, 2], filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' },
        ...{ name: 'first', kernelInitializer: 'heNormal', biasInitializer: random(1) },
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 7, activation: 'relu', name: 'second', biasInitializer: random(2) }),
      tf.layers.dense({ units: 3, name: 'third', biasInitializer: random(3) }),
    ],
  });
  sequential = await caseOf(net, 60);
  const x = tf.input({ shape: [5] });
  const a = tf.layers.dense({ units: 8, activation: 'relu', name: 'a' }).apply(x) as tf.SymbolicTensor;
  const b = tf.layers.dense({ units: 8, activation: 'relu', name: 'b' }).apply(a) as tf.SymbolicTensor;
  const sum = tf.layers.add().apply([a, b]) as tf.SymbolicTensor;
  const y = tf.layers.dense({ units: 2, name: 'c' }).apply(sum) as tf.SymbolicTensor;
  functional = await caseOf(tf.model({ inputs: x, outputs: y }), 5);
});

/** Largest difference between what Kindling and TensorFlow.js make of the input, over the largest output. */
async function difference(file: Uint8Array, { input, output }: Case): Promise<number> {
  const model = await openModel(oneFile(file));
  if (model.architecture === null) throw new Error(model.notes.join(' '));
  const engine = createEngine();
  const network = await loadModelNetwork(engine, model);
  const images = allocateImages(engine, { ...inputShape(model.architecture.architecture.input), batch });
  writeImages(engine, images, input);
  const got = readImages(
    engine,
    forwardNetwork(engine, network, images, allocateWorkspace(engine, network, batch)),
  );
  expect(got.length).toBe(output.length);
  const size = output.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return got.reduce((most, value, i) => Math.max(most, Math.abs(value - (output[i] ?? 0))), 0) / size;
}

/** Four layers of sums of at most 60 terms: 64 roundings are ample, a wrong weight is off by a tenth. */
const tolerance = 64 * 2 ** -24;
const forms: readonly (readonly [string, LIBVER_BOUNDS])[] = [
  ['as h5py writes by default', ['earliest', 'latest']],
  ['of HDF5 1.8', 'v108'],
  ['of the newest library', 'latest'],
];

describe.each(forms)('.h5 %s', (_, libver) => {
  it('is read to the bit, with roles and stated initializers', async () => {
    const { topology, weights } = sequential;
    const model = await openModel(oneFile(kerasH5(weights, topology, libver)));
    expect(model).toMatchObject({ format: 'keras-h5', producer: 'Keras 2.15.0' });
    expect(model.tensors.map(({ name, role, layout, layer }) => [name, role, layout, layer])).toEqual([
      ['first/kernel:0', 'conv-kernel', 'HWIO', 'first'],
      ['first/bias:0', 'bias', null, 'first'],
      ['second/kernel:0', 'dense-kernel', 'in-out', 'second'],
      ['second/bias:0', 'bias', null, 'second'],
      ['third/kernel:0', 'dense-kernel', 'in-out', 'third'],
      ['third/bias:0', 'bias', null, 'third'],
    ]);
    expect(model.tensors[0]).toMatchObject({
      shape: [3, 3, 2, 4],
      fans: { fanIn: 18, fanOut: 36 },
      statedInitializer: { className: 'VarianceScaling', config: { scale: 2, mode: 'fan_in' } },
    });
    for (const [i, tensor] of model.tensors.entries()) {
      expect(await tensor.read()).toEqual(weights[i]?.values);
    }
  });

  it('runs as TensorFlow.js runs it', async () => {
    expect(
      await difference(kerasH5(sequential.weights, sequential.topology, libver), sequential),
    ).toBeLessThan(tolerance);
    expect(
      await difference(kerasH5(functional.weights, functional.topology, libver), functional),
    ).toBeLessThan(tolerance);
    const wrong = sequential.weights.map((weight, i) =>
      i === 0 ? { ...weight, values: weight.values.slice().reverse() } : weight,
    );
    expect(await difference(kerasH5(wrong, sequential.topology, libver), sequential)).toBeGreaterThan(1e-3);
  });
});

describe('.h5', () => {
  it('of weights only gives them without a network, roles guessed by name and axes', async () => {
    const model = await openModel(oneFile(writeHdf5((root) => writeLayers(root, sequential.weights))));
    expect(model.architecture).toBeNull();
    expect(model.notes.join()).toMatch(/weights only/);
    expect(model.tensors[0]).toMatchObject({ role: 'conv-kernel', layout: 'HWIO', layer: 'first' });
  });

  it('loads metadata only, and numbers in pieces', async () => {
    const values = someFloats(262_144);
    const file = writeHdf5((root) => {
      writeLayers(root, [{ layer: 'large', variable: 'kernel', shape: [512, 512], values }]);
    });
    let read = 0;
    const { main } = oneFile(file);
    const counting = {
      ...main,
      read: (offset: number, length: number) => {
        read += length;
        return main.read(offset, length);
      },
    };
    const [tensor] = (await openModel(sourcesOf(counting))).tensors;
    // The beginning, by which the format is told, and a few kB of headers and heaps.
    expect(read).toBeLessThan(20_000);
    const pieces: number[] = [];
    for await (const piece of tensor?.chunks(100_000) ?? []) pieces.push(piece.length);
    expect(pieces).toEqual([100_000, 100_000, 62_144]);
    const got = await tensor?.read();
    expect(values.every((value, i) => got?.[i] === value)).toBe(true);
  });

  it('reads hundreds of names of any length', async () => {
    const names = Array.from({ length: 1500 }, (_, i) => `weight_${'x'.repeat(i % 7)}${i}`);
    const file = writeHdf5((root) => {
      root.create_attribute('layer_names', ['x'], null, 'S1');
      const group = root.create_group('x');
      // Without a width they lie in a heap.
      for (let i = 0; i < 3; i++)
        group.create_attribute(`weight_names${i}`, names.slice(500 * i, 500 * i + 500));
      for (const [i, name] of names.entries())
        group.create_dataset({ name, data: Float32Array.of(i), shape: [1] });
    });
    const model = await openModel(oneFile(file));
    expect(model.tensors.map(({ name }) => name)).toEqual(names.map((name) => `x/${name}`));
    expect(await model.tensors[1234]?.read()).toEqual(Float32Array.of(1234));
  });

  it('of the newer form with a bit of a header changed is refused by its checksum', async () => {
    const file = kerasH5(functional.weights, functional.topology, 'v108');
    const at = file.findIndex((_, i) => String.fromCharCode(...file.subarray(i, i + 4)) === 'OHDR');
    file[at + 30] = (file[at + 30] ?? 0) ^ 1;
    await expect(openModel(oneFile(file))).rejects.toThrow(/metadata with its checksum/);
  });

  it('of the newer form with many layers keeps links in a heap, which is refused, saying so', async () => {
    const weights = Array.from({ length: 20 }, (_, i): Weight => {
      return { layer: `layer_${i}`, variable: 'kernel', shape: [2, 3], values: someFloats(6, i + 1) };
    });
    const file = writeHdf5((root) => writeLayers(root, weights), 'latest');
    await expect(openModel(oneFile(file))).rejects.toThrow(/links of a group in a heap.*h5py's defaults/);
  });

  it('of three hundred layers is read through a tree of links', async () => {
    const weights = Array.from({ length: 300 }, (_, i): Weight => {
      return { layer: `layer_${i}`, variable: 'kernel', shape: [2, 3], values: someFloats(6, i + 1) };
    });
    const model = await openModel(oneFile(writeHdf5((root) => writeLayers(root, weights))));
    expect(model.tensors).toHaveLength(300);
    expect(await model.tensors[299]?.read()).toEqual(weights[299]?.values);
  });

  it('reads names that Keras cuts into pieces', async () => {
    const [first, second] = sequential.weights;
    if (first === undefined || second === undefined) throw new Error('two weights');
    const file = writeHdf5((root) => {
      root.create_attribute('layer_names0', ['x'], null, 'S1');
      root.create_attribute('layer_names1', ['y'], null, 'S1');
      for (const [name, { values, shape }] of [
        ['x', first],
        ['y', second],
      ] as const) {
        const group = root.create_group(name);
        group.create_attribute('weight_names', ['kernel']);
        group.create_dataset({ name: 'kernel', data: values, shape: [...shape] });
      }
    });
    const model = await openModel(oneFile(file));
    expect(model.tensors.map(({ name }) => name)).toEqual(['x/kernel', 'y/kernel']);
  });

  const dataset = { name: 'w', data: new Float32Array(64), shape: [8, 8] };
  it.each([
    [
      'links to other files',
      (g: Parameters<typeof writeLayers>[0]) => g.create_external_link('/etc/hostname', '/x', 'w'),
    ],
    ['soft links', (g: Parameters<typeof writeLayers>[0]) => g.create_soft_link('/x', 'w')],
    ['chunks', (g: Parameters<typeof writeLayers>[0]) => g.create_dataset({ ...dataset, chunks: [4, 4] })],
    [
      'packed data',
      (g: Parameters<typeof writeLayers>[0]) =>
        g.create_dataset({ ...dataset, chunks: [4, 4], compression: 'gzip' }),
    ],
  ])('with %s is refused, saying so', async (_, write) => {
    for (const libver of ['latest', ['earliest', 'latest']] as const) {
      const file = writeHdf5((root) => void write(root), libver as LIBVER_BOUNDS);
      await expect(openModel(oneFile(file))).rejects.toThrow(UnsupportedModelError);
    }
  });

  it('whose groups stand in themselves is refused', async () => {
    const file = writeHdf5((root) => {
      root.create_group('a').create_group('b').create_hard_link('/a', 'c');
    });
    await expect(openModel(oneFile(file))).rejects.toThrow(/every object by one name/);
  });

  it('whose weights are one data set by several names is refused', async () => {
    const file = writeHdf5((root) => {
      root.create_attribute('layer_names', ['x', 'y'], null, 'S1');
      for (const name of ['x', 'y']) root.create_group(name).create_attribute('weight_names', ['kernel:0']);
      const { values, shape } = sequential.weights[0] ?? { values: new Float32Array(1), shape: [1] };
      root.create_dataset({ name: 'w', data: values, shape: [...shape] });
      root.create_hard_link('/w', 'x/kernel:0');
      root.create_hard_link('/w', 'y/kernel:0');
    });
    await expect(openModel(oneFile(file))).rejects.toThrow('weights with bytes of their own');
  });

  it('with enumerations inside each other reads them as values it does not know', () => {
    // Class 8 of version 1 and size 1, over and over, as deep as a message is long.
    const bytes = Uint8Array.from({ length: 65_528 }, (_, i) => [0x18, 0, 0, 0, 1, 0, 0, 0][i % 8] ?? 0);
    const cursor = new Cursor(bytes, () => new ModelFormatError('too short', { details: {} }));
    expect(readValueType(cursor)).toMatchObject({
      kind: 'other',
      what: expect.stringContaining('enumeration'),
    });
  });

  it('with a list that names a weight that is not there is refused', async () => {
    const file = writeHdf5((root) => {
      root.create_attribute('layer_names', ['x'], null, 'S1');
      root.create_group('x').create_attribute('weight_names', ['kernel:0']);
    });
    await expect(openModel(oneFile(file))).rejects.toThrow(ModelFormatError);
  });

  it('that was cut off anywhere is refused', async () => {
    const file = kerasH5(functional.weights, functional.topology);
    for (let length = 8; length < file.length; length += 97) {
      await expect(openModel(oneFile(file.subarray(0, length))), `${length}`).rejects.toThrow(
        ModelFormatError,
      );
    }
  });
});

describe('.keras', () => {
  const [numbers, named] = [false, true];

  it.each([
    ['stored', 0, numbers],
    ['packed anew', 6, numbers],
    ['with names', 0, named],
  ] as const)('%s is read to the bit and runs', async (_, level, names) => {
    const { weights, topology } = sequential;
    const by = (layer: string) => weights.filter((weight) => weight.layer === layer);
    const groups = { conv2d: by('first'), dense: by('second'), dense_1: by('third') };
    const file = kerasArchive(topology, numberedWeights(groups, names), level);
    const model = await openModel(oneFile(file));
    expect(model).toMatchObject({ format: 'keras-v3', producer: 'Keras 3.5.0' });
    expect(model.tensors.map(({ name, role, layer }) => [name, role, layer])).toEqual([
      ['layers/conv2d/vars/0', 'conv-kernel', 'first'],
      ['layers/conv2d/vars/1', 'bias', 'first'],
      ['layers/dense/vars/0', 'dense-kernel', 'second'],
      ['layers/dense/vars/1', 'bias', 'second'],
      ['layers/dense_1/vars/0', 'dense-kernel', 'third'],
      ['layers/dense_1/vars/1', 'bias', 'third'],
    ]);
    expect(await model.tensors[4]?.read()).toEqual(weights[4]?.values);
    expect(await difference(file, sequential)).toBeLessThan(tolerance);
  });

  it('keeps a layer whose group has another order by its name', async () => {
    const { weights, topology } = sequential;
    const by = (layer: string) => weights.filter((weight) => weight.layer === layer);
    const groups = { conv2d: by('first'), dense: by('third'), dense_1: by('second') };
    expect(await difference(kerasArchive(topology, numberedWeights(groups, named)), sequential)).toBeLessThan(
      tolerance,
    );
    // Without names the numbers of the wrong layer do not fit.
    await expect(openModel(oneFile(kerasArchive(topology, numberedWeights(groups))))).rejects.toThrow(
      ModelFormatError,
    );
  });

  it('tells the layers of models inside models, and which variables a normalization has', async () => {
    const dense = (name: string) => ({ class_name: 'Dense', config: { name, units: 2 } });
    const inside = (name: string, layers: readonly unknown[]) => ({
      class_name: 'Sequential',
      config: { name, layers },
    });
    const norm = { class_name: 'LayerNormalization', config: { name: 'n', scale: false } };
    const configuration = inside('outer', [
      dense('d'),
      inside('block', [dense('d'), norm, inside('core', [dense('e')])]),
    ]);
    const weights = writeHdf5((root) => {
      const write = (path: string, shape: readonly number[]) => {
        const parts = path.split('/');
        parts.slice(0, -1).forEach((_, i) => {
          const group = parts.slice(0, i + 1).join('/');
          if (root.get(group) === null) root.create_group(group);
        });
        root.create_dataset({
          name: path,
          data: someFloats(shape.reduce((a, b) => a * b, 1)),
          shape: [...shape],
        });
      };
      write('layers/dense/vars/0', [2, 3]);
      write('layers/sequential/layers/dense/vars/0', [3, 2]);
      write('layers/sequential/layers/dense/vars/1', [2]);
      write('layers/sequential/layers/layer_normalization/vars/0', [2]);
      write('layers/sequential/layers/sequential/layers/dense/vars/0', [4, 2]);
    });
    const { tensors } = await openModel(oneFile(kerasArchive(configuration, weights)));
    expect(tensors.map(({ shape, role, layer }) => [layer, role, shape[0]])).toEqual([
      ['d', 'dense-kernel', 2],
      ['block/d', 'dense-kernel', 3],
      ['block/d', 'bias', 2],
      ['block/n', 'normalization', 2],
      ['block/core/e', 'dense-kernel', 4],
    ]);
  });

  it('with a configuration nested too deeply, or broken weights, is refused', async () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100; i++) deep = [deep];
    const weights = numberedWeights({});
    await expect(openModel(oneFile(kerasArchive({ config: deep }, weights)))).rejects.toThrow(
      ModelFormatError,
    );
    await expect(openModel(oneFile(kerasArchive({}, weights.subarray(0, 50))))).rejects.toThrow(
      ModelFormatError,
    );
  });
});
