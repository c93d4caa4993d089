/** One trial of the trainability study: a random net of one hidden layer, its active neurons, and its training. */
import { allocateDenseNetwork } from '@kindling/core';
import { initializeNetwork } from '@kindling/initializers';
import { findTargetFunction, sampleFunction, type TrainingOutcome, trainRegression } from '@kindling/trainer';
import { countActiveUnits } from '../../regression/active-units.js';
import { comparedInitializer } from '../../regression/compared-initializers.js';
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { findTrainabilityCell } from './cells.js';
import type { TrainabilitySpec } from './spec.js';

/** Result of a trial. */
export interface TrainabilityResult extends JsonObject {
  /** Neurons that are above zero somewhere on the data before the first step. */
  readonly active: number;
  readonly outcome: TrainingOutcome;
  readonly steps: number;
  /** Mean squared error at the end, as `encodeNumber` writes it. */
  readonly loss: number | string;
}

/** Runs the trial `key`; pure. */
export async function runTrainabilityTrial(
  { engine }: TrialContext,
  spec: TrainabilitySpec,
  key: TrialKey,
): Promise<TrainabilityResult> {
  const { target, width } = findTrainabilityCell(spec, key.cell);
  const { points, radius, optimizer, maxSteps, targetLoss } = spec;
  const mark = engine.arena.mark();
  try {
    // The ends of the interval are on the grid: a neuron is dead on the points exactly when it is dead on all of it.
    const data = sampleFunction(engine, findTargetFunction(target), { count: points, radius });
    const network = allocateDenseNetwork(engine, { widths: [1, width], outputs: 1 });
    const { initializer } = comparedInitializer('he-normal-biases');
    initializeNetwork(engine, network, initializer, trialRandomKey(spec, key));
    const [active = 0] = countActiveUnits(engine, network, data.inputs);
    const training = trainRegression(engine, network, data, {
      optimizer,
      batchSize: 'full',
      maxSteps,
      targetLoss,
      reportEvery: Math.min(1000, maxSteps),
    });
    for (;;) {
      const step = training.next();
      if (step.done === true) {
        const { outcome, steps, loss } = step.value;
        return { active, outcome, steps, loss: encodeNumber(loss) };
      }
    }
  } finally {
    engine.arena.release(mark);
  }
}
