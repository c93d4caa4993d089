/** The nets of the explorable in the kernels' memory, and the data they see. */
import {
  type Architecture,
  allocateNetwork,
  type DenseNetwork,
  denseSizesOf,
  type Engine,
  firstRows,
  InvalidArgumentError,
  type Matrix,
  type Network,
  type RandomKey,
} from '@kindling/core';
import {
  type InitializationData,
  type Initializer,
  initializeNetwork,
  initializeParameters,
} from '@kindling/initializers';
import { allocateBatch, gatherBatch, type TrainableNetwork } from '@kindling/trainer';
import { residentDataset } from '../../../resident-dataset.js';
import type { TrialContext } from '../../../study.js';
import { trialRandomKey } from '../../../trial-key.js';
import { type ExploreCell, exploreLookImages } from '../cells.js';
import { sampleExploreFunction } from '../function-points.js';
import type { ExploreSpec } from '../spec.js';

/** A net as every part of the study draws it. */
export interface ExploreNet {
  readonly architecture: Architecture;
  readonly initializer: Initializer;
  /** Of the net: its weights derive from it, its input and the order of its batches. */
  readonly key: RandomKey;
}

/** Net `trial` of a cell: the same in every part, alone or beside other configurations. */
export function exploreNet(
  spec: ExploreSpec,
  { architecture, initializer, net }: ExploreCell,
  trial: number,
): ExploreNet {
  return { architecture, initializer, key: trialRandomKey(spec, { cell: net, trial }) };
}

/** A net in memory: of dense layers it is also one that the kernels for such take. */
export interface DrawnNet {
  readonly network: Network;
  /** The same parameters as a dense network; null where there are other layers. */
  readonly dense: DenseNetwork | null;
  /** What is trained. */
  readonly trainable: TrainableNetwork;
}

/** Draws the net into the arena. The caller marks and releases. @param data for initializers that look at some */
export function drawNet(
  engine: Engine,
  { architecture, initializer, key }: ExploreNet,
  data: InitializationData | null,
): DrawnNet {
  const network = allocateNetwork(engine, architecture);
  const dense = denseView(network);
  if (dense === null) initializeParameters(engine, network, initializer, key, data ?? undefined);
  else initializeNetwork(engine, dense, initializer, key, data ?? undefined);
  return { network, dense, trainable: dense ?? network };
}

function denseView({ architecture, parameters }: Network): DenseNetwork | null {
  const sizes = denseSizesOf(architecture);
  if (sizes === null) return null;
  const layers = parameters.flatMap(({ kind, matrix }, index) => {
    const biases = parameters[index + 1]?.matrix;
    if (kind !== 'weights' || biases === undefined) return [];
    return [{ fanIn: matrix.rows, fanOut: matrix.columns, relu: true, weights: matrix, biases }];
  });
  // The last layer is the linear one.
  return {
    architecture: sizes,
    layers: layers.map((layer, index) => ({ ...layer, relu: index < layers.length - 1 })),
  };
}

/** Brings the images, if the spec has some, into the engine's memory for good: to be called before a mark that is released. */
export function holdData({ engine, dataset }: TrialContext, { data }: ExploreSpec): void {
  if (data.kind === 'images' && dataset !== null) residentDataset(engine, dataset);
}

/**
 * The data that initializers look at, and at which layers are looked: the first training images, or all points. The caller holds the data,
 * marks and releases.
 *
 * @param most images at most
 * @throws InvalidArgumentError without the data set
 */
export function exploreInputs(
  context: TrialContext,
  { data }: ExploreSpec,
  most: number = exploreLookImages,
): InitializationData {
  const { engine, dataset } = context;
  if (data.kind === 'function') return sampleExploreFunction(engine, data.name);
  if (dataset === null) throw new InvalidArgumentError('explore: this trial needs the images; got none');
  const resident = residentDataset(engine, dataset);
  const rows = Math.min(resident.train.count, most);
  const room = allocateBatch(engine, resident, rows, false);
  gatherBatch(engine, resident.train, resident.naturalOrder, 0, rows, room);
  return { inputs: room.input as Matrix };
}

/** Rows `first` … `first` + `count` − 1. */
export function rowsFrom(matrix: Matrix, first: number, count: number): Matrix {
  return { ...firstRows(matrix, count), pointer: matrix.pointer + 4 * first * matrix.stride };
}
