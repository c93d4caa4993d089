/**
 * The training loop: epochs over shuffled batches until a test accuracy, a cap, divergence or proof that
 * nothing can change. It takes parameters as it finds them and never chooses an initializer.
 */
import { type DenseNetwork, type Engine, InvalidArgumentError, type RandomKey } from '@kindling/core';
import { allocateTraining, type TrainingWorkspace } from './backward.js';
import { allocateBatch, type BatchRoom, gatherBatch, type ResidentDataset, shuffle } from './batches.js';
import { evaluate, findDeadLayer } from './evaluate.js';
import { softmaxCrossEntropy } from './loss.js';
import {
  checkOptimizer,
  type Optimizer,
  type OptimizerState,
  openOptimizer,
  trainStep,
} from './optimizer.js';

/** The settings of `train`. */
export interface TrainingOptions {
  /** For example `{ kind: 'sgd', learningRate: 0.01 }`. */
  readonly optimizer: Optimizer;
  /** Images a step, ≥ 1; the last batch of an epoch may be smaller. */
  readonly batchSize: number;
  /** ≥ 1. */
  readonly maxEpochs: number;
  /** Stop after the epoch at whose end the test accuracy is at least this, 0 … 1. Default: train to the cap. */
  readonly targetAccuracy?: number;
  /** The order of the batches derives from it. */
  readonly key: RandomKey;
  /** Checked before every step; an abort throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Where a training stands after an epoch; epoch 0 is before the first step. */
export interface EpochReport {
  readonly epoch: number;
  /**
   * Mean over the epoch's batches of the loss before their step, weighted by their size; NaN at epoch 0. In an epoch that
   * diverged, the first loss that was not finite.
   */
  readonly meanLoss: number;
  readonly testAccuracy: number;
}

/**
 * Why a training ended: `reached` the target; `censored` at the cap of epochs; `diverged`: the loss, or an
 * output for a test image, became NaN or infinite; `never-moves`: from here on it provably cannot start. For the last, a hidden layer is zero for
 * every training and test image, at the first step or, under plain `sgd`, after a few that killed it: every gradient in and before that
 * layer is exactly zero for good, what is behind it sees the same input for every image, and no class alone is as
 * frequent as the target asks.
 */
export type TrainingOutcome = 'reached' | 'censored' | 'diverged' | 'never-moves';

/** How a training ended. */
export interface TrainingResult {
  readonly outcome: TrainingOutcome;
  /** Completed epochs; for `diverged` the epoch that broke counts. */
  readonly epochs: number;
  /** Test accuracy after the last completed epoch. */
  readonly testAccuracy: number;
  /** For `never-moves`: the first dead layer, from 1. */
  readonly deadLayer: number | null;
}

/**
 * Trains `network` in place and yields a report before the first and after every epoch; the generator's return value
 * says how it ended. The same parameters, data, key and options give the same bits everywhere.
 *
 * Work memory is taken from the arena and given back when the generator ends, also when it is left early. Between two
 * reports the arena may be used, and must be left as it was.
 *
 * @throws InvalidArgumentError for options out of range, a network that does not fit the data, or an arena that was
 *   changed between two epochs
 */
export async function* train(
  engine: Engine,
  network: DenseNetwork,
  data: ResidentDataset,
  options: TrainingOptions,
): AsyncGenerator<EpochReport, TrainingResult, void> {
  checkOptions(network, data, options);
  const { maxEpochs, targetAccuracy = Number.POSITIVE_INFINITY, batchSize } = options;
  const { arena } = engine;
  const mark = arena.mark();
  let held = arena.usedBytes;
  try {
    const rows = Math.min(batchSize, Math.max(data.train.count, data.test.count));
    const room: BatchRoom = {
      ...allocateBatch(engine, data, rows),
      order: arena.allocate(4 * data.train.count),
    };
    const workspace = allocateTraining(engine, network, rows);
    const optimizer = openOptimizer(engine, network, options.optimizer);
    held = arena.usedBytes;
    let { testAccuracy, finite } = evaluate(engine, network, data, workspace.forward, room);
    yield { epoch: 0, meanLoss: Number.NaN, testAccuracy };
    for (let epoch = 0; ; epoch++) {
      if (arena.usedBytes !== held) {
        throw new InvalidArgumentError(
          'train: the arena changed between two epochs; expected it as the training left it — release what you allocate before you go on, and give trainings that run side by side an engine each',
        );
      }
      const end = (outcome: TrainingOutcome, deadLayer: number | null = null): TrainingResult => ({
        outcome,
        epochs: epoch,
        testAccuracy,
        deadLayer,
      });
      if (!finite) return end('diverged');
      if (epoch > 0 && testAccuracy >= targetAccuracy) return end('reached');
      // Momentum and Adam go on by what they remember when a layer dies on the way, and may revive it.
      const provable = epoch === 0 || options.optimizer.kind === 'sgd';
      const deadLayer =
        provable && data.largestTestClass < targetAccuracy
          ? findDeadLayer(engine, network, data, workspace.forward, room)
          : null;
      if (deadLayer !== null) return end('never-moves', deadLayer);
      if (epoch === maxEpochs) return end('censored');
      const meanLoss = trainEpoch(engine, network, data, epoch + 1, options, { room, workspace, optimizer });
      ({ testAccuracy, finite } = evaluate(engine, network, data, workspace.forward, room));
      finite &&= Number.isFinite(meanLoss);
      yield { epoch: epoch + 1, meanLoss, testAccuracy };
    }
  } finally {
    // Whoever changed the arena in between would lose what is theirs; then only their own release gives this back.
    if (arena.usedBytes === held) arena.release(mark);
  }
}

/** What a training holds from its first step to its last. */
interface AtWork {
  readonly room: BatchRoom;
  readonly workspace: TrainingWorkspace;
  readonly optimizer: OptimizerState;
}

/** One epoch; returns its mean loss, or the first loss that is not finite. */
function trainEpoch(
  engine: Engine,
  network: DenseNetwork,
  data: ResidentDataset,
  epoch: number,
  options: TrainingOptions,
  { room, workspace, optimizer }: AtWork,
): number {
  const { count } = data.train;
  const { batchSize, key, signal } = options;
  shuffle(engine, key, epoch, count, room.order);
  let total = 0;
  for (let start = 0; start < count; start += batchSize) {
    signal?.throwIfAborted();
    const rows = Math.min(batchSize, count - start);
    const batch = gatherBatch(engine, data.train, room.order, start, rows, room);
    const answers = softmaxCrossEntropy(batch.labels);
    const loss = trainStep(engine, network, batch.input, answers, workspace, optimizer);
    if (!Number.isFinite(loss)) return loss;
    total += loss * rows;
  }
  return total / count;
}

function checkOptions(network: DenseNetwork, data: ResidentDataset, options: TrainingOptions): void {
  const { batchSize, maxEpochs, targetAccuracy } = options;
  checkOptimizer('train', options.optimizer);
  for (const [name, value] of Object.entries({ batchSize, maxEpochs })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InvalidArgumentError(`train: ${name} is ${value}; expected an integer ≥ 1`);
    }
  }
  if (targetAccuracy !== undefined && !(targetAccuracy >= 0 && targetAccuracy <= 1)) {
    throw new InvalidArgumentError(`train: targetAccuracy is ${targetAccuracy}; expected 0 … 1`);
  }
  const { widths, outputs } = network.architecture;
  if (widths[0] !== data.train.features || data.test.features !== data.train.features) {
    throw new InvalidArgumentError(
      `train: the network takes ${widths[0]} inputs; expected the data's ${data.train.features} pixels`,
    );
  }
  if (outputs !== data.classes) {
    throw new InvalidArgumentError(
      `train: the network has ${outputs} outputs; expected ${data.classes}, one a class`,
    );
  }
}
