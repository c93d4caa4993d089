/** One trial of figure 3: a net of some width pattern, drawn by He normal with zero biases and trained to the target. */
import { allocateDenseNetwork } from '@kindling/core';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import type { TrialContext, TrialKey } from '../../study.js';
import { runTrainingTrial, type TrainingTrialResult } from '../../training/training-trial.js';
import { trialRandomKey } from '../../trial-key.js';
import { expectedEpochs, findFigure3Cell } from './cells.js';
import { patternWidths } from './patterns.js';
import type { Figure3Spec } from './spec.js';

/** Runs the trial `key`; pure but for `context.onProgress`. */
export async function runFigure3Trial(
  context: TrialContext,
  spec: Figure3Spec,
  key: TrialKey,
): Promise<TrainingTrialResult> {
  const { pattern, depth, sumReciprocalWidths } = findFigure3Cell(spec, key.cell);
  const randomKey = trialRandomKey(spec, key);
  return runTrainingTrial(context, {
    study: 'figure-3',
    key,
    randomKey,
    settings: spec,
    expectedEpochs: expectedEpochs(sumReciprocalWidths, spec.maxEpochs),
    makeNetwork: (engine, data) => {
      const widths = [data.train.features, ...patternWidths(pattern, depth)];
      const network = allocateDenseNetwork(engine, { widths, outputs: data.classes });
      initializeNetwork(engine, network, findInitializer('he-normal').initializer, randomKey);
      return network;
    },
  });
}
