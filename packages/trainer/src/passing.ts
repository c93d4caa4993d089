/**
 * A network with room for its passes, whatever its kind: what an evaluation, the search for dead layers and, with `Trainee`, the
 * training loops ask of it. Dense networks have code of their own behind it, because a step on a tiny one costs less than an object.
 */
import {
  type DenseNetwork,
  type Engine,
  type ForwardWorkspace,
  firstRows,
  forward,
  forwardNetwork,
  InvalidArgumentError,
  inputShape,
  isFlat,
  type Matrix,
  type Network,
  type NetworkInput,
  type NetworkWorkspace,
  readsSparseRows,
  rowsOf,
  sumSquares,
  sumSquaresOfImages,
} from '@kindling/core';
import { findBottlenecks, parametersUpTo } from './bottlenecks.js';

/** A network of either kind. */
export type TrainableNetwork = DenseNetwork | Network;

/** Called with a layer's number, from 1, and how to get Σ x² over what came out of it, or of a layer inside it. */
export type LayerLook = (layer: number, squares: () => number) => void;

/** A network with room for passes. */
export interface Passing {
  /** The outputs of a batch, a row an input. */
  outputsOf(input: NetworkInput): Matrix;
  /** Layers, from 1, whose zeros would be proof that nothing in or before them moves again (see `findBottlenecks`). */
  readonly bottlenecks: readonly number[];
  /** Goes over what came out of the layers up to and with number `last` in the pass before, of `rows` inputs; first layer first. */
  lookAtLayers(rows: number, last: number, look: LayerLook): void;
  /** Whether all parameters in and before a bottleneck are finite. */
  hasFiniteParameters(bottleneck: number): boolean;
  /** Whether an answer depends on the batch it is given in. */
  readonly normalizes: boolean;
}

/** What a network takes and gives. */
export interface NetworkSizes {
  /** Numbers an input. */
  readonly inputs: number;
  /** Numbers an answer; `null` where the network gives images. */
  readonly outputs: number | null;
  /** Whether inputs may be sparse rows. */
  readonly sparse: boolean;
}

/** Tells the two kinds of network apart. */
export function isGeneral(network: TrainableNetwork): network is Network {
  return 'program' in network;
}

/** What a network takes and gives; nothing is allocated. */
export function sizesOf(network: TrainableNetwork): NetworkSizes {
  if (!isGeneral(network)) {
    const { widths, outputs } = network.architecture;
    return { inputs: widths[0] ?? 0, outputs, sparse: true };
  }
  const { architecture, program } = network;
  const { height, width, channels } = inputShape(architecture.input);
  const output = program.values.at(-1)?.shape;
  return {
    inputs: height * width * channels,
    outputs: output !== undefined && isFlat(output) ? output.channels : null,
    sparse: readsSparseRows(program),
  };
}

/**
 * Passes through a network in a workspace of its own.
 *
 * @throws InvalidArgumentError when the workspace is not of the network's kind, or does not keep all activations
 */
export function openPassing(
  engine: Engine,
  network: TrainableNetwork,
  workspace: ForwardWorkspace | NetworkWorkspace,
): Passing {
  if (isGeneral(network)) {
    if (!('keeps' in workspace) || workspace.keeps !== 'all') {
      throw new InvalidArgumentError(
        "openPassing: the workspace does not keep all activations; expected one made by allocateWorkspace(…, 'all') or allocateNetworkTraining",
      );
    }
    return openGeneral(engine, network, workspace);
  }
  if ('keeps' in workspace) {
    throw new InvalidArgumentError(
      'openPassing: the workspace is of a network of another kind; expected one made by allocateForward',
    );
  }
  return openDense(engine, network, workspace);
}

function openDense(engine: Engine, network: DenseNetwork, workspace: ForwardWorkspace): Passing {
  const { layers } = network;
  return {
    outputsOf: (input) => forward(engine, network, input, workspace),
    bottlenecks: layers.flatMap(({ relu }, index) => (relu ? [index + 1] : [])),
    lookAtLayers: (rows, last, look) => {
      for (let layer = 1; layer <= last; layer++) {
        const room = workspace.activations[layer - 1];
        if (room !== undefined) look(layer, () => sumSquares(engine, firstRows(room, rows)));
      }
    },
    hasFiniteParameters: (bottleneck) =>
      layers
        .slice(0, bottleneck)
        .every(({ weights, biases }) => isAllFinite(engine, weights) && isAllFinite(engine, biases)),
    normalizes: false,
  };
}

function openGeneral(engine: Engine, network: Network, workspace: NetworkWorkspace): Passing {
  const { program, parameters } = network;
  const bottlenecks = findBottlenecks(program);
  return {
    outputsOf: (input) => rowsOf(forwardNetwork(engine, network, input, workspace)),
    bottlenecks: bottlenecks.map(({ layer }) => layer),
    lookAtLayers: (_, last, look) => {
      for (const { place, output } of program.steps) {
        const images = workspace.current[output];
        if (place === null || place.layer >= last || images === undefined) continue;
        look(place.layer + 1, () => sumSquaresOfImages(engine, images));
      }
    },
    hasFiniteParameters: (bottleneck) => {
      const step = bottlenecks.find(({ layer }) => layer === bottleneck)?.step ?? -1;
      return parametersUpTo(program, step).every((index) => {
        const matrix = parameters[index]?.matrix;
        return matrix !== undefined && isAllFinite(engine, matrix);
      });
    },
    normalizes: program.steps.some(({ kind }) => kind === 'batch-normalization'),
  };
}

function isAllFinite(engine: Engine, matrix: Matrix): boolean {
  return Number.isFinite(sumSquares(engine, matrix));
}
