/** All parameters of a dense network as one vector: what networks are compared, matched and drawn as. */
import { type Engine, InvalidArgumentError, type Network, writeMatrix } from '@kindling/core';

/** The parameters of a dense network. */
export interface ParameterVector {
  /** Width of the input, of every hidden layer and of the outputs. */
  readonly sizes: readonly number[];
  /** Layer after layer: weights (fan-in × fan-out, row-major), then biases. */
  readonly values: Float32Array;
}

/** Where a layer's numbers lie in a vector. */
export interface LayerRange {
  readonly fanIn: number;
  readonly fanOut: number;
  /** Of the first weight. */
  readonly weights: number;
  /** Of the first bias; also the end of the weights. */
  readonly biases: number;
  /** One past the last bias. */
  readonly end: number;
}

/** The layers of a network of such sizes, in order. */
export function layerRanges(sizes: readonly number[]): readonly LayerRange[] {
  let weights = 0;
  return sizes.slice(1).map((fanOut, index) => {
    const fanIn = sizes[index] ?? 0;
    const biases = weights + fanIn * fanOut;
    const range = { fanIn, fanOut, weights, biases, end: biases + fanOut };
    weights = range.end;
    return range;
  });
}

/**
 * The vector of a network's tensors.
 *
 * @param tensors weights and biases of every layer in turn, as `listParameters` orders those of dense layers
 * @throws InvalidArgumentError for tensors that are not those of a dense network of these sizes
 */
export function vectorOf(
  sizes: readonly number[],
  tensors: readonly { readonly values: Float32Array }[],
): ParameterVector {
  const expected = layerRanges(sizes).flatMap(({ fanIn, fanOut }) => [fanIn * fanOut, fanOut]);
  const lengths = tensors.map((tensor) => tensor.values.length);
  if (lengths.join() !== expected.join()) {
    throw new InvalidArgumentError(
      `vectorOf: tensors have ${lengths.join(', ')} numbers; expected ${expected.join(', ')}, weights and biases of a dense network of ${sizes.join(', ')}`,
    );
  }
  const values = new Float32Array(expected.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const tensor of tensors) {
    values.set(tensor.values, at);
    at += tensor.values.length;
  }
  return { sizes, values };
}

/**
 * Gives a network the parameters of a vector.
 *
 * @param network dense layers only
 * @throws InvalidArgumentError for a network of another architecture
 */
export function writeVector(engine: Engine, network: Network, { sizes, values }: ParameterVector): void {
  const own = network.parameters.map(({ rows, columns }) => rows * columns);
  const expected = layerRanges(sizes).flatMap(({ fanIn, fanOut }) => [fanIn * fanOut, fanOut]);
  if (own.join() !== expected.join()) {
    throw new InvalidArgumentError(
      `writeVector: the network's parameters have ${own.join(', ')} numbers; expected ${expected.join(', ')}, those of a dense network of ${sizes.join(', ')}`,
    );
  }
  let at = 0;
  for (const { matrix } of network.parameters) {
    const count = matrix.rows * matrix.columns;
    writeMatrix(engine, matrix, values.subarray(at, at + count));
    at += count;
  }
}

/**
 * ‖a − b‖, the root of the squares summed in order, in f64.
 *
 * @throws InvalidArgumentError for vectors of two lengths
 */
export function distanceBetween(a: ParameterVector, b: ParameterVector): number {
  requireOneArchitecture('distanceBetween', a, b);
  let sum = 0;
  for (let i = 0; i < a.values.length; i++) {
    const difference = (a.values[i] as number) - (b.values[i] as number);
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}

/** @throws InvalidArgumentError for vectors of two architectures */
export function requireOneArchitecture(caller: string, a: ParameterVector, b: ParameterVector): void {
  if (a.sizes.join() === b.sizes.join()) return;
  throw new InvalidArgumentError(
    `${caller}: got networks of ${a.sizes.join(', ')} and ${b.sizes.join(', ')}; expected one architecture`,
  );
}
