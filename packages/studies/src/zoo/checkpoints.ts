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
  /** Steps taken. */
  readonly step: number;
  readonly testAccuracy: number;
  /** Of the epoch that ended here, or of what there was of one; NaN before the first step. */
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
  /** Steps wanted as well, ascending integers ≥ 1; those behind the last epoch never come. Default: none. */
  readonly steps?: readonly number[];
  /** Weights, biases and the order of the batches derive from it. */
  readonly key: RandomKey;
  /** Replaces the parameters that the initializer has drawn, before epoch 0: for weights from elsewhere. */
  readonly prepare?: (engine: Engine, network: Network) => void;
}

/**
 * Draws a net, trains it on `dataset` and yields a checkpoint at each wanted epoch and step, in order. A training that diverges yields its
 * broken parameters at the epoch that broke if that was wanted, and ends there: fewer checkpoints than epochs. Everything taken from the
 * arena is given back at the end, also when the generator is left early; nothing else may be allocated and kept meanwhile.
 *
 * @throws InvalidArgumentError for epochs that are not ascending, or as `initializeParameters` and `train`
 */
export async function* trainCheckpoints(
  engine: Engine,
  dataset: Dataset,
  {
    architecture,
    initializer,
    optimizer,
    batchSize = zooBatchSize,
    epochs,
    steps = [],
    key,
    prepare,
  }: CheckpointOptions,
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
    const wantedSteps = new Set(steps);
    const options = { optimizer, batchSize, maxEpochs, key, reportSteps: steps };
    let before = -1;
    for await (const report of train(engine, network, data, options)) {
      // Within an epoch the number of completed ones is that of the report before.
      const ended = report.epoch > before;
      before = report.epoch;
      if (wantedSteps.has(report.step) || (ended && wanted.has(report.epoch))) {
        yield { ...report, tensors: copyTensors(engine, network) };
      }
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
