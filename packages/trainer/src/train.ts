/**
 * The training loop: epochs over shuffled batches until a test accuracy, a cap, divergence or proof that
 * nothing can change. It takes parameters as it finds them and never chooses an initializer.
 */
import { type Engine, InvalidArgumentError, type RandomKey } from '@kindling/core';
import { allocateBatch, type BatchRoom, type ResidentDataset } from './batches.js';
import { bestConstantAccuracy, evaluatePassing, findDeadLayerOf } from './evaluate.js';
import { checkOptimizer, type Optimizer } from './optimizer-settings.js';
import { sizesOf, type TrainableNetwork } from './passing.js';
import { openSteps, type Steps } from './steps.js';
import type { TrainingThreads } from './threads/threaded-steps.js';
import { openTrainee } from './trainee.js';

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
  /**
   * Cut every batch into so many slices, ≥ 1, default 1. Gradients are computed slice by slice and added in the order of the
   * slices, each times its share of the rows: the gradient of the whole batch up to rounding. The number is part of what is
   * computed, as the size of a batch is: another one gives other last digits. Takes the parameters' memory once more. Not for
   * networks that normalize their batches.
   */
  readonly slices?: number;
  /**
   * Compute slices on several threads at once, which changes no bit: one run of the same options gives the same bits for any
   * number of threads, and without any. Where threads cannot share memory (a page that is not cross-origin isolated) one computes all slices.
   * Worth it where a step takes milliseconds. The iterator must be ended (`for await` does), else the threads stay.
   */
  readonly threads?: TrainingThreads;
  /**
   * Report also right after these steps, integers ≥ 1, ascending; steps count from 1 through all epochs. Default: none. The one that ends
   * an epoch is that epoch's report, and those behind the last epoch never come. They change nothing of the training: it stops at ends of epochs only.
   */
  readonly reportSteps?: readonly number[];
  /** Checked before every step; an abort throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Where a training stands after an epoch, or after one of `reportSteps`; epoch 0, step 0 is before the first step. */
export interface EpochReport {
  /** Completed epochs. */
  readonly epoch: number;
  /** Steps taken. */
  readonly step: number;
  /**
   * Mean over the epoch's batches of the loss before their step, weighted by their size; NaN at epoch 0. Within an epoch, over its
   * batches so far. In an epoch that diverged, the first loss that was not finite.
   */
  readonly meanLoss: number;
  readonly testAccuracy: number;
}

/**
 * Why a training ended: `reached` the target; `censored` at the cap of epochs; `diverged`: the loss, or an
 * output for a test image, became NaN or infinite; `never-moves`: from here on it provably cannot start. For the last, a layer through
 * which everything passes is zero for every training and test image, at the first step or, under plain `sgd`, after a few that
 * killed it: every gradient in and before that layer is exactly zero for good, what is behind it sees the same input for every
 * image, and no class alone is as frequent as the target asks. Such a layer ends in a ReLU, stands in no residual block and
 * behind no batch normalization; a dead branch, a leaky ReLU and a scale that starts at 0 (ReZero) are no proof.
 */
export type TrainingOutcome = 'reached' | 'censored' | 'diverged' | 'never-moves';

/** How a training ended. */
export interface TrainingResult {
  readonly outcome: TrainingOutcome;
  /** Completed epochs; for `diverged` the epoch that broke counts. */
  readonly epochs: number;
  /** Test accuracy after the last completed epoch. */
  readonly testAccuracy: number;
  /** For `never-moves`: the first dead layer, from 1; of a general network its place among the architecture's layers. */
  readonly deadLayer: number | null;
}

/**
 * Trains `network` in place and yields a report before the first and after every epoch, and after the steps that are asked for; the
 * generator's return value says how it ended. The same parameters, data, key and options give the same bits everywhere.
 *
 * Work memory is taken from the arena and given back when the generator ends, also when it is left early; a step takes none.
 * Between two reports the arena may be used, and must be left as it was, the network's parameters among it.
 *
 * Of images the network gets the pixels row by row, as it reads rows or images of one channel. Batches keep only the nonzero pixels where
 * that is faster and the network takes it, with the same bits. Batch normalization has no running averages: a test image is
 * judged by the statistics of the batch it is evaluated in, `batchSize` test images in order.
 *
 * @param network dense, or of any architecture that ends in flat outputs
 * @param data its pixels an image are the numbers that the network takes, its classes the outputs that it has
 * @throws InvalidArgumentError for options out of range, a network that does not fit the data, or an arena that was
 *   changed between two epochs
 * @throws TrainingThreadError when a thread ends on the way or throws; all are gone then
 */
export async function* train(
  engine: Engine,
  network: TrainableNetwork,
  data: ResidentDataset,
  options: TrainingOptions,
): AsyncGenerator<EpochReport, TrainingResult, void> {
  checkOptions(network, data, options);
  const { maxEpochs, targetAccuracy = Number.POSITIVE_INFINITY, batchSize } = options;
  const { arena } = engine;
  const mark = arena.mark();
  let held: number | null = null;
  let steps: Steps | null = null;
  try {
    const rows = Math.min(batchSize, Math.max(data.train.count, data.test.count));
    const room: BatchRoom = {
      ...allocateBatch(engine, data, rows, sizesOf(network).sparse),
      order: arena.allocate(4 * data.train.count),
    };
    const trainee = openTrainee(engine, network, rows, options.optimizer);
    steps = openSteps({ engine, network, trainee, data, room, options });
    held = arena.usedBytes;
    const hopeless = bestConstantAccuracy(engine, trainee, data, room) < targetAccuracy;
    let { testAccuracy, finite } = evaluatePassing(engine, trainee, data, room);
    const work: EpochWork = {
      steps,
      count: data.train.count,
      reported: new Set(options.reportSteps),
      options,
    };
    yield { epoch: 0, step: 0, meanLoss: Number.NaN, testAccuracy };
    for (let epoch = 0; ; epoch++) {
      checkArena(arena.usedBytes, held);
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
      const deadLayer = provable && hopeless ? findDeadLayerOf(engine, trainee, data, room) : null;
      if (deadLayer !== null) return end('never-moves', deadLayer);
      if (epoch === maxEpochs) return end('censored');
      const pauses = trainEpoch(work, epoch + 1);
      let pause = await pauses.next();
      while (!pause.done) {
        const now = evaluatePassing(engine, trainee, data, room);
        yield { epoch, ...pause.value, testAccuracy: now.testAccuracy };
        checkArena(arena.usedBytes, held);
        pause = await pauses.next();
      }
      ({ testAccuracy, finite } = evaluatePassing(engine, trainee, data, room));
      finite &&= Number.isFinite(pause.value.meanLoss);
      yield { epoch: epoch + 1, ...pause.value, testAccuracy };
    }
  } finally {
    await steps?.close();
    // Whoever changed the arena in between would lose what is theirs; then only their own release gives this back. Before the
    // first report nobody could.
    if (held === null || arena.usedBytes === held) arena.release(mark);
  }
}

/** What every epoch is run with. */
interface EpochWork {
  readonly steps: Steps;
  /** Images an epoch. */
  readonly count: number;
  /** Steps to pause after. */
  readonly reported: ReadonlySet<number>;
  readonly options: TrainingOptions;
}

/** What an epoch tells of itself. */
type Progress = Pick<EpochReport, 'step' | 'meanLoss'>;

/** One epoch, pausing after the steps to report; returns its mean loss, or the first loss that is not finite, which ends it. */
async function* trainEpoch(
  { steps, count, reported, options: { batchSize, signal } }: EpochWork,
  epoch: number,
): AsyncGenerator<Progress, Progress, void> {
  steps.beginEpoch(epoch);
  let number = (epoch - 1) * Math.ceil(count / batchSize);
  let total = 0;
  for (let start = 0; start < count; start += batchSize) {
    signal?.throwIfAborted();
    const rows = Math.min(batchSize, count - start);
    const step = steps.take({ start, rows });
    const loss = typeof step === 'number' ? step : await step;
    number += 1;
    if (!Number.isFinite(loss)) return { step: number, meanLoss: loss };
    total += loss * rows;
    const end = start + rows;
    if (end < count && reported.has(number)) yield { step: number, meanLoss: total / end };
  }
  return { step: number, meanLoss: total / count };
}

function checkArena(used: number, held: number): void {
  if (used === held) return;
  throw new InvalidArgumentError(
    'train: the arena changed between two epochs; expected it as the training left it — release what you allocate before you go on, and give trainings that run side by side an engine each',
  );
}

function checkOptions(network: TrainableNetwork, data: ResidentDataset, options: TrainingOptions): void {
  const { batchSize, maxEpochs, targetAccuracy, slices = 1, threads } = options;
  checkOptimizer('train', options.optimizer);
  const counts = { batchSize, maxEpochs, slices, 'threads.count': threads?.count ?? 1 };
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InvalidArgumentError(`train: ${name} is ${value}; expected an integer ≥ 1`);
    }
  }
  if (threads !== undefined && threads.count > slices) {
    throw new InvalidArgumentError(
      `train: threads.count is ${threads.count}; expected at most slices, which is ${slices} — choose the slices first, such as 4: they decide the bits`,
    );
  }
  if (targetAccuracy !== undefined && !(targetAccuracy >= 0 && targetAccuracy <= 1)) {
    throw new InvalidArgumentError(`train: targetAccuracy is ${targetAccuracy}; expected 0 … 1`);
  }
  checkReportSteps(options.reportSteps ?? []);
  const { inputs, outputs } = sizesOf(network);
  if (inputs !== data.train.features || data.test.features !== data.train.features) {
    throw new InvalidArgumentError(
      `train: the network takes ${inputs} inputs; expected the data's ${data.train.features} pixels`,
    );
  }
  if (outputs === null) {
    throw new InvalidArgumentError(
      `train: the network gives images; expected ${data.classes} flat outputs, one a class — end in flatten or global-average-pool and a dense layer`,
    );
  }
  if (outputs !== data.classes) {
    throw new InvalidArgumentError(
      `train: the network has ${outputs} outputs; expected ${data.classes}, one a class`,
    );
  }
}

function checkReportSteps(steps: readonly number[]): void {
  let before = 0;
  for (const step of steps) {
    if (!Number.isSafeInteger(step) || step <= before) {
      throw new InvalidArgumentError(
        `train: reportSteps has ${step} behind ${before}; expected ascending integers ≥ 1`,
      );
    }
    before = step;
  }
}
