/** Trains one net and hands out its parameters on the way: what every study of parameters begins with. */
import {
  type Architecture,
  allocateNetwork,
  type Engine,
  InvalidArgumentError,
  type Network,
  type ParameterShape,
  type RandomKey,
  readMatrix,
} from '@kindling/core';
import { type Initializer, initializeParameters } from '@kindling/initializers';
import { type Dataset, loadDatasetIntoMemory, type Optimizer, train } from '@kindling/trainer';
import { zooBatchSize } from './optimizers.js';

/** A parameter with its numbers: `rows × columns`, row-major, rows the fan-in. A copy of its own. */
export interface NamedTensor extends ParameterShape {
  readonly values: Float32Array;
}

/** A net on its way. */
export interface Checkpoint {
  /** 0: before the first step. */
  readonly epoch: number;
  readonly testAccuracy: number;
  /** Of the epoch that ended here; NaN at epoch 0. */
  readonly meanLoss: number;
  /** In the order of `listParameters`: weights before biases, the first layer first. */
  readonly tensors: readonly NamedTensor[];
}

/** What is trained, and when its parameters are wanted. */
export interface CheckpointOptions {
  readonly architecture: Architecture;
  readonly initializer: Initializer;
  readonly optimizer: Optimizer;
  /** Default 32. */
  readonly batchSize?: number;
  /** Ascending integers ≥ 0, at least one; training ends with the last. */
  readonly epochs: readonly number[];
  /** Weights, biases and the order of the batches derive from it. */
  readonly key: RandomKey;
  /** Replaces the parameters that the initializer has drawn, before epoch 0: for weights from elsewhere. */
  readonly prepare?: (engine: Engine, network: Network) => void;
}

/**
 * Draws a net, trains it on `dataset` and yields a checkpoint at each wanted epoch, in order. A training that diverges yields its
 * broken parameters at the epoch that broke if that was wanted, and ends there: fewer checkpoints than epochs. Everything taken from the
 * arena is given back at the end, also when the generator is left early; nothing else may be allocated and kept meanwhile.
 *
 * @throws InvalidArgumentError for epochs that are not ascending, or as `initializeParameters` and `train`
 */
export async function* trainCheckpoints(
  engine: Engine,
  dataset: Dataset,
  { architecture, initializer, optimizer, batchSize = zooBatchSize, epochs, key, prepare }: CheckpointOptions,
): AsyncGenerator<Checkpoint, void, void> {
  const last = epochs.at(-1);
  if (
    last === undefined ||
    epochs.some((epoch, i) => !(Number.isInteger(epoch) && epoch > (epochs[i - 1] ?? -1)))
  ) {
    throw new InvalidArgumentError(
      `trainCheckpoints: epochs are ${JSON.stringify(epochs)}; expected ascending integers ≥ 0, at least one`,
    );
  }
  const mark = engine.arena.mark();
  try {
    const data = loadDatasetIntoMemory(engine, dataset);
    const network = allocateNetwork(engine, architecture);
    initializeParameters(engine, network, initializer, key);
    prepare?.(engine, network);
    const maxEpochs = Math.max(1, last);
    const wanted = new Set(epochs);
    for await (const report of train(engine, network, data, { optimizer, batchSize, maxEpochs, key })) {
      if (wanted.has(report.epoch)) yield { ...report, tensors: copyTensors(engine, network) };
      if (report.epoch >= last) return;
    }
  } finally {
    engine.arena.release(mark);
  }
}

/** Every parameter of a network with a copy of its numbers. */
export function copyTensors(engine: Engine, { parameters }: Network): readonly NamedTensor[] {
  return parameters.map(({ matrix, ...shape }) => ({ ...shape, values: readMatrix(engine, matrix) }));
}
