/** One trial of the verdict study: a diagnosis, or a training. */
import { allocateDenseNetwork } from '@kindling/core';
import { diagnose, type VerdictCode } from '@kindling/diagnostics';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import type { TrainingOutcome } from '@kindling/trainer';
import type { JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { runTrainingTrial } from '../../training/training-trial.js';
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
  context: TrialContext,
  spec: VerdictAgreementSpec,
  cell: VerdictAgreementCell,
  key: TrialKey,
): Promise<TrainingResult> {
  const randomKey = trialRandomKey(spec, key);
  const { outcome, epochs, testAccuracy } = await runTrainingTrial(context, {
    study: 'verdict-agreement',
    key,
    randomKey,
    settings: spec,
    expectedEpochs: expectedEpochs(spec, cell),
    makeNetwork: (engine, data) => {
      const network = allocateDenseNetwork(engine, { widths: widthsOf(spec, cell), outputs: data.classes });
      initializeNetwork(engine, network, findInitializer(cell.initializer).initializer, randomKey);
      return network;
    },
  });
  return { outcome, epochs, testAccuracy: testAccuracy.at(-1) ?? 'NaN' };
}
