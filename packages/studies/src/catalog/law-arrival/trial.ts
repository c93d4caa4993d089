/** One trial: the laws of a net's weights on its way. */
import { InvalidArgumentError } from '@kindling/core';
import { findInitializer } from '@kindling/initializers';
import type { JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { isComparable, type NetLaw, netLaw } from '../../weight-laws/layer-statistics.js';
import { trainCheckpoints } from '../../zoo/checkpoints.js';
import { zooOptimizers } from '../../zoo/optimizers.js';
import { architectureOf, findLawArrivalCell } from './cells.js';
import { arrivalSteps, type LawArrivalSpec } from './spec.js';

/** A net at one step. */
export interface ArrivalPoint extends JsonObject {
  readonly step: number;
  readonly testAccuracy: number;
  readonly law: NetLaw;
}

/** What a trial found. */
export interface LawArrivalResult extends JsonObject {
  /** Step 0 and every one of `arrivalSteps`; fewer where the training diverged. */
  readonly points: readonly ArrivalPoint[];
}

/** Runs the trial `key`; pure but for `context.onProgress`. */
export async function runLawArrivalTrial(
  { engine, dataset, onProgress }: TrialContext,
  spec: LawArrivalSpec,
  key: TrialKey,
): Promise<LawArrivalResult> {
  if (dataset === null) throw new InvalidArgumentError('law-arrival: trainings need data; got none');
  const { architecture, initializer } = findLawArrivalCell(spec, key.cell);
  const randomKey = trialRandomKey(spec, key);
  const steps = arrivalSteps(spec);
  const points: ArrivalPoint[] = [];
  for await (const { epoch, step, tensors, testAccuracy, meanLoss } of trainCheckpoints(engine, dataset, {
    architecture: architectureOf(spec, architecture),
    initializer: findInitializer(initializer).initializer,
    optimizer: zooOptimizers[spec.optimizer],
    batchSize: spec.batchSize,
    epochs: [0, spec.maxEpochs],
    steps,
    key: randomKey,
  })) {
    const law = netLaw(tensors, randomKey);
    if (!isComparable(law)) break;
    points.push({ step, testAccuracy, law });
    onProgress?.({
      ...key,
      fraction: step / (steps.at(-1) ?? 1),
      values: { epoch, testAccuracy, meanLoss },
    });
  }
  return { points };
}
