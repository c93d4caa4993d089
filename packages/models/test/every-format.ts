/**
 * One dense net with biases in every format: dense ReLU layers and a linear one behind. What HDF5, zip and protocol buffers are is left
 * to libraries; formats that tell a network tell the same one.
 */
import { collectBytes, tensorOfFloats, writeSafetensors } from '@kindling/models';
import { zipSync } from 'fflate';
import { kerasArchive, kerasH5, numberedWeights } from './keras/keras-files.mjs';
import { bytesOfArray, npyBytes, utf8 } from './model-files.js';
import {
  bytes,
  intAttribute,
  integer,
  nested,
  node,
  onnxFile,
  tensor,
  text,
  value,
} from './onnx/onnx-writer.mjs';

/** A layer's numbers. */
export interface DenseLayer {
  readonly fanIn: number;
  readonly units: number;
  /** Inputs × units, row-major. */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** Files by their names; the first is the one to open. */
export type ModelFiles = Readonly<Record<string, Uint8Array>>;

/** The net, by the name of a format. */
export interface EveryFormat {
  /** Formats that tell the network. */
  readonly networks: Readonly<
    Record<'tfjs-layers' | 'tfjs-graph' | 'onnx' | 'onnx-external' | 'keras-h5' | 'keras-v3', ModelFiles>
  >;
  /** Formats of weights only; `npy` holds the first kernel. */
  readonly weights: Readonly<
    Record<'safetensors' | 'safetensors-index' | 'tfjs-weights' | 'npz' | 'npy', ModelFiles>
  >;
}

/** Files of the net in every format. */
export async function everyFormat(layers: readonly DenseLayer[]): Promise<EveryFormat> {
  const named = layers.flatMap(({ fanIn, units, kernel, bias }, i) => [
    { layer: `dense_${i}`, variable: 'kernel', shape: [fanIn, units], values: kernel },
    { layer: `dense_${i}`, variable: 'bias', shape: [units], values: bias },
  ]);
  const configuration = kerasConfiguration(layers);
  const numbered = numberedWeights(
    Object.fromEntries(
      layers.map((_, i) => [i === 0 ? 'dense' : `dense_${i}`, named.slice(2 * i, 2 * i + 2)]),
    ),
  );
  const entries = named.map(({ layer, variable, shape, values }) => [
    `${layer}/${variable}.npy`,
    npyBytes('<f4', `${shape.join(', ')},`, bytesOfArray(values)),
  ]);
  const [first] = layers;
  if (first === undefined) throw new Error('everyFormat: expected a layer');
  return {
    networks: {
      'tfjs-layers': withShards({ format: 'layers-model', modelTopology: configuration }, named),
      'tfjs-graph': withShards({ format: 'graph-model', modelTopology: graphDef(layers) }, named),
      onnx: { 'model.onnx': onnxNet(layers, (values) => [bytes(9, bytesOfArray(values))]) },
      'onnx-external': externalOnnx(layers),
      'keras-h5': { 'model.h5': kerasH5(named, configuration) },
      'keras-v3': { 'model.keras': kerasArchive(configuration, numbered) },
    },
    weights: {
      ...(await safetensorsFiles(layers)),
      'tfjs-weights': weightsManifest(named),
      npz: { 'weights.npz': zipSync(Object.fromEntries(entries), { level: 6, mtime: '2026-01-01' }) },
      npy: {
        'kernel.npy': npyBytes('<f4', `${first.fanIn}, ${first.units}`, bytesOfArray(first.kernel)),
      },
    },
  };
}

interface Named {
  readonly layer: string;
  readonly variable: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

function kerasConfiguration(layers: readonly DenseLayer[]) {
  return {
    class_name: 'Sequential',
    config: {
      name: 'net',
      layers: layers.map(({ fanIn, units }, i) => ({
        class_name: 'Dense',
        config: {
          ...{ name: `dense_${i}`, units, use_bias: true, kernel_initializer: statedHeNormal },
          activation: i === layers.length - 1 ? 'linear' : 'relu',
          ...(i === 0 ? { batch_input_shape: [null, fanIn] } : {}),
        },
      })),
    },
  };
}

const statedHeNormal = { class_name: 'HeNormal', config: { seed: null } };

function manifestOf(named: readonly Named[]) {
  return named.map(({ layer, variable, shape }) => ({
    ...{ name: `${layer}/${variable}`, shape, dtype: 'float32' },
  }));
}

/** Three shards, cut wherever it is. */
function withShards(json: Readonly<Record<string, unknown>>, named: readonly Named[]): ModelFiles {
  const data = Uint8Array.from(named.flatMap(({ values }) => [...bytesOfArray(values)]));
  const cut = [0, Math.floor(data.length / 3) + 1, Math.floor(data.length / 2) + 3, data.length];
  const paths = [1, 2, 3].map((i) => `group1-shard${i}of3.bin`);
  const shards = paths.map((path, i) => [path, data.slice(cut[i], cut[i + 1])] as const);
  const written = {
    ...{ generatedBy: 'a test', convertedBy: null, ...json },
    weightsManifest: [{ paths, weights: manifestOf(named) }],
  };
  return { 'model.json': utf8(JSON.stringify(written)), ...Object.fromEntries(shards) };
}

function weightsManifest(named: readonly Named[]): ModelFiles {
  const data = Uint8Array.from(named.flatMap(({ values }) => [...bytesOfArray(values)]));
  const manifest = [{ paths: ['net.bin'], weights: manifestOf(named) }];
  return { 'net-weights_manifest.json': utf8(JSON.stringify(manifest)), 'net.bin': data };
}

function graphDef(layers: readonly DenseLayer[]) {
  const input = {
    name: 'x',
    op: 'Placeholder',
    attr: { shape: { shape: { dim: [{ size: '-1' }, { size: `${layers[0]?.fanIn}` }] } } },
  };
  const nodes = layers.flatMap((_, i) => [
    { name: `dense_${i}/kernel`, op: 'Const', attr: {} },
    { name: `dense_${i}/bias`, op: 'Const', attr: {} },
    {
      name: `product_${i}`,
      op: 'MatMul',
      input: [i === 0 ? 'x' : `out_${i - 1}`, `dense_${i}/kernel`],
      attr: {},
    },
    {
      name: i === layers.length - 1 ? `out_${i}` : `biased_${i}`,
      op: 'BiasAdd',
      input: [`product_${i}`, `dense_${i}/bias`],
      attr: {},
    },
    ...(i === layers.length - 1 ? [] : [{ name: `out_${i}`, op: 'Relu', input: [`biased_${i}`] }]),
  ]);
  return { node: [input, ...nodes], versions: { producer: 1 } };
}

type Content = (values: Float32Array) => Parameters<typeof nested>[1][];

/** As PyTorch writes a linear layer: Gemm of the transposed kernel. */
function onnxNet(layers: readonly DenseLayer[], content: Content): Uint8Array {
  const last = layers.length - 1;
  const initializers = layers.flatMap(({ fanIn, units, kernel, bias }, i) => [
    tensor(5, `${i}.weight`, [units, fanIn], 1, ...content(transposed(kernel, fanIn, units))),
    tensor(5, `${i}.bias`, [units], 1, ...content(bias)),
  ]);
  const nodes = layers.flatMap((_, i) => {
    const from = i === 0 ? 'x' : `r${i - 1}`;
    const to = i === last ? 'y' : `g${i}`;
    return [
      node('Gemm', [from, `${i}.weight`, `${i}.bias`], [to], intAttribute('transB', 1)),
      ...(i === last ? [] : [node('Relu', [to], [`r${i}`])]),
    ];
  });
  return onnxFile(
    ...initializers,
    ...nodes,
    value(11, 'x', [0, layers[0]?.fanIn ?? 0]),
    value(12, 'y', [0, layers[last]?.units ?? 0]),
  );
}

function externalOnnx(layers: readonly DenseLayer[]): ModelFiles {
  const parts: Uint8Array[] = [];
  let offset = 0;
  const model = onnxNet(layers, (values) => {
    const data = bytesOfArray(values);
    const place = { location: 'model.onnx.data', offset: `${offset}`, length: `${data.length}` };
    parts.push(data);
    offset += data.length;
    return [
      integer(14, 1),
      ...Object.entries(place).map(([key, entry]) => nested(13, text(1, key), text(2, entry))),
    ];
  });
  return { 'model.onnx': model, 'model.onnx.data': Uint8Array.from(parts.flatMap((part) => [...part])) };
}

/** As PyTorch names and lays its linear layers; the index cuts behind the first layer. */
async function safetensorsFiles(layers: readonly DenseLayer[]) {
  const tensors = layers.flatMap(({ fanIn, units, kernel, bias }, i) => [
    tensorOfFloats(`layers.${i}.weight`, [units, fanIn], transposed(kernel, fanIn, units)),
    tensorOfFloats(`layers.${i}.bias`, [units], bias),
  ]);
  const written = (part: typeof tensors) => collectBytes(writeSafetensors(part, { format: 'pt' }));
  const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;
  const map = Object.fromEntries(tensors.map(({ name }, i) => [name, shards[i < 2 ? 0 : 1]]));
  const total = tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 4), 0);
  return {
    safetensors: { 'model.safetensors': await written(tensors) },
    'safetensors-index': {
      'model.safetensors.index.json': utf8(
        JSON.stringify({ metadata: { total_size: total }, weight_map: map }),
      ),
      [shards[0]]: await written(tensors.slice(0, 2)),
      [shards[1]]: await written(tensors.slice(2)),
    },
  };
}

/** Units × inputs. */
function transposed(kernel: Float32Array, fanIn: number, units: number): Float32Array {
  return Float32Array.from({ length: kernel.length }, (_, i) => {
    const [unit, input] = [Math.floor(i / fanIn), i % fanIn];
    return kernel[input * units + unit] ?? 0;
  });
}
