/** What a model is measured on: the user's data, or random inputs of length 1. */
import {
  allocateMatrix,
  deriveKey,
  InvalidArgumentError,
  keyPurpose,
  openStream,
  readMatrix,
  rootKey,
  sumSquares,
} from '@kindling/core';
import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireBuilt } from '../model/tap-model.js';
import { withEngine } from '../thread-engine.js';

/** Inputs of a model: a tensor, or one an input, rows first. */
export type ModelInputs = Tensor | readonly Tensor[];

/** Settings of every measurement. */
export interface InputOptions {
  /** Rows to measure on, shaped as for `model.predict`; they stay the caller's. Default: random inputs. */
  readonly data?: ModelInputs;
  /** How many random inputs, where there are no data. An integer ≥ 1; default 64. */
  readonly inputs?: number;
  /** Of random inputs and of the direction whose gradient is measured. An integer from 0 to 2^53 − 1; default 1. */
  readonly seed?: number;
}

/** A batch, and whose it is. */
export interface InputBatch {
  readonly source: 'data' | 'random';
  readonly rows: number;
  /** One an input of the model. */
  readonly tensors: readonly Tensor[];
  /** Mean square of all numbers of all inputs, f64. */
  readonly meanSquare: number;
  /** Disposes what was made here; data stay. */
  dispose(): void;
}

/** The default of `inputs`. */
const defaultInputs = 64;

/**
 * The data, or random inputs: every row a uniform direction with mean square 1, input i of the model from the key (seed, `input`, i).
 *
 * @throws InvalidArgumentError for a model that does not know its input; for data of other shapes than the model's inputs, without rows, or not finite; for random inputs where
 *   the model leaves sizes open or reads integers; for a count or seed out of range
 */
export async function openInputBatch(
  caller: string,
  model: LayersModel,
  { data, inputs = defaultInputs, seed = 1 }: InputOptions,
): Promise<InputBatch> {
  requireBuilt(caller, model);
  if (data !== undefined) return await takeData(caller, model, Array.isArray(data) ? data : [data as Tensor]);
  if (!Number.isSafeInteger(inputs) || inputs < 1) {
    throw new InvalidArgumentError(`${caller}: inputs is ${inputs}; expected an integer ≥ 1`);
  }
  const key = rootKey(seed);
  const drawn = model.inputs.map(({ shape, dtype, name }, index) => {
    const sizes = shape.slice(1);
    if (sizes.includes(null) || dtype !== 'float32') {
      const what =
        dtype === 'float32' ? `a shape [${sizes.map((size) => size ?? '?')}]` : `numbers of ${dtype}`;
      throw new InvalidArgumentError(
        `${caller}: the input ${name} has ${what}, for which nothing can be drawn; expected data — pass {data}`,
      );
    }
    const width = (sizes as number[]).reduce((a, b) => a * b, 1);
    return {
      shape: sizes as number[],
      values: randomRows(inputs, width, deriveKey(key, keyPurpose.input, index)),
    };
  });
  const tensors = drawn.map(({ shape, values }) => tensor(values, [inputs, ...shape], 'float32'));
  return {
    source: 'random',
    rows: inputs,
    tensors,
    meanSquare: meanSquareOf(drawn.map(({ values }) => values)),
    dispose: () => {
      for (const made of tensors) made.dispose();
    },
  };
}

async function takeData(caller: string, model: LayersModel, data: readonly Tensor[]): Promise<InputBatch> {
  const wanted = model.inputs
    .map(({ shape }) => `[${shape.map((size) => size ?? '?').join(', ')}]`)
    .join(', ');
  const rows = data[0]?.shape[0] ?? 0;
  const fits =
    data.length === model.inputs.length &&
    data.every(({ shape }, index) => {
      const expected = model.inputs[index]?.shape ?? [];
      return (
        shape.length === expected.length &&
        shape[0] === rows &&
        shape.every((size, axis) => axis === 0 || expected[axis] == null || expected[axis] === size)
      );
    });
  if (!fits || rows < 1) {
    const got = data.map(({ shape }) => `[${shape.join(', ')}]`).join(', ');
    throw new InvalidArgumentError(
      `${caller}: data has the shapes ${got}; expected ${wanted} with at least one row`,
    );
  }
  const values = await Promise.all(data.map((given) => given.data()));
  const meanSquare = meanSquareOf(values);
  if (!Number.isFinite(meanSquare)) {
    throw new InvalidArgumentError(`${caller}: data hold NaN or Infinity; expected finite numbers`);
  }
  return { source: 'data', rows, tensors: data, meanSquare, dispose: () => undefined };
}

function randomRows(rows: number, width: number, key: ReturnType<typeof rootKey>): Float32Array {
  return withEngine((engine) => {
    const row = allocateMatrix(engine, 1, width);
    const stream = openStream(engine, key);
    const values = new Float32Array(rows * width);
    for (let i = 0; i < rows; i++) {
      engine.kernels.fill_normal(stream, width, row.pointer, 1);
      const factor = 1 / Math.sqrt(sumSquares(engine, row) / width);
      values.set(
        readMatrix(engine, row).map((x) => x * factor),
        i * width,
      );
    }
    return values;
  });
}

function meanSquareOf(values: readonly ArrayLike<number>[]): number {
  let [sum, count] = [0, 0];
  for (const some of values) {
    for (let i = 0; i < some.length; i++) sum += (some[i] ?? 0) * (some[i] ?? 0);
    count += some.length;
  }
  return sum / count;
}
