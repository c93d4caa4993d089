/** One trial of the data-dependent study: the neurons of a wide net that are dead on the data, and the course of its loss. */
import { allocateDenseNetwork } from '@kindling/core';
import { initializeNetwork } from '@kindling/initializers';
import { findTargetFunction, sampleFunction, type TrainingOutcome, trainRegression } from '@kindling/trainer';
import { countActiveUnits } from '../../regression/active-units.js';
import { comparedInitializer } from '../../regression/compared-initializers.js';
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { findDataDependentCell } from './cells.js';
import type { DataDependentSpec } from './spec.js';

/** Result of a trial. */
export interface DataDependentResult extends JsonObject {
  /** Neurons that are zero at every point, before the first step and after the last. */
  readonly bornDead: number;
  readonly deadAtEnd: number;
  readonly outcome: TrainingOutcome;
  /** Mean squared error at epoch 0 and at every report, as `encodeNumber` writes it. */
  readonly losses: readonly (number | string)[];
}

/** Runs the trial `key`; pure. */
export async function runDataDependentTrial(
  { engine }: TrialContext,
  spec: DataDependentSpec,
  key: TrialKey,
): Promise<DataDependentResult> {
  const { target, initializer, inputs, outputs } = findDataDependentCell(spec, key.cell);
  const { radius, optimizer, epochs, reportEvery } = spec;
  const { name, points, width } = target;
  const mark = engine.arena.mark();
  try {
    const data = sampleFunction(engine, findTargetFunction(name), { count: points, radius });
    const network = allocateDenseNetwork(engine, { widths: [inputs, width], outputs });
    const { initializer: law } = comparedInitializer(initializer);
    initializeNetwork(engine, network, law, trialRandomKey(spec, key), data);
    const dead = () => width - (countActiveUnits(engine, network, data.inputs)[0] ?? 0);
    const bornDead = dead();
    const losses: (number | string)[] = [];
    const training = trainRegression(engine, network, data, {
      optimizer,
      batchSize: 'full',
      maxSteps: epochs,
      reportEvery,
    });
    for (;;) {
      const { done, value } = training.next();
      if (done === true) return { bornDead, deadAtEnd: dead(), outcome: value.outcome, losses };
      losses.push(encodeNumber(value.loss));
    }
  } finally {
    engine.arena.release(mark);
  }
}
