/** The runs test of the bits of every tensor of a file, and what kind of layer each belongs to. */

import type { Engine } from '@kindling/core';
import {
  type BitTest,
  openBitCounter,
  refusedBitTest,
  refuseStorage,
  type TypedBitTest,
} from '@kindling/diagnostics';
import type { ReadingMeter } from '@kindling/diagnostics/models';
import type { ModelTensor } from '@kindling/models';

/** A tensor and what was found. */
export interface BitFindings extends TypedBitTest {
  readonly tensor: ModelTensor;
}

/** Times that a tensor is read: medians of groups, runs of bits, runs of the numbers. */
const readings = 3;

/**
 * Tests tensors one after the other, a piece at a time, in 0.6 MB whatever their size.
 *
 * @param all of the file: a bias's kind is that of its layer's kernel
 * @param meter told of the bytes as they are read
 * @throws ModelFormatError when numbers cannot be read
 */
export async function findBits(
  engine: Engine,
  all: readonly ModelTensor[],
  meter: ReadingMeter,
): Promise<readonly BitFindings[]> {
  const found: BitFindings[] = [];
  for (const tensor of all) {
    found.push({ tensor, type: layerType(tensor, all), test: await testTensor(engine, tensor, meter) });
  }
  return found;
}

/** Bytes that `findBits` will read, at most. */
export function bitReadingBytes(tensors: readonly ModelTensor[]): number {
  return (
    tensors.reduce((sum, tensor) => sum + (storageRefusal(tensor) === null ? tensor.size : 0), 0) *
    4 *
    readings
  );
}

async function testTensor(engine: Engine, tensor: ModelTensor, meter: ReadingMeter): Promise<BitTest> {
  const refusal = storageRefusal(tensor);
  if (refusal !== null) return refusedBitTest(tensor.size, refusal);
  const { arena } = engine;
  const mark = arena.mark();
  try {
    const counter = openBitCounter(engine);
    let reading = 0;
    do {
      for await (const piece of tensor.chunks()) {
        // Numbers of f32 come as they stand in the file.
        counter.add(piece as Float32Array);
        meter(piece.byteLength);
      }
      reading++;
    } while (counter.endReading());
    // What was refused at the first reading is not read again.
    meter((readings - reading) * 4 * tensor.size);
    return counter.finish();
  } finally {
    arena.release(mark);
  }
}

function storageRefusal({ dtype, quantization }: ModelTensor) {
  const stored = quantization?.dtype ?? dtype;
  // What is stored as narrower floats has no scale.
  const quantized = quantization !== null && !/^(b?f)/.test(stored);
  return refuseStorage({ dtype: stored, quantized });
}

const kernelTypes: Readonly<Partial<Record<ModelTensor['role'], string>>> = {
  'conv-kernel': 'convolution weights',
  'depthwise-kernel': 'depthwise weights',
  'dense-kernel': 'dense weights',
  embedding: 'embeddings',
};

/** Endings of the names that PyTorch, Keras and TensorFlow give the numbers of a normalization. */
const normalizationTypes: readonly (readonly [ending: RegExp, type: string])[] = [
  [/mean$/i, 'normalization means'],
  [/var(iance)?$/i, 'normalization variances'],
  [/(weight|gamma|scale)$/i, 'normalization scales'],
  [/(bias|beta|offset|shift)$/i, 'normalization shifts'],
];

/** A row of the table: what kind of parameters, of what kind of layer. */
function layerType({ name, role, layer }: ModelTensor, all: readonly ModelTensor[]): string {
  const kernelType = kernelTypes[role];
  if (kernelType !== undefined) return kernelType;
  if (role === 'normalization') {
    return normalizationTypes.find(([ending]) => ending.test(name))?.[1] ?? 'normalization';
  }
  if (role !== 'bias') return 'others';
  const kernel = all.find(
    (other) => layer !== null && other.layer === layer && kernelTypes[other.role] !== undefined,
  );
  return kernel === undefined ? 'biases' : (kernelTypes[kernel.role] ?? '').replace('weights', 'biases');
}
