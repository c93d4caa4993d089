/** One trial of figure 2: a random net's length, or one training. */
import { allocateNetwork, InvalidArgumentError } from '@kindling/core';
import { measureNetworkLengths } from '@kindling/diagnostics';
import { initializeParameters } from '@kindling/initializers';
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { runTrainingTrial } from '../../training/training-trial.js';
import { trialRandomKey } from '../../trial-key.js';
import { expectedEpochs, findFigure2Cell } from './cells.js';
import { figure2Initializer, measuredNet, trainedNet } from './nets.js';
import type { Figure2Spec } from './spec.js';

/** Result of a trial of part 2a. Numbers as `encodeNumber` writes them. */
export interface ResidualLengthResult extends JsonObject {
  /** log M_L, natural, for an input of norm 1: it stands where M_L itself is beyond f64. "-Infinity" for M_L = 0. */
  readonly logLength: number | string;
}

/** Runs the trial `key`; pure but for `context.onProgress`. */
export async function runFigure2Trial(
  context: TrialContext,
  spec: Figure2Spec,
  key: TrialKey,
): Promise<JsonObject> {
  const cell = findFigure2Cell(spec, key.cell);
  const randomKey = trialRandomKey(spec, key);
  const { base, modules } = cell;
  if (cell.part === 'lengths') {
    const { layers } = measureNetworkLengths(context.engine, {
      architecture: measuredNet(spec, base, modules),
      initializer: figure2Initializer,
      key: randomKey,
    });
    const result: ResidualLengthResult = {
      logLength: encodeNumber(layers.at(-1)?.logLength ?? Number.NaN),
    };
    return result;
  }
  const { training } = spec;
  if (training === null) {
    throw new InvalidArgumentError('figure-2: a training trial of a spec without training');
  }
  return runTrainingTrial(context, {
    study: 'figure-2',
    key,
    randomKey,
    settings: training,
    expectedEpochs: expectedEpochs(training, base, modules),
    makeNetwork: (engine, data) => {
      const sizes = { features: data.train.features, classes: data.classes };
      const network = allocateNetwork(engine, trainedNet(spec, cell, sizes));
      initializeParameters(engine, network, figure2Initializer, randomKey);
      return network;
    },
  });
}
