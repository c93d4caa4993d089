/** One trial of the explorable. */
import type { JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { findExploreCell } from './cells.js';
import type { ExploreSpec } from './spec.js';
import { runLengthsTrial } from './trials/lengths.js';
import { runNeuronsTrial } from './trials/neurons.js';
import { runTrainingTrial } from './trials/training.js';
import { runVerdictTrial } from './trials/verdict.js';

/** Runs the trial `key`; pure but for `context.onProgress`. */
export async function runExploreTrial(
  context: TrialContext,
  spec: ExploreSpec,
  key: TrialKey,
): Promise<JsonObject> {
  const cell = findExploreCell(spec, key.cell);
  switch (cell.part) {
    case 'verdict':
      return runVerdictTrial(context, spec, cell);
    case 'lengths':
      return runLengthsTrial(context, spec, cell, key.trial);
    case 'neurons':
      return runNeuronsTrial(context, spec, cell, key.trial);
    case 'training':
      return await runTrainingTrial(context, spec, cell, key);
  }
}
