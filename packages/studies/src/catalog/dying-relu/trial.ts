/** One trial of the dying-ReLU study: a deep narrow net, whether it is born dead, and what training makes of it. */
import {
  allocateDenseNetwork,
  allocateForward,
  type DenseNetwork,
  type Engine,
  forward,
  type Matrix,
  readMatrix,
} from '@kindling/core';
import { initializeNetwork } from '@kindling/initializers';
import {
  findDeadLayerOn,
  findTargetFunction,
  type RegressionData,
  sampleFunction,
  type TrainingOutcome,
  trainRegression,
} from '@kindling/trainer';
import { comparedInitializer } from '../../regression/compared-initializers.js';
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { findDyingReluCell } from './cells.js';
import type { DyingReluSpec } from './spec.js';

/** Result of a trial. Numbers as `encodeNumber` writes them. */
export interface DyingReluResult extends JsonObject {
  /** The first ReLU layer that is zero at every point before the first step, from 1; null when none is. */
  readonly bornDeadLayer: number | null;
  /** The same at the end. */
  readonly deadLayer: number | null;
  readonly outcome: TrainingOutcome;
  readonly steps: number;
  readonly loss: number | string;
  /** max − min of the outputs over the points, divided by that of the target; of several outputs the largest. */
  readonly variation: number | string;
}

/** The loss over all points is looked at, and a dead layer looked for, every so many steps. */
const reportEvery = 100;
/**
 * A training under Adam ends when a layer has been dead at so many reports in a row. Its gradient and that of everything
 * before it has then been exactly zero for 400 steps: what Adam remembers of earlier ones has shrunk by 0.9^400 < 10⁻¹⁸,
 * less than rounding.
 */
const deadReports = 5;

/** Runs the trial `key`; pure. */
export async function runDyingReluTrial(
  { engine }: TrialContext,
  spec: DyingReluSpec,
  key: TrialKey,
): Promise<DyingReluResult> {
  const { target, initializer, inputs, outputs } = findDyingReluCell(spec, key.cell);
  const randomKey = trialRandomKey(spec, key);
  const mark = engine.arena.mark();
  try {
    const data = sampleFunction(engine, findTargetFunction(target.name), {
      count: spec.points,
      radius: spec.radius,
      key: randomKey,
    });
    const widths = [inputs, ...new Array<number>(target.hiddenLayers).fill(target.width)];
    const network = allocateDenseNetwork(engine, { widths, outputs });
    initializeNetwork(engine, network, comparedInitializer(initializer).initializer, randomKey, data);
    const bornDeadLayer = findDeadLayerOn(engine, network, data.inputs);
    const end = trainUntilDead(engine, network, data, spec, randomKey);
    return {
      bornDeadLayer,
      ...end,
      deadLayer: findDeadLayerOn(engine, network, data.inputs),
      variation: encodeNumber(variationOf(engine, network, data)),
    };
  } finally {
    engine.arena.release(mark);
  }
}

/** The training, ended early where it provably changes nothing any more. */
function trainUntilDead(
  engine: Engine,
  network: DenseNetwork,
  data: RegressionData,
  { optimizer, batchSize, maxSteps, targetLoss }: DyingReluSpec,
  key: ReturnType<typeof trialRandomKey>,
): Pick<DyingReluResult, 'outcome' | 'steps' | 'loss'> {
  const options = { optimizer, batchSize, maxSteps, targetLoss, reportEvery, key };
  const training = trainRegression(engine, network, data, options);
  let dead = 0;
  for (;;) {
    const { done, value } = training.next();
    if (done === true) return { outcome: value.outcome, steps: value.steps, loss: encodeNumber(value.loss) };
    dead = findDeadLayerOn(engine, network, data.inputs) === null ? 0 : dead + 1;
    if (dead === deadReports) {
      const { step, loss } = value;
      training.return({ outcome: 'never-moves', steps: step, loss, deadLayer: null });
      return { outcome: 'never-moves', steps: step, loss: encodeNumber(loss) };
    }
  }
}

function variationOf(engine: Engine, network: DenseNetwork, { inputs, targets }: RegressionData): number {
  const mark = engine.arena.mark();
  const answers = rangesOf(
    engine,
    forward(engine, network, inputs, allocateForward(engine, network, inputs.rows)),
  );
  engine.arena.release(mark);
  const ranges = rangesOf(engine, targets);
  return answers.reduce((most, range, i) => Math.max(most, range / (ranges[i] ?? Number.NaN)), 0);
}

/** max − min of every column; NaN where one is. */
function rangesOf(engine: Engine, matrix: Matrix): readonly number[] {
  const values = readMatrix(engine, matrix);
  return Array.from({ length: matrix.columns }, (_, column) => {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = column; i < values.length; i += matrix.columns) {
      const value = values[i] ?? Number.NaN;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return most - least;
  });
}
