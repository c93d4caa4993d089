/** TensorFlow.js: what it saved is read, what is written it loads, quantized numbers have its bits. */
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError } from '@kindling/core';
import {
  collectBytes,
  encodeFloats,
  ModelFormatError,
  openModel,
  sourceFromBytes,
  UnsupportedModelError,
  writeTensorflowJs,
} from '@kindling/models';
import { openFileSources } from '@kindling/models/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { bytesOfArray, files, someFloats, utf8 } from './model-files.js';
import {
  loadModel,
  type SavedModel,
  type SavedWeight,
  saveModel,
  sourcesOfSaved,
  startTensorflow,
  tf,
} from './tensorflow-models.js';

/** A file of a package that the tests depend on; its exports do not name it. */
const installed = (path: string) => fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));

let saved: SavedModel;
let original: tf.LayersModel;

beforeAll(async () => {
  await startTensorflow();
  original = tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [8, 8, 3],
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer: 'heNormal',
        name: 'first',
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.dense({ units: 5, activation: 'relu', name: 'second' }),
      tf.layers.dense({ units: 3, activation: 'softmax', useBias: false, name: 'last' }),
    ],
  });
  saved = await saveModel(original);
});

describe('a saved LayersModel', () => {
  it('gives tensors with role, fans, layer and stated initializer', async () => {
    const model = await openModel(sourcesOfSaved(saved));
    expect(model.format).toBe('tfjs-layers');
    expect(model.producer).toMatch(/TensorFlow\.js tfjs-layers v4\.22\.0/);
    const described = model.tensors.map(({ name, role, layout, fans, layer, statedInitializer }) => [
      name,
      role,
      layout,
      fans?.fanIn,
      fans?.fanOut,
      layer,
      statedInitializer?.className,
    ]);
    expect(described).toEqual([
      ['first/kernel', 'conv-kernel', 'HWIO', 27, 36, 'first', 'VarianceScaling'],
      ['first/bias', 'bias', null, undefined, undefined, 'first', 'Zeros'],
      ['second/kernel', 'dense-kernel', 'in-out', 36, 5, 'second', 'VarianceScaling'],
      ['second/bias', 'bias', null, undefined, undefined, 'second', 'Zeros'],
      ['last/kernel', 'dense-kernel', 'in-out', 5, 3, 'last', 'VarianceScaling'],
    ]);
    // TensorFlow.js writes every initializer of the family under the name of the family; the settings tell them apart.
    expect(model.tensors[0]?.statedInitializer?.config).toMatchObject({
      scale: 2,
      mode: 'fan_in',
      distribution: 'normal',
    });
    const weights = original.getWeights();
    for (const [i, tensor] of model.tensors.entries()) {
      expect(await tensor.read()).toEqual(weights[i]?.dataSync());
    }
  });

  it('gives the architecture, and notes what it leaves out', async () => {
    const { architecture, notes } = await openModel(sourcesOfSaved(saved));
    expect(architecture?.architecture).toEqual({
      input: { height: 8, width: 8, channels: 3 },
      layers: [
        { kind: 'conv2d', filters: 4, kernel: [3, 3], stride: 1, padding: 'valid', activation: 'relu' },
        { kind: 'max-pool', window: [2, 2], stride: 2 },
        { kind: 'flatten' },
        { kind: 'dense', units: 5, activation: 'relu' },
        { kind: 'dense', units: 3, activation: 'linear' },
      ],
    });
    expect(architecture?.layerNames.get('layers[3]')).toBe('second');
    expect(architecture?.parameters.map(({ parameter }) => parameter)).toEqual([
      'layers.0.weights',
      'layers.0.biases',
      'layers.3.weights',
      'layers.3.biases',
      'layers.4.weights',
    ]);
    expect(notes.join(' ')).toMatch(/Dropout.*softmax.*1 layer has no biases/s);
  });

  it('is loaded by TensorFlow.js after it was written, and answers the same', async () => {
    const { tensors } = await openModel(sourcesOfSaved(saved));
    const main = sourceFromBytes('model.json', utf8(JSON.stringify(saved.json)));
    const written = await writeTensorflowJs(main, tensors);
    const data = await collectBytes(written.shard);
    expect(data).toEqual(saved.data);
    const json = JSON.parse(new TextDecoder().decode(written.json)) as SavedModel['json'];
    expect(json.modelTopology).toEqual(saved.json.modelTopology);
    const loaded = await loadModel(written.json, data);
    const input = tf.tensor4d(someFloats(2 * 8 * 8 * 3), [2, 8, 8, 3]);
    const [before, after] = [original.predict(input) as tf.Tensor, loaded.predict(input) as tf.Tensor];
    expect(after.dataSync()).toEqual(before.dataSync());
    const again = await writeTensorflowJs(main, tensors);
    expect(again.json).toEqual(written.json);
  });

  it('is read across shards that cut tensors in two', async () => {
    const cut = [7, 500, 501].map((end, i, ends) => saved.data.slice(ends[i - 1] ?? 0, end));
    const parts = [...cut, saved.data.slice(501)];
    const paths = parts.map((_, i) => `part${i}.bin`);
    const weights = saved.json.weightsManifest[0]?.weights;
    const json = utf8(JSON.stringify({ ...saved.json, weightsManifest: [{ paths, weights }] }));
    const sources = files({
      'model.json': json,
      ...Object.fromEntries(paths.map((path, i) => [path, parts[i] ?? json])),
    });
    const { tensors } = await openModel(sources);
    for (const [i, tensor] of tensors.entries()) {
      expect(await tensor.read()).toEqual(original.getWeights()[i]?.dataSync());
    }
  });
});

describe('writing', () => {
  const json = {
    modelTopology: { class_name: 'Unknown' },
    weightsManifest: [
      {
        paths: ['a.bin'],
        weights: [
          {
            name: 'k',
            shape: [2, 3],
            dtype: 'float32',
            quantization: { dtype: 'uint8', scale: 0.5, min: -1 },
          },
          { name: 'steps', shape: [2], dtype: 'int32', quantization: { dtype: 'uint8', scale: 3, min: -4 } },
          { name: 'b', shape: [3], dtype: 'float32', quantization: { dtype: 'float16' } },
        ],
      },
    ],
  };
  const data = Uint8Array.of(0, 1, 2, 3, 4, 5, 0, 7, 0, 0x3c, 0, 0xc0, 0, 0);
  const main = sourceFromBytes('model.json', utf8(JSON.stringify(json)));
  const opened = async () =>
    (await openModel(files({ 'model.json': utf8(JSON.stringify(json)), 'a.bin': data }))).tensors;

  it('gives quantized tensors the type they stand for, and the same numbers when it is read again', async () => {
    const tensors = await opened();
    const written = await writeTensorflowJs(main, tensors);
    const shard = await collectBytes(written.shard);
    const again = await openModel(files({ 'model.json': written.json, [written.shardName]: shard }));
    expect(again.tensors.map(({ dtype, quantization }) => [dtype, quantization])).toEqual([
      ['f32', null],
      ['i32', null],
      ['f32', null],
    ]);
    for (const [i, tensor] of tensors.entries()) {
      expect(await again.tensors[i]?.read()).toEqual(await tensor.read());
    }
    expect([...((await again.tensors[1]?.read()) ?? [])]).toEqual([-4, 17]);
    const manifest = (JSON.parse(new TextDecoder().decode(written.json)) as SavedModel['json'])
      .weightsManifest;
    const loaded = tf.io.decodeWeights(
      shard.slice().buffer,
      manifest[0]?.weights as tf.io.WeightsManifestEntry[],
    );
    expect([...(loaded['steps']?.dataSync() ?? [])]).toEqual([-4, 17]);
    expect([...(loaded['k']?.dataSync() ?? [])]).toEqual([-1, -0.5, 0, 0.5, 1, 1.5]);
  });

  it('refuses tensors that are not those of the original', async () => {
    const tensors = await opened();
    const [first, ...rest] = tensors;
    if (first === undefined) throw new Error('there are three');
    const write = (given: Parameters<typeof writeTensorflowJs>[1]) => writeTensorflowJs(main, given);
    await expect(write(rest)).rejects.toThrow(/the tensor "k" is missing/);
    await expect(write([...tensors, { ...first, name: 'more' }])).rejects.toThrow(
      /the tensor "more" is not in the manifest; expected the tensors of model\.json, each once/,
    );
    await expect(write([{ ...first, shape: [3, 2] }, ...rest])).rejects.toThrow(
      /the tensor "k" is \[3, 2\] and not \[2, 3\]/,
    );
    await expect(write([{ ...first, dtype: 'i32' }, ...rest])).rejects.toThrow(
      /the tensor "k" is int32 and not float32/,
    );
    await expect(write([{ ...first, name: '\u001b[2Jk' }, ...rest])).rejects.toThrow(InvalidArgumentError);
    await expect(write([...tensors, first])).rejects.toThrow(/"k" stands twice/);
  });
});

describe('quantized weights', () => {
  const values = someFloats(600, 3);
  const [min, scale] = [-0.5, 1 / 255];
  const coded = (steps: number) => Array.from(values, (value) => Math.round(((value + 0.5) / 1) * steps));

  it.each([
    ['uint8', { dtype: 'uint8', scale, min }, bytesOfArray(Uint8Array.from(coded(255)))],
    ['uint16', { dtype: 'uint16', scale: 1 / 65535, min }, bytesOfArray(Uint16Array.from(coded(65535)))],
    ['float16', { dtype: 'float16' }, encodeFloats('f16', values)],
  ])('of %s have the bits that TensorFlow.js gives them', async (_, quantization, data) => {
    const entry: SavedWeight = { name: 'a/kernel', shape: [20, 30], dtype: 'float32', quantization };
    const expected = tf.io.decodeWeights(data.slice().buffer, [
      entry as unknown as tf.io.WeightsManifestEntry,
    ]);
    const json = utf8(JSON.stringify([{ paths: ['a.bin'], weights: [entry] }]));
    const { tensors, format } = await openModel(files({ 'a-weights_manifest.json': json, 'a.bin': data }));
    const [tensor] = tensors;
    expect(format).toBe('tfjs-weights');
    expect(tensor).toMatchObject({
      dtype: 'f32',
      role: 'dense-kernel',
      quantization: { min: 'min' in quantization ? quantization.min : 0 },
    });
    expect(await tensor?.read()).toEqual(expected['a/kernel']?.dataSync());
    expect(await tensor?.readBytes()).toEqual(data);
    // A third off where the scale is: the comparison above can fail.
    expect(Math.abs((await tensor?.read())?.[0] ?? 0)).toBeLessThan(0.51);
  });

  it('of a package of nets are read through its old manifests', async () => {
    const sources = await openFileSources(
      installed('@vladmandic/face-api/model/face_landmark_68_model-weights_manifest.json'),
    );
    const { tensors } = await openModel(sources);
    const depthwise = tensors.find(({ name }) => name === 'dense0/conv1/depthwise_filter');
    expect(depthwise).toMatchObject({
      shape: [3, 3, 32, 1],
      role: 'depthwise-kernel',
      fans: { fanIn: 9, fanOut: 9 },
      quantization: { dtype: 'u8' },
    });
    const entries = JSON.parse(new TextDecoder().decode(await sources.main.read(0, sources.main.size)))[0]
      .weights as tf.io.WeightsManifestEntry[];
    const shard = await sources.open('face_landmark_68_model.bin');
    const expected = tf.io.decodeWeights((await shard.read(0, shard.size)).slice().buffer, entries);
    expect(tensors.map(({ name }) => name)).toEqual(Object.keys(expected));
    for (const tensor of tensors) expect(await tensor.read()).toEqual(expected[tensor.name]?.dataSync());
    await sources.close();
  });
});

describe('a model that ships in a package', () => {
  it('keeps its initializers, and says which layer is in the way', async () => {
    const sources = await openFileSources(installed('@upscalerjs/default-model/models'));
    const model = await openModel(sources);
    expect(model.producer).toBe('keras v2.10.0, TensorFlow.js Converter v1.2.6');
    const kernels = model.tensors.filter(({ role }) => role === 'conv-kernel');
    expect(kernels).toHaveLength(12);
    expect(kernels.reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(200_000);
    for (const { statedInitializer } of kernels) {
      expect(statedInitializer).toMatchObject({
        className: 'RandomUniform',
        config: { minval: -0.05, maxval: 0.05 },
      });
    }
    expect(model.architecture).toBeNull();
    expect(model.notes.join(' ')).toContain('RDB_Concat_1_1 is a Concatenate');
    await sources.close();
  });
});

describe('malformed files', () => {
  const manifest = (weights: readonly unknown[], paths: readonly unknown[] = ['a.bin']) => [
    { paths, weights },
  ];
  const float = { name: 'a', shape: [2], dtype: 'float32' };

  it.each([
    ['fewer bytes than the tensors need', manifest([{ ...float, shape: [3] }])],
    ['more bytes than the tensors need', manifest([{ ...float, shape: [1] }])],
    [
      'a name twice',
      manifest([
        { ...float, shape: [1] },
        { ...float, shape: [1] },
      ]),
    ],
    ['a shape that is no list', manifest([{ ...float, shape: 'x' }])],
    ['a negative extent', manifest([{ ...float, shape: [-2] }])],
    [
      'a quantization of endless scale',
      // JSON has no word for ∞, but numbers that are.
      manifest([{ ...float, shape: [8], quantization: { dtype: 'uint8', scale: 123456789, min: 0 } }]),
    ],
    [
      'a quantization of booleans',
      manifest([{ ...float, shape: [8], dtype: 'bool', quantization: { dtype: 'uint8', scale: 1, min: 0 } }]),
    ],
    [
      'integers as halves',
      manifest([{ ...float, shape: [4], dtype: 'int32', quantization: { dtype: 'float16' } }]),
    ],
    ['a quantization without scale', manifest([{ ...float, quantization: { dtype: 'uint8' } }])],
    ['a shard that is missing', manifest([float], ['b.bin'])],
    ['a shard outside', manifest([float], ['../a.bin'])],
    ['a shard twice', manifest([{ ...float, shape: [4] }], ['a.bin', './a.bin'])],
    ['a path that is no text', manifest([float], [7])],
  ])('refuse %s', async (_, weightsManifest) => {
    const json = utf8(JSON.stringify({ modelTopology: null, weightsManifest }).replace('123456789', '1e999'));
    const error = await openModel(files({ 'model.json': json, 'a.bin': new Uint8Array(8) })).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(ModelFormatError);
  });

  it('take kernel for the kernel, not kernel_1 behind it', async () => {
    const layers = [
      { class_name: 'Dense', config: { name: 'd', units: 2, use_bias: false, batch_input_shape: [null, 1] } },
    ];
    const modelTopology = { class_name: 'Sequential', config: { layers } };
    for (const names of [
      ['d/kernel', 'd/kernel_1'],
      ['d/kernel_1', 'd/kernel'],
    ]) {
      const weightsManifest = manifest(names.map((name) => ({ name, shape: [1, 2], dtype: 'float32' })));
      const json = utf8(JSON.stringify({ modelTopology, weightsManifest }));
      const model = await openModel(files({ 'model.json': json, 'a.bin': new Uint8Array(16) }));
      expect(model.architecture?.parameters.map(({ tensor }) => tensor)).toEqual(['d/kernel']);
    }
  });

  it('are none of minus zero as a half', async () => {
    const entry = { ...float, quantization: { dtype: 'float16' } };
    const json = utf8(JSON.stringify({ modelTopology: null, weightsManifest: manifest([entry]) }));
    const data = Uint8Array.of(0, 0x80, 0, 0x3c);
    const { tensors } = await openModel(files({ 'model.json': json, 'a.bin': data }));
    expect([...((await tensors[0]?.read()) ?? [])]).toEqual([-0, 1]);
  });

  it('name a type that is not read', async () => {
    const json = utf8(JSON.stringify(manifest([{ ...float, dtype: 'string' }])));
    const sources = files({ 'model.json': json, 'a.bin': new Uint8Array(8) });
    await expect(openModel(sources)).rejects.toThrow(UnsupportedModelError);
  });

  it('a kernel of another shape than its layer is refused', async () => {
    const [group] = saved.json.weightsManifest;
    const weights = (group?.weights ?? []).map((entry) =>
      entry.name === 'second/kernel' ? { ...entry, shape: [5, 36] } : entry,
    );
    const json = { ...saved.json, weightsManifest: [{ paths: group?.paths ?? [], weights }] };
    await expect(openModel(sourcesOfSaved({ json, data: saved.data }))).rejects.toThrow(
      'expected [36, 5], as the graph says',
    );
  });
});
