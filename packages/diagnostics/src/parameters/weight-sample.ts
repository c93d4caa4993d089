/** A sample of a tensor's numbers that fits in memory however large the tensor is, the same at every reading. */
import { InvalidArgumentError, philox4x32 } from '@kindling/core';

/** Most numbers of a sample: a share of them is then known to 0.2 %, and sorting takes some milliseconds. */
export const mostSampled = 65_536;

/** Any constant will do; it is written down so that the sample never changes. */
const sampleKey = [0x6b696e64, 0x6c696e67] as const;

/** What is known of a tensor's numbers. */
export interface WeightSample {
  /** Of the tensor. */
  readonly size: number;
  /** Of every run of so many consecutive numbers one was taken; 1: all were. */
  readonly runLength: number;
  /** Ascending, all finite. */
  readonly sorted: Float64Array;
  /** Numbers of the whole tensor that are NaN or infinite. */
  readonly notFinite: number;
}

/** Takes a tensor piece by piece. */
export interface WeightSampler {
  /** The next numbers, in order. */
  add(piece: ArrayLike<number>): void;
  /** @throws InvalidArgumentError unless as many numbers came as were announced */
  finish(): WeightSample;
}

/**
 * A sampler of one number of every run of ⌈size / most⌉ consecutive ones, at a place in the run that Philox gives under a fixed key:
 * without chance, and without a stride that could fall in step with a tensor's columns.
 *
 * @param size numbers of the tensor, an integer ≥ 0
 * @param most of the sample, an integer ≥ 1; default 65,536
 * @throws InvalidArgumentError for sizes out of range
 */
export function openWeightSample(size: number, most = mostSampled): WeightSampler {
  for (const [name, value, least] of [
    ['size', size, 0],
    ['most', most, 1],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`openWeightSample: ${name} is ${value}; expected an integer ≥ ${least}`);
    }
  }
  const runLength = Math.max(1, Math.ceil(size / most));
  const taken = new Float64Array(Math.ceil(size / runLength));
  let [seen, run, held, notFinite] = [0, 0, 0, 0];
  let next = placeInRun(0);
  function placeInRun(index: number): number {
    const start = index * runLength;
    const length = Math.min(runLength, size - start);
    if (length <= 1) return start;
    const [word] = philox4x32([index % 2 ** 32, Math.floor(index / 2 ** 32), 0, 0], sampleKey);
    return start + (word % length);
  }
  return {
    add(piece) {
      for (let i = 0; i < piece.length; i++) {
        const value = piece[i] as number;
        const finite = value - value === 0;
        if (!finite) notFinite++;
        if (seen + i !== next) continue;
        if (finite) taken[held++] = value;
        next = placeInRun(++run);
      }
      seen += piece.length;
    },
    finish() {
      if (seen !== size) {
        throw new InvalidArgumentError(`openWeightSample: ${seen} numbers came; expected ${size}`);
      }
      return { size, runLength, sorted: taken.slice(0, held).sort(), notFinite };
    },
  };
}

/** The sample of an array. */
export function sampleWeights(values: ArrayLike<number>, most = mostSampled): WeightSample {
  const sampler = openWeightSample(values.length, most);
  sampler.add(values);
  return sampler.finish();
}
