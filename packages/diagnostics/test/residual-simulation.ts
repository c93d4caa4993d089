/** Residual nets in plain f64, matrices and all: shares nothing with the code it checks. */
import { type Draw, dot } from './theory-simulation.js';

export interface SimulatedResidualNet {
  readonly width: number;
  readonly scales: readonly number[];
  /** Widths of the ReLU layers before a linear one; null: one ReLU layer. */
  readonly hidden: readonly number[] | null;
  /** Mean 0, variance 1. */
  readonly weight: Draw;
  /** Of a weight, from the fan-in; `last` for the linear layer. */
  readonly deviation: (fanIn: number) => number;
  readonly lastDeviation?: (fanIn: number) => number;
  readonly biasDeviation?: number;
  readonly input: readonly number[];
}

function layer(net: SimulatedResidualNet, x: readonly number[], width: number, deviation: number): number[] {
  const { weight, biasDeviation = 0 } = net;
  return Array.from({ length: width }, () => {
    let sum = biasDeviation === 0 ? 0 : biasDeviation * weight();
    for (const value of x) sum += deviation * weight() * value;
    return sum;
  });
}

/** ‖f_1‖² … ‖f_L‖² of one random net. */
export function simulateResidual(net: SimulatedResidualNet): number[] {
  const { width, scales, hidden, deviation, lastDeviation = deviation } = net;
  let x = net.input;
  return scales.map((scale) => {
    let branch = x;
    for (const size of hidden ?? [width]) {
      branch = layer(net, branch, size, deviation(branch.length)).map((value) => Math.max(0, value));
    }
    if (hidden !== null) branch = layer(net, branch, width, lastDeviation(branch.length));
    const added = branch;
    x = x.map((value, i) => value + scale * (added[i] ?? 0));
    return dot(x, x);
  });
}

/** A direction uniform on the sphere. */
export function randomDirection(width: number, normal: Draw): number[] {
  const direction = Array.from({ length: width }, normal);
  const norm = Math.sqrt(dot(direction, direction));
  return direction.map((x) => x / norm);
}

/** b^l for l = 1 … L. */
export function geometricScales(base: number, modules: number): number[] {
  let scale = 1;
  return Array.from({ length: modules }, () => {
    scale *= base;
    return scale;
  });
}
