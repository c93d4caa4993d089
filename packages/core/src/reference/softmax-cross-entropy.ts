/**
 * Twins of `softmax_cross_entropy`. Powers in f64 and logarithms are the host's: right to an ulp, not the same bits in every
 * engine.
 */
import { exponentialF32 } from './exponential.js';
import { round32 } from './f32.js';

/** Rows of logits, each with a label. */
export interface SoftmaxProblem {
  /** Rows, ≥ 1. */
  readonly m: number;
  /** Classes, ≥ 1. */
  readonly n: number;
  /** m × n, row-major, no padding. */
  readonly logits: ArrayLike<number>;
  /** m integers below n. */
  readonly labels: ArrayLike<number>;
}

/** What comes of them. */
export interface SoftmaxOutcome {
  /** Σᵢ −log softmax(zᵢ)[labelᵢ]: the sum of the losses, not their mean. */
  readonly loss: number;
  /** ∂(loss / m) / ∂z: (softmax − onehot) / m, m × n. */
  readonly gradient: Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
}

/** Loss and gradient in f64. */
export function softmaxCrossEntropy({ m, n, logits, labels }: SoftmaxProblem): SoftmaxOutcome {
  const gradient = new Float64Array(m * n);
  let loss = 0;
  for (let i = 0; i < m; i++) {
    const row = rowOf(logits, n, i);
    const label = Number(labels[i]);
    const top = Math.max(...row);
    const powers = row.map((z) => Math.exp(z - top));
    const sum = powers.reduce((total, power) => total + power, 0);
    loss += Math.log(sum) - (Number(row[label]) - top);
    powers.forEach((power, j) => {
      gradient[i * n + j] = (power / sum - (j === label ? 1 : 0)) / m;
    });
  }
  return { loss, gradient };
}

/**
 * Loss and gradient with the kernel's roundings: the gradient's differences, powers, quotients and the factor 1/m in f32,
 * the sum over a row and the loss in f64. The gradient has the kernel's bits; the loss differs from it by what the host's logarithm
 * differs.
 */
export function softmaxCrossEntropyF32({ m, n, logits, labels }: SoftmaxProblem): SoftmaxOutcome {
  const gradient = new Float32Array(m * n);
  const factor = round32(1 / m);
  let loss = 0;
  for (let i = 0; i < m; i++) {
    const row = rowOf(logits, n, i);
    const label = Number(labels[i]);
    const top = Math.max(...row);
    const powers = row.map((z) => exponentialF32(round32(z - top)));
    const sum = powers.reduce((total, power) => total + power, 0);
    loss += Math.log(sum) - (Number(row[label]) - top);
    powers.forEach((power, j) => {
      const share = round32(power / round32(sum));
      gradient[i * n + j] = round32((j === label ? round32(share - 1) : share) * factor);
    });
  }
  return { loss, gradient };
}

function rowOf(logits: ArrayLike<number>, n: number, i: number): readonly number[] {
  return Array.from({ length: n }, (_, j) => Number(logits[i * n + j]));
}
