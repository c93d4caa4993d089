/** Twin of `exact_length`: the pieces it is made of, one after the other. The kernel's bits. */
import { portableMath } from '../math/portable-math.js';
import { deriveKey, keyPurpose } from '../random/keys.js';
import type { Words } from '../random/philox.js';
import { normalF32 } from './normal.js';
import { positiveSquareSum } from './positive-square-sum.js';
import { seedStream } from './stream.js';

/** A layer, as a row of the kernel's table. */
export interface ExactLengthLayer {
  readonly width: number;
  /** Var(w) · fan-in. */
  readonly throughWeights: number;
  readonly biasVariance: number;
}

/** What a layer gives: M_j / M₀ = ratio · 2^exponent. */
export interface ExactLengthResult {
  readonly ratio: number;
  readonly exponent: number;
}

/** Lengths beyond 2^±400 are brought back. */
const farBits = 400;

/** The lengths of the net of `key`, from an input of length `inputLength`. */
export function exactLength(
  key: Words,
  layers: readonly ExactLengthLayer[],
  inputLength: number,
): ExactLengthResult[] {
  const stream = seedStream(deriveKey(key, keyPurpose.weights, 0xffffffff));
  let length = inputLength;
  let exponent = 0;
  return layers.map(({ width, throughWeights, biasVariance }) => {
    const biases = biasVariance === 0 ? 0 : biasVariance * 2 ** -exponent;
    length = ((throughWeights * length + biases) / width) * positiveSquareSum(normalF32(stream, width, 1));
    if (length === 0) exponent = 0;
    const result = { ratio: length / inputLength, exponent };
    if (length > 2 ** farBits) exponent += farBits;
    else if (length !== 0 && length < 2 ** -farBits) exponent -= farBits;
    length *= 2 ** (result.exponent - exponent);
    return result;
  });
}

/** Twin of `exact_lengths`: log(M_j / M₀) of the nets deriveKey(parent, trial, i), one after the other. */
export function exactLengths(
  parent: Words,
  nets: number,
  layers: readonly ExactLengthLayer[],
  inputLength: number,
): number[][] {
  return Array.from({ length: nets }, (_, net) =>
    exactLength(deriveKey(parent, keyPurpose.trial, net), layers, inputLength).map(
      ({ ratio, exponent }) => portableMath.log(ratio) + exponent * Math.LN2,
    ),
  );
}
