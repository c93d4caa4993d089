/** One training until a test accuracy, as a trial: what it records, and what it tells on the way. */
import {
  type DenseNetwork,
  type Engine,
  InvalidArgumentError,
  type Network,
  type RandomKey,
} from '@kindling/core';
import { type ResidentDataset, type TrainingOutcome, train } from '@kindling/trainer';
import { residentDataset } from '../resident-dataset.js';
import { encodeNumber, type JsonObject } from '../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../study.js';
import type { TrainingSettings } from './training-settings.js';

/** What a training came to. Numbers as `encodeNumber` writes them. */
export interface TrainingTrialResult extends JsonObject {
  readonly outcome: TrainingOutcome;
  readonly epochs: number;
  /** Before the first step and after every epoch. */
  readonly testAccuracy: readonly (number | string)[];
  /** Mean loss of every epoch, from the first. */
  readonly meanLoss: readonly (number | string)[];
  /** First layer that is zero on all data, for `never-moves`. */
  readonly deadLayer: number | null;
}

/** What is trained, and how. */
export interface TrainingTrialOptions {
  /** The study's name, with which messages begin. */
  readonly study: string;
  readonly key: TrialKey;
  /** The trial's random numbers: the order of the batches derives from it, and the caller's weights. */
  readonly randomKey: RandomKey;
  readonly settings: TrainingSettings;
  /** After about so many epochs the training should end: for showing progress only. */
  readonly expectedEpochs: number;
  /** Takes the network from the engine's arena and draws its weights. */
  readonly makeNetwork: (engine: Engine, data: ResidentDataset) => DenseNetwork | Network;
}

/**
 * Trains by plain SGD to the target or the cap; pure but for `context.onProgress`. What it takes from the arena it gives back.
 *
 * @throws InvalidArgumentError without data
 */
export async function runTrainingTrial(
  { engine, dataset, onProgress }: TrialContext,
  { study, key, randomKey, settings, expectedEpochs, makeNetwork }: TrainingTrialOptions,
): Promise<TrainingTrialResult> {
  if (dataset === null) throw new InvalidArgumentError(`${study}: trainings need data; got none`);
  const data = residentDataset(engine, dataset);
  const { learningRate, batchSize, maxEpochs, targetAccuracy } = settings;
  const testAccuracy: (number | string)[] = [];
  const meanLoss: (number | string)[] = [];
  const mark = engine.arena.mark();
  try {
    const training = train(engine, makeNetwork(engine, data), data, {
      optimizer: { kind: 'sgd', learningRate },
      batchSize,
      maxEpochs,
      targetAccuracy,
      key: randomKey,
    });
    for (;;) {
      const step = await training.next();
      if (step.done) {
        const { outcome, epochs, deadLayer } = step.value;
        return { outcome, epochs, testAccuracy, meanLoss, deadLayer };
      }
      const report = step.value;
      testAccuracy.push(encodeNumber(report.testAccuracy));
      if (report.epoch > 0) meanLoss.push(encodeNumber(report.meanLoss));
      onProgress?.({
        ...key,
        fraction: Math.min(1, report.epoch / expectedEpochs),
        values: { epoch: report.epoch, testAccuracy: report.testAccuracy, meanLoss: report.meanLoss },
      });
    }
  } finally {
    engine.arena.release(mark);
  }
}
