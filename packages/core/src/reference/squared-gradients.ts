/** Twins of `rmsprop_update` and `adagrad_update`. They change `w` and `v` in place, as the kernels do. */
import { round32 } from './f32.js';

/** Parameters and what is remembered of their squared gradients: RMSprop a running mean, Adagrad the sum. */
export interface SquaresState<Floats extends Float32Array | Float64Array> {
  readonly w: Floats;
  readonly v: Floats;
}

/** The numbers of one step. */
export interface SquaresStep {
  readonly rate: number;
  /** What is kept of the squares before this one. */
  readonly keep: number;
  /** What is taken of this one. */
  readonly take: number;
  readonly epsilon: number;
}

function update(
  { w, v }: SquaresState<Float64Array>,
  g: ArrayLike<number>,
  { rate, keep, take, epsilon }: SquaresStep,
): void {
  w.forEach((value, i) => {
    const gradient = Number(g[i]);
    const square = keep * Number(v[i]) + take * gradient * gradient;
    v[i] = square;
    w[i] = value - rate * (gradient / (Math.sqrt(square) + epsilon));
  });
}

function updateF32({ w, v }: SquaresState<Float32Array>, g: ArrayLike<number>, step: SquaresStep): void {
  const [rate, keep, epsilon] = [round32(step.rate), round32(step.keep), round32(step.epsilon)];
  const take = round32(step.take);
  w.forEach((value, i) => {
    const gradient = Number(g[i]);
    const news = round32(take * round32(gradient * gradient));
    const square = round32(round32(keep * Number(v[i])) + news);
    v[i] = square;
    const divisor = round32(round32(Math.sqrt(square)) + epsilon);
    w[i] = value - round32(rate * round32(gradient / divisor));
  });
}

/** The settings of a step of RMSprop. */
export interface RmspropStep {
  readonly rate: number;
  readonly decay: number;
  readonly epsilon: number;
}

/** v ← decay·v + (1 − decay)g²; w ← w − rate · g/(√v + ε), in f64 (Tieleman & Hinton, 2012). */
export function rmspropUpdate(
  state: SquaresState<Float64Array>,
  g: ArrayLike<number>,
  { rate, decay, epsilon }: RmspropStep,
): void {
  update(state, g, { rate, keep: decay, take: 1 - decay, epsilon });
}

/** The same with every operation rounded to f32: the kernel's bits. */
export function rmspropUpdateF32(
  state: SquaresState<Float32Array>,
  g: ArrayLike<number>,
  { rate, decay, epsilon }: RmspropStep,
): void {
  updateF32(state, g, { rate, keep: decay, take: 1 - round32(decay), epsilon });
}

/** The settings of a step of Adagrad. */
export interface AdagradStep {
  readonly rate: number;
  readonly epsilon: number;
}

/** v ← v + g²; w ← w − rate · g/(√v + ε), in f64 (Duchi, Hazan & Singer, 2011). */
export function adagradUpdate(
  state: SquaresState<Float64Array>,
  g: ArrayLike<number>,
  { rate, epsilon }: AdagradStep,
): void {
  update(state, g, { rate, keep: 1, take: 1, epsilon });
}

/** The same with every operation rounded to f32: the kernel's bits. */
export function adagradUpdateF32(
  state: SquaresState<Float32Array>,
  g: ArrayLike<number>,
  { rate, epsilon }: AdagradStep,
): void {
  updateF32(state, g, { rate, keep: 1, take: 1, epsilon });
}
