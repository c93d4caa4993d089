/** What the loss is before the first step, on average over nets. */
import { portableMath } from '@kindling/core';
import { quineParameters } from './quine-net.js';

/** SELU's slope above 0, and minus its limit at −∞ (Klambauer and others, NIPS 2017). */
const slope = 1.0507009873554805;
const height = 1.7580993408473768;
/** Simpson's rule on [−10, 0] with so many pairs of steps is exact to 10⁻¹² or better for what is integrated here. */
const pairs = 2000;

/** E[SELU(√q·z)²] for a standard normal z: half of λ²q, and the integral over z < 0. */
export function seluMeanSquare(q: number): number {
  const step = 10 / (2 * pairs);
  let sum = 0;
  for (let i = 0; i <= 2 * pairs; i++) {
    const z = -i * step;
    const bent = height * (portableMath.exp(Math.sqrt(q) * z) - 1);
    const weight = i === 0 || i === 2 * pairs ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * bent * bent * portableMath.exp(-0.5 * z * z);
  }
  return 0.5 * slope * slope * q + (sum * step) / 3 / Math.sqrt(2 * Math.PI);
}

/** Means at the start. */
export interface QuineStart {
  /** E[Σθ²] = count/(3·width). */
  readonly norm: number;
  /** E[L] = E[Σθ²] + count · E[f²]: f and θ are uncorrelated but for parts in w₃ that average out. */
  readonly loss: number;
}

/**
 * Of a net as `openQuineNet` draws it, with pre-activations taken as normal: their variance starts at 1/(3·width), and a layer of
 * weights of variance 1/(3·width) makes E[SELU²]/3 of it.
 */
export function predictQuineStart(width: number): QuineStart {
  const count = quineParameters(width);
  const norm = count / (3 * width);
  let q = 1 / (3 * width);
  for (let layer = 0; layer < 3; layer++) q = seluMeanSquare(q) / 3;
  return { norm, loss: norm + count * q };
}
