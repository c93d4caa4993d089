/** Networks that have stopped answering: a layer that is dead on given points, an output that is a constant. */
import {
  allocateForward,
  type DenseNetwork,
  type Engine,
  type ForwardWorkspace,
  firstRows,
  forward,
  InvalidArgumentError,
  type Matrix,
  sumSquares,
} from '@kindling/core';
import type { Passing } from './passing.js';

/**
 * Takes out of `suspects`, bottlenecks of a network, those that the batch passed last shows alive: something came out of them that
 * is not zero, or something before them was not finite, so that a gradient of 0 proves nothing.
 *
 * @param rows of that batch
 */
export function clearSuspects(passing: Passing, suspects: Set<number>, rows: number): void {
  const last = Math.max(...suspects);
  passing.lookAtLayers(rows, last, (layer, squares) => {
    const sum = squares();
    if (sum !== 0) suspects.delete(layer);
    if (Number.isFinite(sum)) return;
    for (const suspect of suspects) if (suspect > layer) suspects.delete(suspect);
  });
}

/** The first of `suspects`, if the parameters in and before it are finite; those of a later one include them. */
export function firstProved(passing: Passing, suspects: ReadonlySet<number>): number | null {
  if (suspects.size === 0) return null;
  const first = Math.min(...suspects);
  return passing.hasFiniteParameters(first) ? first : null;
}

/** The first bottleneck that is zero for all `rows` of the batch passed last, as `findDeadLayer` says it, or null. */
export function findDeadBottleneck(passing: Passing, rows: number): number | null {
  const suspects = new Set(passing.bottlenecks);
  if (suspects.size > 0) clearSuspects(passing, suspects, rows);
  return firstProved(passing, suspects);
}

/**
 * The first hidden layer that gives zero for every row of the batch passed last through `workspace`, counted from 1, or
 * null. A layer with a NaN is not dead.
 *
 * @param rows of that batch
 */
export function findDeadActivations(
  engine: Engine,
  network: DenseNetwork,
  workspace: ForwardWorkspace,
  rows: number,
): number | null {
  for (let index = 0; index < network.layers.length; index++) {
    const activations = workspace.activations[index];
    if (network.layers[index]?.relu !== true || activations === undefined) continue;
    if (sumSquares(engine, firstRows(activations, rows)) === 0) return index + 1;
  }
  return null;
}

/**
 * The same after a pass of `inputs` through the network. Room is taken and given back, unless a workspace is given.
 *
 * @throws InvalidArgumentError when inputs or workspace do not fit
 */
export function findDeadLayerOn(
  engine: Engine,
  network: DenseNetwork,
  inputs: Matrix,
  workspace?: ForwardWorkspace,
): number | null {
  const mark = engine.arena.mark();
  try {
    const room = workspace ?? allocateForward(engine, network, inputs.rows);
    forward(engine, network, inputs, room);
    return findDeadActivations(engine, network, room, inputs.rows);
  } finally {
    engine.arena.release(mark);
  }
}

/** The settings of `isConstant`. */
export interface ConstantTest {
  /** Largest difference allowed between two values of one output, ≥ 0; default 0: the same to the bit. */
  readonly tolerance?: number;
  /** Room for all the rows at once; default: taken from the arena and given back. */
  readonly workspace?: ForwardWorkspace;
}

/**
 * Whether the network gives the same answer for every row of `inputs`: max − min ≤ tolerance in each output. A network with a
 * dead layer does so exactly, because rows are computed alike. An output that is NaN or infinite is no constant.
 *
 * @throws InvalidArgumentError for a tolerance that is negative or NaN, and when inputs or workspace do not fit
 */
export function isConstant(
  engine: Engine,
  network: DenseNetwork,
  inputs: Matrix,
  { tolerance = 0, workspace }: ConstantTest = {},
): boolean {
  if (!(tolerance >= 0)) {
    throw new InvalidArgumentError(`isConstant: tolerance is ${tolerance}; expected a number ≥ 0`);
  }
  const { arena } = engine;
  const mark = arena.mark();
  try {
    const room = workspace ?? allocateForward(engine, network, inputs.rows);
    const answers = forward(engine, network, inputs, room);
    const values = arena.floats(answers.pointer, answers.rows * answers.stride);
    return Array.from({ length: answers.columns }, (_, j) => j).every((j) =>
      isConstantColumn(values, answers, j, tolerance),
    );
  } finally {
    arena.release(mark);
  }
}

function isConstantColumn(
  values: Float32Array,
  { rows, stride }: Matrix,
  column: number,
  tolerance: number,
): boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < rows; i++) {
    const value = values[i * stride + column] ?? Number.NaN;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  // NaN fails every comparison; ∞ − ∞ is NaN. No rows at all are constant.
  return rows === 0 || most - least <= tolerance;
}
