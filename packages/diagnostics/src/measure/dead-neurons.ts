/**
 * Dead neurons of a network on a data set, and which of them can come back (Shin & Karniadakis, 2020, arXiv 1907.09696).
 *
 * A neuron is dead if its pre-activation is ≤ 0 at every point. It gets no gradient then, so only neurons before it can
 * revive it. Gradients at a point x reach the parameters of layer s only if every layer from s on has an active neuron at x:
 * with D(x) the layers that are wholly dead at x, those of layers above max D(x). Once layer s moves, layers from s on may
 * revive at any point, which opens the way further back; so the lowest layer that can ever move is the fixed point of
 *
 *     s ← min over x of max {ℓ ∈ D(x), ℓ < s} + 1        (starting with all of D(x); max ∅ = 0)
 *
 * A dead neuron of layer t is *tentative* if some layer before it can move, s < t, and *permanent* otherwise: always in the
 * first layer, and in and before a layer that is dead on all the data.
 */
import {
  allocateForward,
  type DenseNetwork,
  type Engine,
  firstRows,
  forward,
  InvalidArgumentError,
  type Matrix,
  readMatrix,
  sumSquares,
} from '@kindling/core';

/** What a neuron is on the data. */
export const neuronState = { active: 0, tentativelyDead: 1, permanentlyDead: 2 } as const;

/** One ReLU layer. */
export interface DeadNeuronsOfLayer {
  /** From 1. */
  readonly layer: number;
  readonly width: number;
  /** Neurons that are above 0 at some point. */
  readonly active: number;
  readonly tentativelyDead: number;
  readonly permanentlyDead: number;
  /** A `neuronState` a neuron. */
  readonly states: Uint8Array;
}

/** What `measureDeadNeurons` finds. */
export interface DeadNeurons {
  readonly layers: readonly DeadNeuronsOfLayer[];
  /** Layers, from 1, in which every neuron is dead at every point. */
  readonly deadLayers: readonly number[];
  /** Parameters of layers 1 … frozenLayers, those of active neurons too, get no gradient now or ever. 0: all may move. */
  readonly frozenLayers: number;
}

/** Points passed forward at once. */
const chunkRows = 256;

/**
 * Finds the dead neurons of every ReLU layer on `data`. Weights are taken to be such that active neurons of neighboring layers
 * are connected: a weight of exactly 0 between them moves at the first step. The states are those of f32, in which a net that
 * shrinks below 2^−149 is dead for every purpose.
 *
 * "Permanent" is a certainty for gradient descent without weight decay, "tentative" a possibility.
 *
 * @param data points × widths[0], at least one
 * @throws InvalidArgumentError for data of another width, without points, or with a number that is not finite
 */
export function measureDeadNeurons(engine: Engine, network: DenseNetwork, data: Matrix): DeadNeurons {
  const [inputWidth] = network.architecture.widths;
  if (data.rows < 1 || data.columns !== inputWidth) {
    throw new InvalidArgumentError(
      `measureDeadNeurons: data is ${data.rows} × ${data.columns}; expected at least 1 × ${inputWidth}`,
    );
  }
  if (!Number.isFinite(sumSquares(engine, data))) {
    throw new InvalidArgumentError('measureDeadNeurons: data hold NaN or Infinity; expected finite numbers');
  }
  const hidden = network.layers.filter(({ relu }) => relu);
  const active = hidden.map(({ fanOut }) => new Uint8Array(fanOut));
  /** Points × layers: 1 where a layer has an active neuron at a point. */
  const awake = new Uint8Array(data.rows * hidden.length);
  const mark = engine.arena.mark();
  try {
    const workspace = allocateForward(engine, network, Math.min(chunkRows, data.rows));
    for (let first = 0; first < data.rows; first += chunkRows) {
      const count = Math.min(chunkRows, data.rows - first);
      const rows = { ...firstRows(data, count), pointer: data.pointer + 4 * first * data.stride };
      forward(engine, network, rows, workspace, (layer, activations) => {
        const neurons = active[layer - 1];
        if (neurons === undefined) return; // The linear outputs.
        const values = readMatrix(engine, activations);
        for (let i = 0; i < values.length; i++) {
          if ((values[i] ?? 0) <= 0) continue; // NaN is not dead: it has left f32 upwards.
          neurons[i % neurons.length] = 1;
          awake[(first + Math.floor(i / neurons.length)) * hidden.length + layer - 1] = 1;
        }
      });
    }
  } finally {
    engine.arena.release(mark);
  }
  return classifyDeadNeurons(active, awake);
}

/**
 * The rule by itself, for networks that were passed elsewhere: chains of ReLU layers, in which every gradient to a layer passes
 * through all later ones.
 *
 * @param active of every ReLU layer in turn, a number a neuron: 1 where it is above 0 at some point
 * @param awake points × layers, row by row: 1 where the layer has an active neuron at the point
 * @throws InvalidArgumentError when `awake` is not of that size
 */
export function classifyDeadNeurons(active: readonly Uint8Array[], awake: Uint8Array): DeadNeurons {
  const points = awake.length / active.length;
  if (active.length === 0 ? awake.length > 0 : points < 1 || !Number.isInteger(points)) {
    throw new InvalidArgumentError(
      `classifyDeadNeurons: awake has ${awake.length} entries; expected points × ${active.length} layers, at least one point`,
    );
  }
  const frozenLayers = lowestMovingLayer(awake, active.length) - 1;
  const layers = active.map((neurons, index) => statesOf(neurons, index + 1, frozenLayers));
  return {
    layers,
    deadLayers: layers.filter((found) => found.active === 0).map(({ layer }) => layer),
    frozenLayers,
  };
}

/** The fixed point above; depth + 1 when no ReLU layer can move. */
function lowestMovingLayer(awake: Uint8Array, depth: number): number {
  let lowest = depth + 1;
  for (;;) {
    let next = lowest;
    for (let row = 0; row < awake.length; row += depth) {
      let dead = lowest - 1;
      while (dead >= 1 && awake[row + dead - 1] === 1) dead -= 1;
      next = Math.min(next, dead + 1);
    }
    if (next === lowest) return lowest;
    lowest = next;
  }
}

function statesOf(neurons: Uint8Array, layer: number, frozenLayers: number): DeadNeuronsOfLayer {
  const dead = frozenLayers < layer - 1 ? neuronState.tentativelyDead : neuronState.permanentlyDead;
  const states = neurons.map((isActive) => (isActive === 1 ? neuronState.active : dead));
  const count = (state: number) => states.reduce((sum, found) => sum + (found === state ? 1 : 0), 0);
  return {
    layer,
    width: neurons.length,
    active: count(neuronState.active),
    tentativelyDead: count(neuronState.tentativelyDead),
    permanentlyDead: count(neuronState.permanentlyDead),
    states,
  };
}
