/**
 * The training loop for functions: steps of gradient descent on a mean squared error, over all points at once or in
 * shuffled batches, until a loss, a cap, divergence or proof that nothing can move.
 */
import { type Engine, InvalidArgumentError, type Matrix, type RandomKey } from '@kindling/core';
import type { RegressionData } from './data/functions/sample-function.js';
import { findDeadBottleneck } from './dead-outputs.js';
import { meanSquaredError } from './loss.js';
import { checkOptimizer, type Optimizer } from './optimizer-settings.js';
import { sizesOf, type TrainableNetwork } from './passing.js';
import { openBatches } from './regression-batches.js';
import type { TrainingOutcome } from './train.js';
import { openTrainee } from './trainee.js';

/** The settings of `trainRegression`. */
export interface RegressionOptions {
  readonly optimizer: Optimizer;
  /** Points a step, ≥ 1, or all of them; the last batch of an epoch may be smaller. Default `'full'`. */
  readonly batchSize?: number | 'full';
  /** Steps at most, ≥ 1. */
  readonly maxSteps: number;
  /** Stop when the loss over all points is at most this, ≥ 0. Default: train to the cap. */
  readonly targetLoss?: number;
  /**
   * A report, and with batches a look at the loss over all points, comes every so many steps, ≥ 1; default 100. Over all
   * points at once the loss is looked at in every step, because it costs nothing.
   */
  readonly reportEvery?: number;
  /** The order of the batches derives from it, epoch by epoch; unused (and may be left out) with `'full'`. */
  readonly key?: RandomKey;
}

/** Where a training stands after so many steps; 0 is before the first. */
export interface RegressionReport {
  readonly step: number;
  /** Mean squared error over all points and outputs, of the parameters as they are now. */
  readonly loss: number;
}

/** How a training ended. */
export interface RegressionResult {
  /**
   * `reached` the target; `censored` at the cap; `diverged`: a loss became NaN or infinite; `never-moves`: a layer through which
   * everything passes (see `findBottlenecks`; any hidden layer of a dense network) gives zero at every point, so its gradient and that of everything before it is zero for good and the output is a constant; no
   * constant is as good as the target asks. Later than at step 0 that is a proof under plain `sgd` only: what momentum and Adam
   * remember may revive a layer, so they go on.
   */
  readonly outcome: TrainingOutcome;
  /** Steps taken. */
  readonly steps: number;
  /** Over all points, after the last step. */
  readonly loss: number;
  /** For `never-moves`: the first dead layer, from 1; of a general network its place among the architecture's layers. */
  readonly deadLayer: number | null;
}

/**
 * Trains `network` in place and yields a report at step 0, every `reportEvery` steps and at the end; the generator's return
 * value says how it ended. The same parameters, points, key and options give the same bits everywhere.
 *
 * Work memory is taken from the arena and given back when the generator ends, also when it is left early; a step takes none.
 * Between two reports the arena may be used, and must be left as it was.
 *
 * @param data as `sampleFunction` gives it: as many rows of inputs as of targets, finite
 * @throws InvalidArgumentError for options out of range, data that do not fit the network, or an arena that was changed between
 *   two reports
 */
export function* trainRegression(
  engine: Engine,
  network: TrainableNetwork,
  data: RegressionData,
  options: RegressionOptions,
): Generator<RegressionReport, RegressionResult, void> {
  const batchSize = checkOptions(network, data, options);
  const { maxSteps, targetLoss = Number.NEGATIVE_INFINITY, reportEvery = 100 } = options;
  const { arena } = engine;
  const mark = arena.mark();
  let held = arena.usedBytes;
  try {
    const { inputs } = data;
    const allTargets = meanSquaredError(data.targets);
    const trainee = openTrainee(engine, network, inputs.rows, options.optimizer);
    const batches = openBatches(engine, data, batchSize, options.key);
    held = arena.usedBytes;
    const lookEvery = batches === null ? 1 : reportEvery;
    const hopeless = constantLoss(engine, data.targets) > targetLoss;
    let batchLoss = 0;
    for (let step = 0; ; step++) {
      if (step % lookEvery === 0 || step === maxSteps || !Number.isFinite(batchLoss)) {
        const loss = trainee.lossOf(inputs, allTargets);
        const reports = step % reportEvery === 0 || step === maxSteps;
        const provable = hopeless && reports && (step === 0 || options.optimizer.kind === 'sgd');
        const deadLayer = provable ? findDeadBottleneck(trainee, inputs.rows) : null;
        const outcome = outcomeOf({ loss, batchLoss, targetLoss, deadLayer, atCap: step === maxSteps });
        if (reports || outcome !== null) {
          yield { step, loss };
          if (arena.usedBytes !== held) throw arenaChanged();
        }
        if (outcome !== null) return { outcome, steps: step, loss, deadLayer };
      }
      if (batches === null) {
        // The loss over all points was this step's way forward.
        trainee.descend(inputs);
      } else {
        const { input, loss } = batches.next();
        batchLoss = trainee.step(input, loss);
      }
    }
  } finally {
    // Whoever changed the arena in between would lose what is theirs; then only their own release gives this back.
    if (arena.usedBytes === held) arena.release(mark);
  }
}

interface Standing {
  readonly loss: number;
  readonly batchLoss: number;
  readonly targetLoss: number;
  readonly deadLayer: number | null;
  readonly atCap: boolean;
}

function outcomeOf({ loss, batchLoss, targetLoss, deadLayer, atCap }: Standing): TrainingOutcome | null {
  if (!Number.isFinite(loss) || !Number.isFinite(batchLoss)) return 'diverged';
  if (loss <= targetLoss) return 'reached';
  if (deadLayer !== null) return 'never-moves';
  return atCap ? 'censored' : null;
}

/** The least mean squared error that a constant output reaches: the variance of the targets, over all columns. */
function constantLoss(engine: Engine, { pointer, rows, columns, stride }: Matrix): number {
  const values = engine.arena.floats(pointer, rows * stride);
  let total = 0;
  for (let j = 0; j < columns; j++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += values[i * stride + j] ?? 0;
    for (let i = 0; i < rows; i++) {
      const difference = (values[i * stride + j] ?? 0) - sum / rows;
      total += difference * difference;
    }
  }
  return total / (rows * columns);
}

/** Returns the points a step. */
function checkOptions(network: TrainableNetwork, data: RegressionData, options: RegressionOptions): number {
  const { batchSize = 'full', maxSteps, targetLoss, reportEvery = 100 } = options;
  checkOptimizer('trainRegression', options.optimizer);
  const { rows, columns } = data.inputs;
  const points = batchSize === 'full' ? Math.max(rows, 1) : batchSize;
  for (const [name, value] of Object.entries({ batchSize: points, maxSteps, reportEvery })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InvalidArgumentError(`trainRegression: ${name} is ${value}; expected an integer ≥ 1`);
    }
  }
  if (targetLoss !== undefined && !(targetLoss >= 0)) {
    throw new InvalidArgumentError(`trainRegression: targetLoss is ${targetLoss}; expected a number ≥ 0`);
  }
  if (points < rows && options.key === undefined) {
    throw new InvalidArgumentError(
      `trainRegression: there is no key; expected one, because batches of ${points} of ${rows} points are shuffled`,
    );
  }
  const { inputs, outputs } = sizesOf(network);
  if (rows < 1 || columns !== inputs) {
    throw new InvalidArgumentError(
      `trainRegression: the inputs are ${rows} × ${columns}; expected at least one row of ${inputs}, as the network takes them`,
    );
  }
  if (data.targets.rows !== rows || data.targets.columns !== outputs) {
    throw new InvalidArgumentError(
      `trainRegression: the targets are ${data.targets.rows} × ${data.targets.columns}; expected ${rows} × ${outputs ?? 'flat outputs'}, a row for every input and a column for every output`,
    );
  }
  return points;
}

function arenaChanged(): InvalidArgumentError {
  return new InvalidArgumentError(
    'trainRegression: the arena changed between two reports; expected it as the training left it — release what you allocate before you go on, and give trainings that run side by side an engine each',
  );
}
