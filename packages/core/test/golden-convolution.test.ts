/**
 * The numeric contract of the kernels for images, written down as bits; see `golden.test.ts`, whose rules hold here too.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  allFloats,
  allocateChannelStatistics,
  allocateImages,
  allocateMatrix,
  allocateScratch,
  averagePool,
  averagePoolBackward,
  batchNormBackward,
  batchNormForward,
  batchNormScratchFloats,
  conv2dBiasGradient,
  conv2dForward,
  conv2dInputGradient,
  conv2dWeightGradient,
  convolutionGeometry,
  convolutionScratchFloats,
  createEngine,
  type ImageShape,
  type Matrix,
  maxPool,
  maxPoolBackward,
  type Padding,
  pooledSize,
  readImages,
  readMatrix,
  writeImages,
  writeMatrix,
} from '../src/index.js';
import { hex, randomFloats } from './floats.js';
import { borrowing, guardedVector } from './guarded.js';

const engine = createEngine();
const { kernels } = engine;
const border = { top: 2, bottom: 2, left: 2, right: 2 };

/** FNV-1a over the bytes of f32, behind the bits of the first. */
function checksum(floats: Float32Array): string {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return `${hex(new Uint32Array(floats.buffer, floats.byteOffset, 1)[0])} ${hex(hash)}`;
}

function images(shape: ImageShape, seed?: number) {
  const tensor = allocateImages(engine, shape, { border });
  const count = shape.batch * shape.height * shape.width * shape.channels;
  if (seed !== undefined) writeImages(engine, tensor, randomFloats(seed, count));
  return tensor;
}

function matrix(rows: number, columns: number, seed?: number): Matrix {
  const tensor = allocateMatrix(engine, rows, columns);
  if (seed !== undefined) writeMatrix(engine, tensor, randomFloats(seed, rows * columns));
  return tensor;
}

function convolutionVectors(padding: Padding, stride: number): unknown {
  return borrowing(engine, () => {
    const convolution = { kernelHeight: 3, kernelWidth: 3, stride, padding };
    const shape = { batch: 3, height: 11, width: 10, channels: 6 };
    const out = { ...shape, ...convolutionGeometry(convolution, 11, 10), channels: 21 };
    const [input, output, inputGradient] = [images(shape, 1), images(out), images(shape)];
    const [weights, weightGradient] = [matrix(54, 21, 2), matrix(54, 21)];
    const [biases, biasGradient] = [matrix(1, 21, 3), matrix(1, 21)];
    const outputGradient = images(out, 4);
    const scratch = allocateScratch(engine, convolutionScratchFloats(convolution, shape, 21));
    const tensors = { input, weights, biases, relu: true, output, outputGradient, inputGradient };
    conv2dForward(engine, convolution, { ...tensors, scratch });
    conv2dInputGradient(engine, convolution, { ...tensors, scratch });
    conv2dWeightGradient(engine, convolution, { ...tensors, weightGradient, scratch });
    conv2dBiasGradient(engine, { outputGradient, biasGradient, scratch });
    return {
      output: checksum(readImages(engine, output)),
      inputGradient: checksum(readImages(engine, inputGradient)),
      weightGradient: checksum(readMatrix(engine, weightGradient)),
      biasGradient: checksum(readMatrix(engine, biasGradient)),
    };
  });
}

function poolVectors(): unknown {
  return borrowing(engine, () => {
    const pool = { windowHeight: 3, windowWidth: 2, stride: 2 };
    const shape = { batch: 2, height: 9, width: 8, channels: 7 };
    const out = { ...shape, ...pooledSize(pool, 9, 8) };
    const [input, output, outputGradient, inputGradient] = [
      ...[images(shape, 1), images(out), images(out, 2), images(shape)],
    ];
    if (!(input && output && outputGradient && inputGradient)) throw new Error('expected four tensors');
    const read = () => ({
      output: checksum(readImages(engine, output)),
      inputGradient: checksum(readImages(engine, inputGradient)),
    });
    averagePool(engine, pool, input, output);
    averagePoolBackward(engine, pool, outputGradient, inputGradient);
    const average = read();
    maxPool(engine, pool, input, output);
    maxPoolBackward(engine, pool, { input, outputGradient, inputGradient });
    return { average, largest: read() };
  });
}

function batchNormVectors(): unknown {
  return borrowing(engine, () => {
    const shape = { batch: 3, height: 5, width: 4, channels: 6 };
    const [input, output, gradient] = [images(shape, 1), images(shape), images(shape, 2)];
    const rows = { gamma: matrix(1, 6, 3), beta: matrix(1, 6, 4) };
    const gradients = { gammaGradient: matrix(1, 6), betaGradient: matrix(1, 6) };
    const statistics = allocateChannelStatistics(engine, 6);
    const scratch = allocateScratch(engine, batchNormScratchFloats(6));
    const all = { input, output, gradient, ...rows, ...gradients, statistics, scratch };
    batchNormForward(engine, all);
    batchNormBackward(engine, all);
    return {
      output: checksum(readImages(engine, output)),
      inputGradient: checksum(readImages(engine, gradient)),
      gammaGradient: checksum(readMatrix(engine, gradients.gammaGradient)),
      betaGradient: checksum(readMatrix(engine, gradients.betaGradient)),
    };
  });
}

function vectorVectors(): unknown {
  return borrowing(engine, () => {
    const [x, y] = [guardedVector(engine, randomFloats(1, 99)), guardedVector(engine, randomFloats(2, 99))];
    const read = () => checksum(engine.arena.floats(y.pointer, 99));
    kernels.axpy(99, 0.3, x.pointer, y.pointer);
    const axpy = read();
    kernels.leaky_relu_backward(99, y.pointer, x.pointer, 0.1);
    const leakyReluBackward = read();
    kernels.leaky_relu(99, y.pointer, 0.2);
    const leakyRelu = read();
    const dot = kernels.dot(3, 33, x.pointer, 33, y.pointer, 33);
    kernels.relu(99, y.pointer);
    return { axpy, leakyReluBackward, leakyRelu, dot, relu: read() };
  });
}

function vectors(): unknown {
  const kinds = (['zero', 'circular', 'valid'] as const).flatMap((padding) =>
    [1, 2].map((stride) => [`${padding}, stride ${stride}`, convolutionVectors(padding, stride)] as const),
  );
  return {
    recipe: 'randomFloats of test/floats.ts; the first f32 as bits, then FNV-1a over the bytes of all',
    convolution: Object.fromEntries(kinds),
    pool: poolVectors(),
    batchNorm: batchNormVectors(),
    vector: vectorVectors(),
  };
}

describe('golden vectors of images', () => {
  it('are what they were', () => {
    const file = new URL('./golden/convolution.json', import.meta.url);
    if (process.env['UPDATE_GOLDEN'] === '1') {
      writeFileSync(file, `${JSON.stringify(vectors(), null, 2)}\n`);
    }
    expect(vectors()).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });

  it('see a single bit', () => {
    borrowing(engine, () => {
      const tensor = images({ batch: 1, height: 2, width: 2, channels: 3 }, 1);
      const before = checksum(readImages(engine, tensor));
      const { pointer, count } = allFloats(tensor);
      const words = engine.arena.words(pointer, count);
      const at = words.findLastIndex((word) => word !== 0);
      words[at] = Number(words[at]) ^ 1;
      expect(checksum(readImages(engine, tensor))).not.toBe(before);
    });
  });
});
