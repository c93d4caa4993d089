/**
 * What `measureDeadNeurons` says, against what training does: permanently dead neurons and frozen layers never move, and
 * tentatively dead ones do come back.
 */
import {
  allocateDenseNetwork,
  allocateMatrix,
  createEngine,
  type DenseNetwork,
  deriveKey,
  keyPurpose,
  readMatrix,
  rootKey,
  writeMatrix,
} from '@kindling/core';
import { type DeadNeurons, measureDeadNeurons, neuronState } from '@kindling/diagnostics';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import { allocateTraining, meanSquaredError, openOptimizer, trainStep } from '@kindling/trainer';
import { describe, expect, it } from 'vitest';

const engine = createEngine();

/** Trains on all of the data for `steps` steps of plain SGD. */
function trainOn(
  network: DenseNetwork,
  inputs: readonly number[],
  targets: readonly number[],
  { steps, learningRate }: { readonly steps: number; readonly learningRate: number },
): { readonly before: DeadNeurons; readonly after: DeadNeurons } {
  const rows = targets.length;
  const mark = engine.arena.mark();
  const data = allocateMatrix(engine, rows, inputs.length / rows);
  const wanted = allocateMatrix(engine, rows, 1);
  writeMatrix(engine, data, inputs);
  writeMatrix(engine, wanted, targets);
  const before = measureDeadNeurons(engine, network, data);
  const workspace = allocateTraining(engine, network, rows);
  const optimizer = openOptimizer(engine, network, { kind: 'sgd', learningRate });
  for (let step = 0; step < steps; step++) {
    trainStep(engine, network, data, meanSquaredError(wanted), workspace, optimizer);
  }
  const after = measureDeadNeurons(engine, network, data);
  engine.arena.release(mark);
  return { before, after };
}

/** The parameters of every unit of every layer: its incoming weights, then its bias. */
function unitsOf(network: DenseNetwork): number[][][] {
  return network.layers.map(({ weights, biases, fanIn, fanOut }) => {
    const w = readMatrix(engine, weights);
    const b = readMatrix(engine, biases);
    return Array.from({ length: fanOut }, (_, unit) => [
      ...Array.from({ length: fanIn }, (_, i) => w[i * fanOut + unit] ?? Number.NaN),
      b[unit] ?? Number.NaN,
    ]);
  });
}

describe('random narrow nets under SGD', () => {
  const inputs = Array.from({ length: 16 }, (_, i) => (i - 7.5) / 5);
  const targets = inputs.map(Math.abs);
  const nets = 400;
  const seen = { permanent: 0, tentative: 0, revived: 0, frozen: 0, activeMoved: 0, active: 0 };
  const moved: string[] = [];
  for (let trial = 0; trial < nets; trial++) {
    const mark = engine.arena.mark();
    const network = allocateDenseNetwork(engine, { widths: [1, 4, 3, 2, 3], outputs: 1 });
    const name = trial % 2 === 0 ? 'he-normal:bias-variance=1' : 'he-normal';
    const key = deriveKey(rootKey(11), keyPurpose.trial, trial);
    initializeNetwork(engine, network, findInitializer(name).initializer, key);
    const parameters = unitsOf(network);
    const { before, after } = trainOn(network, inputs, targets, { steps: 60, learningRate: 0.01 });
    const trained = unitsOf(network);
    before.layers.forEach(({ layer, states }) => {
      states.forEach((state, unit) => {
        const isMoved =
          JSON.stringify(parameters[layer - 1]?.[unit]) !== JSON.stringify(trained[layer - 1]?.[unit]);
        const isFrozen = layer <= before.frozenLayers;
        if (isFrozen) seen.frozen += 1;
        if (state === neuronState.permanentlyDead) seen.permanent += 1;
        if (isMoved && (isFrozen || state === neuronState.permanentlyDead)) {
          moved.push(`net ${trial}, layer ${layer}, unit ${unit}`);
        }
        if (state === neuronState.active && !isFrozen) {
          seen.active += 1;
          if (isMoved) seen.activeMoved += 1;
        }
        if (state === neuronState.tentativelyDead) {
          seen.tentative += 1;
          if (after.layers[layer - 1]?.states[unit] === neuronState.active) seen.revived += 1;
        }
      });
    });
    engine.arena.release(mark);
  }

  it('permanently dead neurons and frozen layers never move, not by a bit', () => {
    expect(moved).toEqual([]);
    // There were some.
    expect(seen.permanent).toBeGreaterThan(100);
    expect(seen.frozen).toBeGreaterThan(100);
  });

  it('negative control: active neurons in front of which nothing is dead do move', () => {
    expect(seen.activeMoved / seen.active).toBeGreaterThan(0.9);
  });

  it('some tentatively dead neurons come back', () => {
    expect(seen.tentative).toBeGreaterThan(50);
    expect(seen.revived).toBeGreaterThan(0);
  });
});

it('a tentatively dead neuron is revived by the layer before it', () => {
  // Layer 1 passes x on; in layer 2 unit 0 passes it on and unit 1 waits for more than 3.
  const network = allocateDenseNetwork(engine, { widths: [1, 1, 2], outputs: 1 });
  const [first, second, output] = network.layers;
  if (first === undefined || second === undefined || output === undefined) throw new Error('three layers');
  writeMatrix(engine, first.weights, [1]);
  writeMatrix(engine, second.weights, [1, 1]);
  writeMatrix(engine, second.biases, [0, -3]);
  writeMatrix(engine, output.weights, [1, 1]);
  const waiting = unitsOf(network)[1]?.[1];
  const { before, after } = trainOn(network, [1, 2], [10, 20], { steps: 200, learningRate: 0.002 });
  expect(Array.from(before.layers[1]?.states ?? [])).toEqual([
    neuronState.active,
    neuronState.tentativelyDead,
  ]);
  expect(after.layers[1]?.states[1]).toBe(neuronState.active);
  expect(unitsOf(network)[1]?.[1]).not.toEqual(waiting);
});

it('a neuron behind a sleeping layer is only tentatively dead when that layer can be woken from behind', () => {
  // At x = 1 layer 2 sleeps and at x = −1 layer 1 does, so no point passes both; but at x = −1 layer 2 lives on its bias and
  // moves. Raised until it is awake at x = 1 too, it lets gradient through to layer 1.
  const network = allocateDenseNetwork(engine, { widths: [1, 1, 2], outputs: 1 });
  const [first, second, output] = network.layers;
  if (first === undefined || second === undefined || output === undefined) throw new Error('three layers');
  writeMatrix(engine, first.weights, [1]);
  writeMatrix(engine, second.weights, [-1, -1]);
  writeMatrix(engine, second.biases, [0.9, -1]);
  writeMatrix(engine, output.weights, [1, 1]);
  const start = unitsOf(network)[0];
  const { before } = trainOn(network, [1, -1], [3, 3], { steps: 100, learningRate: 0.02 });
  expect(before.frozenLayers).toBe(0);
  expect(Array.from(before.layers[1]?.states ?? [])).toEqual([
    neuronState.active,
    neuronState.tentativelyDead,
  ]);
  expect(unitsOf(network)[0]).not.toEqual(start);
});
