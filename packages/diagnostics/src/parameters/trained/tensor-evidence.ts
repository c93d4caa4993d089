/** What one tensor tells of whether it was trained: tests whose null is a fresh tensor, whatever its law, scale and size. */
import { type Engine, InvalidArgumentError } from '@kindling/core';
import type { LayerShape } from '@kindling/initializers';
import { kolmogorovDistance, kolmogorovPValue } from '../kolmogorov-smirnov.js';
import { openWeightSample } from '../weight-sample.js';
import { type KernelAxes, openKernelSample } from './kernel-sample.js';
import { isOrthogonal, type LawEvidence, lawEvidence } from './law-evidence.js';
import { type OrderTests, testOrder } from './order-tests.js';

/** What is known of a tensor before its numbers. */
export type TensorQuestion =
  | {
      /** A weight matrix, a convolution's kernel, an embedding. */
      readonly kind: 'kernel';
      readonly axes: KernelAxes;
      /** `null` where they are not known. */
      readonly fans: LayerShape | null;
      /** By how much of itself rounding moves a number; `null`: so coarsely stored that no law can be asked for. Default 2⁻²⁰. */
      readonly slack?: number | null;
    }
  | {
      /** Biases, and what normalizations learn or count. */
      readonly kind: 'vector';
      readonly size: number;
      /** Of the layer it belongs to, for biases that may be random at birth; `null` where not known, and for normalizations. */
      readonly fanIn: number | null;
    };

/** What was found. */
export type TensorEvidence =
  | {
      readonly kind: 'kernel';
      readonly size: number;
      /** `null` where entries make no matrix, or are all the same. */
      readonly order: OrderTests | null;
      /** `null` where no law could be asked for. */
      readonly law: LawEvidence | null;
      /** Vectors of one length at right angles. */
      readonly orthogonal: boolean;
    }
  | {
      readonly kind: 'vector';
      readonly size: number;
      /** All numbers are the same; of a single one, whether it is 0 or 1. */
      readonly constant: boolean;
      /** Of the least contradicted law of random biases; `null` for a constant. */
      readonly pValue: number | null;
    }
  | { readonly kind: 'nothing'; readonly size: number; readonly reason: 'empty' | 'not-finite' };

/** Takes a tensor piece by piece. */
export interface EvidenceCollector {
  /** The next numbers, in storage order. */
  add(piece: ArrayLike<number>): void;
  /** @throws InvalidArgumentError unless all numbers came */
  finish(): TensorEvidence;
}

/** Half widths of the uniform laws that libraries draw biases from besides 1/√fan-in: brain.js; synaptic and neataptic. */
const statedBiasBounds = [0.2, 0.1];
/** f32 rounds the end. */
const boundSlack = 2 ** -20;

/**
 * Collects the evidence of one tensor in bounded memory: law and order are told from samples at fixed places (`openWeightSample`,
 * `openKernelSample`).
 *
 * @throws InvalidArgumentError as `openKernelSample`, and for sizes that are no integers ≥ 0
 */
export function openTensorEvidence(engine: Engine, question: TensorQuestion): EvidenceCollector {
  if (question.kind === 'vector') return openVector(question.size, question.fanIn);
  const { axes, fans, slack = 2 ** -20 } = question;
  const size = axes.shape.reduce((product, extent) => product * extent, 1);
  const numbers = openWeightSample(size);
  if (size === 0) return { add: numbers.add, finish: () => ({ kind: 'nothing', size, reason: 'empty' }) };
  const matrix = openKernelSample(axes);
  return {
    add(piece) {
      numbers.add(piece);
      matrix.add(piece);
    },
    finish() {
      const sample = numbers.finish();
      const kernel = matrix.finish();
      if (sample.notFinite > 0) return { kind: 'nothing', size, reason: 'not-finite' };
      const order = testOrder(kernel.matrix);
      const law = slack === null ? null : lawEvidence(engine, sample, fans, slack);
      const contradicted = law !== null && (law.catalogPValue ?? law.shapePValue) < 0.01;
      const orthogonal = contradicted && kernel.whole && isOrthogonal(kernel.matrix);
      return { kind: 'kernel', size, order, law, orthogonal };
    },
  };
}

/** The evidence of numbers that are at hand. */
export function tensorEvidence(
  engine: Engine,
  question: TensorQuestion,
  values: ArrayLike<number>,
): TensorEvidence {
  const collector = openTensorEvidence(engine, question);
  collector.add(values);
  return collector.finish();
}

function openVector(size: number, fanIn: number | null): EvidenceCollector {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new InvalidArgumentError(`openTensorEvidence: size is ${size}; expected an integer ≥ 0`);
  }
  const numbers = openWeightSample(size);
  return {
    add: numbers.add,
    finish() {
      const { sorted, notFinite } = numbers.finish();
      if (size === 0) return { kind: 'nothing', size, reason: 'empty' };
      if (notFinite > 0) return { kind: 'nothing', size, reason: 'not-finite' };
      const [least = 0, most = 0] = [sorted[0], sorted[sorted.length - 1]];
      const constant = least === most && (size > 1 || least === 0 || least === 1);
      return { kind: 'vector', size, constant, pValue: constant ? null : biasPValue(sorted, fanIn) };
    },
  };
}

function biasPValue(sorted: Float64Array, fanIn: number | null): number {
  if (fanIn === null) return 0;
  const [least = 0, most = 0] = [sorted[0], sorted[sorted.length - 1]];
  const reach = Math.max(-least, most);
  let best = 0;
  for (const bound of [1 / Math.sqrt(fanIn), ...statedBiasBounds]) {
    if (reach > bound * (1 + boundSlack)) continue;
    const distance = kolmogorovDistance(sorted, 'uniform', bound / Math.sqrt(3));
    best = Math.max(best, kolmogorovPValue(distance, sorted.length));
  }
  return best;
}
