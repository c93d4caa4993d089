/** One trial of the verdict study: a diagnosis, or a training. */
import { allocateDenseNetwork, InvalidArgumentError } from '@kindling/core';
import { diagnose, type VerdictCode } from '@kindling/diagnostics';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import { type TrainingOutcome, train } from '@kindling/trainer';
import { residentDataset } from '../../resident-dataset.js';
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { expectedEpochs, findVerdictAgreementCell, type VerdictAgreementCell, widthsOf } from './cells.js';
import type { VerdictAgreementSpec } from './spec.js';

/** What the diagnosis of a net says, without having seen the data. */
export interface VerdictResult extends JsonObject {
  readonly verdict: VerdictCode;
  readonly verdicts: readonly VerdictCode[];
  readonly startingShare: number;
}

/** How a training ended. */
export interface TrainingResult extends JsonObject {
  readonly outcome: TrainingOutcome;
  readonly epochs: number;
  /** Last test accuracy; as `encodeNumber` writes it. */
  readonly testAccuracy: number | string;
}

/** Runs the trial `key`; pure but for `context.onProgress`. */
export async function runVerdictAgreementTrial(
  context: TrialContext,
  spec: VerdictAgreementSpec,
  key: TrialKey,
): Promise<JsonObject> {
  const cell = findVerdictAgreementCell(spec, key.cell);
  return cell.part === 'verdict'
    ? diagnoseTrial(context, spec, cell, key)
    : trainTrial(context, spec, cell, key);
}

function diagnoseTrial(
  { engine }: TrialContext,
  spec: VerdictAgreementSpec,
  cell: VerdictAgreementCell,
  key: TrialKey,
): VerdictResult {
  const { verdict, verdicts, numbers } = diagnose(engine, {
    widths: widthsOf(spec, cell),
    outputs: spec.data.classes,
    initializer: findInitializer(cell.initializer).initializer,
    key: trialRandomKey(spec, key),
    remedies: false,
  });
  return { verdict, verdicts, startingShare: numbers.startingShare };
}

async function trainTrial(
  { engine, dataset, onProgress }: TrialContext,
  spec: VerdictAgreementSpec,
  cell: VerdictAgreementCell,
  key: TrialKey,
): Promise<TrainingResult> {
  if (dataset === null) throw new InvalidArgumentError('verdict-agreement: trainings need data; got none');
  const data = residentDataset(engine, dataset);
  const randomKey = trialRandomKey(spec, key);
  const { learningRate, batchSize, maxEpochs, targetAccuracy } = spec;
  const expected = expectedEpochs(spec, cell);
  const mark = engine.arena.mark();
  try {
    const network = allocateDenseNetwork(engine, { widths: widthsOf(spec, cell), outputs: data.classes });
    initializeNetwork(engine, network, findInitializer(cell.initializer).initializer, randomKey);
    const training = train(engine, network, data, {
      optimizer: { kind: 'sgd', learningRate },
      batchSize,
      maxEpochs,
      targetAccuracy,
      key: randomKey,
    });
    for (;;) {
      const step = await training.next();
      if (step.done) {
        const { outcome, epochs, testAccuracy } = step.value;
        return { outcome, epochs, testAccuracy: encodeNumber(testAccuracy) };
      }
      const { epoch, testAccuracy, meanLoss } = step.value;
      onProgress?.({
        ...key,
        fraction: Math.min(1, epoch / expected),
        values: { epoch, testAccuracy, meanLoss },
      });
    }
  } finally {
    engine.arena.release(mark);
  }
}
