import {
  allocateDenseNetwork,
  allocateMatrix,
  createEngine,
  type DenseNetwork,
  InvalidArgumentError,
  rootKey,
  writeMatrix,
} from '@kindling/core';
import { classifyDeadNeurons, measureDeadNeurons, neuronState } from '@kindling/diagnostics';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const engine = createEngine();
const { active, tentativelyDead, permanentlyDead } = neuronState;

/** A net of one input from rows of weights and biases, layer by layer. */
function net(
  ...layers: readonly { readonly w: readonly number[]; readonly b: readonly number[] }[]
): DenseNetwork {
  const widths = [1, ...layers.map(({ b }) => b.length)];
  const network = allocateDenseNetwork(engine, { widths, outputs: 1 });
  network.layers.forEach((layer, index) => {
    const given = layers[index];
    writeMatrix(engine, layer.weights, given?.w ?? new Array<number>(layer.fanIn).fill(1));
    writeMatrix(engine, layer.biases, given?.b ?? [0]);
  });
  return network;
}

function points(...xs: readonly number[]) {
  const data = allocateMatrix(engine, xs.length, 1);
  writeMatrix(engine, data, xs);
  return data;
}

function statesOf(network: DenseNetwork, ...xs: readonly number[]) {
  const { layers, deadLayers, frozenLayers } = measureDeadNeurons(engine, network, points(...xs));
  return { states: layers.map(({ states }) => Array.from(states)), deadLayers, frozenLayers };
}

describe('the rules', () => {
  it('a dead neuron of the first layer is permanent', () => {
    const network = net({ w: [1, 1], b: [0, -5] });
    expect(statesOf(network, 1, 2)).toEqual({
      states: [[active, permanentlyDead]],
      deadLayers: [],
      frozenLayers: 0,
    });
  });

  it('depends on the data: another point wakes it', () => {
    expect(statesOf(net({ w: [1, 1], b: [0, -5] }), 1, 6).states).toEqual([[active, active]]);
  });

  it('a dead neuron of the second layer is tentative while gradient passes it by', () => {
    const network = net({ w: [1], b: [0] }, { w: [1, 1], b: [0, -5] });
    expect(statesOf(network, 1, 2).states).toEqual([[active], [active, tentativelyDead]]);
  });

  it('is permanent where the layer before is dead at every point at which the rest is awake', () => {
    // Layer 1 sleeps at all points; layer 2 lives on its bias.
    const network = net({ w: [1], b: [-9] }, { w: [1, 1], b: [1, -1] }, { w: [1, -1, 1, -1], b: [0, 0] });
    const { states, deadLayers, frozenLayers } = statesOf(network, 1, 2);
    expect(states).toEqual([[permanentlyDead], [active, permanentlyDead], [active, tentativelyDead]]);
    expect(deadLayers).toEqual([1]);
    expect(frozenLayers).toBe(1);
  });

  it('a layer that is wholly dead freezes everything in and before it', () => {
    const network = net({ w: [1, 1], b: [0, -5] }, { w: [1, -1, 1, 0], b: [0, -5] }, { w: [-1, -1], b: [0] });
    expect(statesOf(network, 1, 2)).toEqual({
      states: [[active, permanentlyDead], [active, permanentlyDead], [permanentlyDead]],
      deadLayers: [3],
      frozenLayers: 3,
    });
  });

  it('looks at layers at one point, not at each layer by itself', () => {
    // At x = 1 layer 1 is awake and layer 2 asleep, at x = −1 the other way round: nothing passes both.
    const network = net({ w: [1], b: [0] }, { w: [-9, -9], b: [1, -1] });
    expect(statesOf(network, 1, -1).states).toEqual([[active], [active, tentativelyDead]]);
    // Yet the second is only tentative: at x = −1 layer 2 moves, and may then wake at x = 1.
    expect(statesOf(network, 1, -1).frozenLayers).toBe(0);
    // Without x = −1 nothing moves.
    expect(statesOf(network, 1).frozenLayers).toBe(2);
  });
});

it('counts what the states say, over more points than one chunk', () => {
  const network = allocateDenseNetwork(engine, { widths: [1, 30, 20], outputs: 2 });
  const { initializer } = findInitializer('he-normal:bias-variance=1');
  initializeNetwork(engine, network, initializer, rootKey(6));
  const grid = Array.from({ length: 700 }, (_, i) => i / 350 - 1);
  const { layers } = measureDeadNeurons(engine, network, points(...grid));
  expect(layers.map(({ layer, width }) => [layer, width])).toEqual([
    [1, 30],
    [2, 20],
  ]);
  for (const found of layers) {
    expect(found.active + found.tentativelyDead + found.permanentlyDead).toBe(found.width);
    expect(found.states.filter((state) => state === active)).toHaveLength(found.active);
  }
  const [first] = layers;
  expect(first?.permanentlyDead).toBeGreaterThan(0);
  expect(first?.tentativelyDead).toBe(0);
  // Exact for one input: dead on an interval if and only if dead at both ends.
  expect(measureDeadNeurons(engine, network, points(-1, grid.at(-1) ?? 0)).layers[0]?.active).toBe(
    first?.active,
  );
});

it('takes NaN for alive: it has left f32 upwards', () => {
  const network = net({ w: [1], b: [0] }, { w: [1], b: [Number.NaN] });
  expect(statesOf(network, 1).states).toEqual([[active], [active]]);
});

it('refuses data that do not fit and gives the memory back', () => {
  const network = net({ w: [1], b: [0] });
  const used = engine.arena.usedBytes;
  expect(() => measureDeadNeurons(engine, network, allocateMatrix(engine, 2, 3))).toThrow(
    InvalidArgumentError,
  );
  expect(() => measureDeadNeurons(engine, network, allocateMatrix(engine, 0, 1))).toThrow(/0 × 1/);
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => measureDeadNeurons(engine, network, points(1, bad))).toThrow(/data hold NaN or Infinity/);
  }
  engine.arena.release(used + (engine.arena.mark() - engine.arena.usedBytes));
  const data = points(1);
  const before = engine.arena.usedBytes;
  measureDeadNeurons(engine, network, data);
  expect(engine.arena.usedBytes).toBe(before);
});

it('classifies activity that was found elsewhere', () => {
  // Two layers, three points: the second layer sleeps at the second point, and at the others all are awake.
  const found = classifyDeadNeurons(
    [Uint8Array.of(1, 0), Uint8Array.of(0, 1)],
    Uint8Array.of(1, 1, 1, 0, 1, 1),
  );
  expect(found.layers.map(({ states }) => [...states])).toEqual([
    [active, permanentlyDead],
    [tentativelyDead, active],
  ]);
  expect(classifyDeadNeurons([], new Uint8Array(0)).layers).toEqual([]);
  for (const size of [0, 3]) {
    expect(() => classifyDeadNeurons([Uint8Array.of(1), Uint8Array.of(1)], new Uint8Array(size))).toThrow(
      `awake has ${size} entries; expected points × 2 layers`,
    );
  }
});
