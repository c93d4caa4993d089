/** What a model is passed where nothing else is said: random numbers. */
import {
  allocateMatrix,
  deriveKey,
  type Engine,
  keyPurpose,
  type Matrix,
  openStream,
  type RandomKey,
} from '@kindling/core';

/** A batch and what it is. */
export interface ModelInputs {
  /** Rows of inputs in the engine's memory. */
  readonly matrix: Matrix;
  /** In words: `64 random inputs, standard normal numbers`. */
  readonly description: string;
}

/** What is asked for. */
export interface ModelInputsRequest {
  /** Numbers the model reads. */
  readonly width: number;
  /** At most so many inputs. */
  readonly rows: number;
  readonly key: RandomKey;
}

/** Standard normal numbers of the key's own stream, as many rows as may be. */
export function randomInputs(engine: Engine, { width, rows, key }: ModelInputsRequest): ModelInputs {
  const matrix = allocateMatrix(engine, rows, width);
  const stream = openStream(engine, deriveKey(key, keyPurpose.input));
  for (let row = 0; row < rows; row++) {
    engine.kernels.fill_normal(stream, width, matrix.pointer + 4 * row * matrix.stride, 1);
  }
  const inputs = rows === 1 ? '1 random input' : `${rows} random inputs`;
  return { matrix, description: `${inputs}, standard normal numbers` };
}
