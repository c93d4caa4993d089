/** Twins of `adamax_update` (Kingma & Ba, ICLR 2015, algorithm 2). They change `w`, `m` and `u` in place, as the kernel does. */
import { round32 } from './f32.js';

/** Parameters and what Adamax remembers of them. */
export interface AdamaxState<Floats extends Float32Array | Float64Array> {
  readonly w: Floats;
  /** Running mean of the gradients. */
  readonly m: Floats;
  /** Fading maximum of their sizes. */
  readonly u: Floats;
}

/** The numbers of one step. */
export interface AdamaxStep {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** 1/(1 − β₁ᵗ). */
  readonly correction1: number;
  readonly epsilon: number;
}

/** m ← β₁m + (1 − β₁)g; u ← max(β₂u, |g| + ε); w ← w − rate · c₁m/u, in f64. */
export function adamaxUpdate(
  { w, m, u }: AdamaxState<Float64Array>,
  g: ArrayLike<number>,
  { rate, beta1, beta2, correction1, epsilon }: AdamaxStep,
): void {
  w.forEach((value, i) => {
    const gradient = Number(g[i]);
    const mean = beta1 * Number(m[i]) + (1 - beta1) * gradient;
    const most = Math.max(beta2 * Number(u[i]), Math.abs(gradient) + epsilon);
    m[i] = mean;
    u[i] = most;
    w[i] = value - (rate * mean * correction1) / most;
  });
}

/** The same with every operation rounded to f32: the kernel's bits. */
export function adamaxUpdateF32(
  { w, m, u }: AdamaxState<Float32Array>,
  g: ArrayLike<number>,
  step: AdamaxStep,
): void {
  const [rate, beta1, beta2] = [round32(step.rate), round32(step.beta1), round32(step.beta2)];
  const [scale1, take1, epsilon] = [round32(step.correction1), round32(1 - beta1), round32(step.epsilon)];
  w.forEach((value, i) => {
    const gradient = Number(g[i]);
    const mean = round32(round32(beta1 * Number(m[i])) + round32(take1 * gradient));
    const most = Math.max(round32(beta2 * Number(u[i])), round32(Math.abs(gradient) + epsilon));
    m[i] = mean;
    u[i] = most;
    w[i] = value - round32(rate * round32(round32(mean * scale1) / most));
  });
}
