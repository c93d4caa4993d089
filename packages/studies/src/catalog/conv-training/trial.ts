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
import { bodyEnd, convArchitecture, convVariants } from './variants.js';

/** What a trial found. */
export interface ConvTrainingResult extends TrainingTrialResult {
  /**
   * log of the mean square behind the body over that of a random input, natural, of the very net that was trained; null where batch
   * normalization makes it one by force.
   */
  readonly logLength: number | string | null;
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
  const { body, initializer: name } = convVariants[net];
  const { initializer } = findInitializer(name);
  const measured =
    body === 'batch-normalization'
      ? null
      : measureNetworkLengths(context.engine, {
          architecture: { ...architecture, layers: architecture.layers.slice(0, bodyEnd(architecture)) },
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
    logLength: measured && encodeNumber(measured.layers.at(-1)?.logLength ?? Number.NaN),
  };
}
