/** Small model files on disk, written by the package that writes them for users. */
import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocateMatrix, createEngine, deriveKey, readMatrix, rootKey } from '@kindling/core';
import { drawWeights, findInitializer } from '@kindling/initializers';
import {
  collectBytes,
  encodeFloats,
  type TensorToWrite,
  tensorOfFloats,
  writeSafetensors,
} from '@kindling/models';

/** A new folder. */
export async function emptyFolder(): Promise<string> {
  return await realpath(await mkdtemp(join(tmpdir(), 'kindling-models-')));
}

/** What a catalog's initializer draws for a dense layer. */
export function drawDense(initializer: string, fanIn: number, fanOut: number, seed: number): Float32Array {
  const found = findInitializer(initializer).initializer;
  if (found.kind !== 'layerwise') throw new Error(`${initializer} has no law`);
  const engine = createEngine();
  const matrix = allocateMatrix(engine, fanIn, fanOut);
  drawWeights(engine, found.weights, { fanIn, fanOut }, deriveKey(rootKey(seed), 3), matrix);
  return readMatrix(engine, matrix).slice();
}

/** A net of dense ReLU layers and a linear one behind, as TensorFlow.js saves it. */
export interface DenseFile {
  readonly widths: readonly number[];
  readonly initializer: string;
  /** Changes the numbers of layer i before they are written. */
  readonly change?: (weights: Float32Array, layer: number) => Float32Array;
  /** In the file's `batch_input_shape`. Default: the first width. */
  readonly input?: readonly (number | null)[];
}

/** Writes model.json and its shard into a new folder; returns the folder. */
export async function writeDenseTfjs(folder: string, name: string, file: DenseFile): Promise<string> {
  const { widths, initializer, change = (weights: Float32Array) => weights, input } = file;
  const path = join(folder, name);
  await mkdir(path);
  const parts: Uint8Array[] = [];
  const weights = widths.slice(1).flatMap((units, index) => {
    const fanIn = widths[index] ?? 0;
    parts.push(encodeFloats('f32', change(drawDense(initializer, fanIn, units, index), index)));
    parts.push(new Uint8Array(4 * units));
    return [
      { name: `dense_${index}/kernel`, shape: [fanIn, units], dtype: 'float32' },
      { name: `dense_${index}/bias`, shape: [units], dtype: 'float32' },
    ];
  });
  const layers = widths.slice(1).map((units, index) => ({
    class_name: 'Dense',
    config: {
      ...{ name: `dense_${index}`, units, use_bias: true },
      activation: index === widths.length - 2 ? 'linear' : 'relu',
      ...(index === 0 ? { batch_input_shape: [null, ...(input ?? [widths[0] ?? 0])] } : {}),
    },
  }));
  const json = {
    format: 'layers-model',
    generatedBy: 'TensorFlow.js tfjs-layers v4.22.0',
    modelTopology: { class_name: 'Sequential', config: { name: 'net', layers } },
    weightsManifest: [{ paths: ['weights.bin'], weights }],
  };
  await writeFile(join(path, 'model.json'), JSON.stringify(json));
  await writeFile(join(path, 'weights.bin'), Buffer.concat(parts));
  return path;
}

/** The same net's weights as safetensors, in PyTorch's order. */
export async function writeDenseSafetensors(
  path: string,
  { widths, initializer, change = (weights) => weights }: DenseFile,
  more: readonly TensorToWrite[] = [],
): Promise<string> {
  const tensors = widths.slice(1).flatMap((units, index) => {
    const fanIn = widths[index] ?? 0;
    const numbers = change(drawDense(initializer, fanIn, units, index), index);
    const name = `layers.${String(index).padStart(2, '0')}`;
    return [
      tensorOfFloats(`${name}.weight`, [units, fanIn], numbers),
      tensorOfFloats(`${name}.bias`, [units], new Float32Array(units)),
    ];
  });
  await writeFile(path, await collectBytes(writeSafetensors([...tensors, ...more])));
  return path;
}

/** An npy file of f32. */
export function npyFile(shape: readonly number[], values: Float32Array): Uint8Array {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const header = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`;
  const start = Uint8Array.of(
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    header.length % 256,
    header.length >> 8,
  );
  return Buffer.concat([start, Buffer.from(header, 'latin1'), encodeFloats('f32', values)]);
}
