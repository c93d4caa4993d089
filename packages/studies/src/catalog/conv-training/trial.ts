/** One trial: a random net's length before the first step, and its training. */
import { allocateNetwork } from '@kindling/core';
import { measureNetworkLengths } from '@kindling/diagnostics';
import { findInitializer, initializeParameters } from '@kindling/initializers';
import { encodeNumber } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { runTrainingTrial, type TrainingTrialResult } from '../../training/training-trial.js';
import { trialRandomKey } from '../../trial-key.js';
import { expectedEpochs, findConvTrainingCell, sizesOf } from './cells.js';
import type { ConvTrainingSpec } from './spec.js';
import { convArchitecture, convVariants, measuredPart } from './variants.js';

/** What a trial found. */
export interface ConvTrainingResult extends TrainingTrialResult {
  /**
   * log of the mean square behind the body over that of a random image, natural, of the very net that was trained; "-Infinity" where it
   * is exactly 0.
   */
  readonly logLength: number | string;
}

/** Runs the trial `key`; pure but for `context.onProgress`. */
export async function runConvTrainingTrial(
  context: TrialContext,
  spec: ConvTrainingSpec,
  key: TrialKey,
): Promise<ConvTrainingResult> {
  const { net, depth } = findConvTrainingCell(spec, key.cell);
  const randomKey = trialRandomKey(spec, key);
  const architecture = convArchitecture(net, sizesOf(spec, depth));
  const { initializer } = findInitializer(convVariants[net].initializer);
  const measured = measureNetworkLengths(context.engine, {
    architecture: measuredPart(architecture),
    initializer,
    key: randomKey,
  });
  const result = await runTrainingTrial(context, {
    study: 'conv-training',
    key,
    randomKey,
    settings: spec,
    expectedEpochs: expectedEpochs(spec, net),
    makeNetwork: (engine) => {
      const network = allocateNetwork(engine, architecture);
      initializeParameters(engine, network, initializer, randomKey);
      return network;
    },
  });
  return {
    ...result,
    logLength: encodeNumber(measured.layers.at(-1)?.logLength ?? Number.NaN),
  };
}
