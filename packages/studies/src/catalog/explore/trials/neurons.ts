/**
 * Trials of the cells `neurons/…`: which neurons of one random net are dead on the data, and which of those for good.
 *
 * Of chains of ReLU layers, convolutions among them, the rule of `classifyDeadNeurons` decides, a channel being a neuron. In the residual
 * nets of this study the identity shortcuts hand gradients back to the layer in front whatever the branches do: a dead neuron of a branch
 * is tentative as long as that layer has an active neuron, which moves; without one the stream is zero, and everything is dead for good.
 */
import {
  allocateWorkspace,
  type Engine,
  forwardNetwork,
  type Images,
  type Matrix,
  readImages,
} from '@kindling/core';
import { classifyDeadNeurons, measureDeadNeurons, neuronState } from '@kindling/diagnostics';
import type { TrialContext } from '../../../study.js';
import { type ExploreCell, exploreNeuronBatch, exploreNeuronImages } from '../cells.js';
import type { ExploreNeuronLayer, ExploreNeuronsResult } from '../results.js';
import type { ExploreSpec } from '../spec.js';
import { releaseAfter } from './lengths.js';
import { type DrawnNet, drawNet, exploreInputs, exploreNet, holdData, rowsFrom } from './nets.js';

/** Looks at the first 1,000 training images, or at all points of a function. */
export function runNeuronsTrial(
  context: TrialContext,
  spec: ExploreSpec,
  cell: ExploreCell,
  trial: number,
): ExploreNeuronsResult {
  const net = exploreNet(spec, cell, trial);
  holdData(context, spec);
  return releaseAfter(context, () => {
    const { engine } = context;
    const drawn = drawNet(engine, net, exploreInputs(context, spec));
    const { inputs } = exploreInputs(context, spec, exploreNeuronImages);
    if (drawn.dense !== null) {
      const { layers, deadLayers } = measureDeadNeurons(engine, drawn.dense, inputs);
      return {
        layers: layers.map(({ layer, states }) => layerOf(layer, states)),
        bornDeadLayer: deadLayers[0] ?? null,
      };
    }
    const found = activeNeurons(engine, drawn, inputs);
    return cell.configuration.network.kind === 'residual' ? residualMap(found) : chainMap(found);
  });
}

/** The ReLU layers of a net, and what was active in them. */
interface ActiveNeurons {
  /** Where each stands among the hidden layers, from 1. */
  readonly layers: readonly number[];
  /** 1 for a neuron that is above 0 at some input. */
  readonly active: readonly Uint8Array[];
  /** Inputs × layers: 1 where a layer has an active neuron at the input. */
  readonly awake: Uint8Array;
}

function activeNeurons(engine: Engine, { network }: DrawnNet, inputs: Matrix): ActiveNeurons {
  const relus = network.program.steps.flatMap((step) =>
    'activation' in step && step.activation === 'relu' && step.place !== null ? [step.place] : [],
  );
  const shapes = new Map<string, Uint8Array>();
  const awake = new Uint8Array(inputs.rows * relus.length);
  const workspace = allocateWorkspace(engine, network, Math.min(exploreNeuronBatch, inputs.rows));
  for (let first = 0; first < inputs.rows; first += workspace.batch) {
    const rows = rowsFrom(inputs, first, Math.min(workspace.batch, inputs.rows - first));
    forwardNetwork(engine, network, rows, workspace, ({ path }, images) => {
      const index = relus.findIndex((place) => place.path === path);
      if (index < 0) return;
      const neurons = shapes.get(path) ?? new Uint8Array(images.channels);
      shapes.set(path, neurons);
      markActive(engine, images, neurons, (image) => {
        awake[(first + image) * relus.length + index] = 1;
      });
    });
  }
  return {
    layers: relus.map(({ layer }) => (layer ?? 0) + 1),
    active: relus.map(({ path }) => shapes.get(path) ?? new Uint8Array(0)),
    awake,
  };
}

function markActive(
  engine: Engine,
  images: Images,
  neurons: Uint8Array,
  wake: (image: number) => void,
): void {
  const numbers = readImages(engine, images);
  const perImage = numbers.length / images.batch;
  for (let i = 0; i < numbers.length; i++) {
    if ((numbers[i] ?? 0) <= 0) continue; // NaN is not dead: it has left f32 upwards.
    neurons[i % neurons.length] = 1;
    wake(Math.floor(i / perImage));
  }
}

function chainMap({ layers, active, awake }: ActiveNeurons): ExploreNeuronsResult {
  const found = classifyDeadNeurons(active, awake);
  return {
    layers: found.layers.map(({ states }, index) => layerOf(layers[index] ?? 0, states)),
    bornDeadLayer: found.deadLayers[0] ?? null,
  };
}

function residualMap({ layers, active }: ActiveNeurons): ExploreNeuronsResult {
  const frontMoves = active[0]?.includes(1) === true;
  return {
    layers: active.map((neurons, index) => {
      const dead = index > 0 && frontMoves ? neuronState.tentativelyDead : neuronState.permanentlyDead;
      return layerOf(
        layers[index] ?? 0,
        neurons.map((isActive) => (isActive === 1 ? neuronState.active : dead)),
      );
    }),
    bornDeadLayer: frontMoves ? null : 1,
  };
}

function layerOf(layer: number, states: Uint8Array): ExploreNeuronLayer {
  return { layer, states: states.join('') };
}
