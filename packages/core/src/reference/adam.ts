/** Twins of `adam_update` (Kingma & Ba, ICLR 2015). They change `w`, `m` and `v` in place, as the kernel does. */
import { round32 } from './f32.js';

/** Parameters and what Adam remembers of them. */
export interface AdamState<Floats extends Float32Array | Float64Array> {
  readonly w: Floats;
  /** Running mean of the gradients. */
  readonly m: Floats;
  /** Running mean of their squares. */
  readonly v: Floats;
}

/** The numbers of one step. */
export interface AdamStep {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** 1/(1 − β₁ᵗ). */
  readonly correction1: number;
  /** 1/(1 − β₂ᵗ). */
  readonly correction2: number;
  readonly epsilon: number;
}

/** m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← w − rate · c₁m / (√(c₂v) + ε), in f64. */
export function adamUpdate(
  { w, m, v }: AdamState<Float64Array>,
  g: ArrayLike<number>,
  { rate, beta1, beta2, correction1, correction2, epsilon }: AdamStep,
): void {
  w.forEach((value, i) => {
    const gradient = Number(g[i]);
    const mean = beta1 * Number(m[i]) + (1 - beta1) * gradient;
    const square = beta2 * Number(v[i]) + (1 - beta2) * gradient * gradient;
    m[i] = mean;
    v[i] = square;
    w[i] = value - (rate * mean * correction1) / (Math.sqrt(square * correction2) + epsilon);
  });
}

/** The same with every operation rounded to f32: the kernel's bits. */
export function adamUpdateF32(
  { w, m, v }: AdamState<Float32Array>,
  g: ArrayLike<number>,
  step: AdamStep,
): void {
  const [rate, beta1, beta2] = [round32(step.rate), round32(step.beta1), round32(step.beta2)];
  const [scale1, scale2] = [round32(step.correction1), round32(step.correction2)];
  const [take1, take2] = [round32(1 - beta1), round32(1 - beta2)];
  const epsilon = round32(step.epsilon);
  w.forEach((value, i) => {
    const gradient = Number(g[i]);
    const mean = round32(round32(beta1 * Number(m[i])) + round32(take1 * gradient));
    const news = round32(take2 * round32(gradient * gradient));
    const square = round32(round32(beta2 * Number(v[i])) + news);
    m[i] = mean;
    v[i] = square;
    const divisor = round32(round32(Math.sqrt(round32(square * scale2))) + epsilon);
    w[i] = value - round32(rate * round32(round32(mean * scale1) / divisor));
  });
}
