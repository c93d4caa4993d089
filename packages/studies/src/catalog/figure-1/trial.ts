/** One trial of figure 1: a random net's lengths, or one training. */
import { allocateDenseNetwork, type Engine, InvalidArgumentError } from '@kindling/core';
import { empiricalLengthVariance, measureLengths } from '@kindling/diagnostics';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import type { TrainingPart } from '../../training/lengths-and-training.js';
import { runTrainingTrial, type TrainingTrialResult } from '../../training/training-trial.js';
import { trialRandomKey } from '../../trial-key.js';
import { expectedEpochs, type Figure1Cell, findCell } from './cells.js';
import type { Figure1Spec } from './spec.js';

/** Result of a trial of part 1a. Numbers as `encodeNumber` writes them. */
export interface LengthResult extends JsonObject {
  /** M_d / M_0 of the last layer. */
  readonly length: number | string;
  /** log(M_d / M_0), natural; "-Infinity" for a dead net. */
  readonly logLength: number | string;
  /** Empirical variance of M_j / M_0 across the layers. */
  readonly lengthVariance: number | string;
}

/** Runs the trial `key`; pure but for `context.onProgress`. */
export async function runFigure1Trial(
  context: TrialContext,
  spec: Figure1Spec,
  key: TrialKey,
): Promise<JsonObject> {
  const cell = findCell(spec, key.cell);
  if (cell.part === 'lengths') return measureTrial(context.engine, spec, cell, key);
  if (spec.training === null)
    throw new InvalidArgumentError('figure-1: a training trial of a spec without training');
  return trainTrial(context, spec, spec.training, cell, key);
}

function measureTrial(engine: Engine, spec: Figure1Spec, cell: Figure1Cell, key: TrialKey): LengthResult {
  const { lengths, logLengths } = measureLengths(engine, {
    widths: new Array<number>(cell.depth + 1).fill(cell.depth),
    initializer: findInitializer(cell.initializer).initializer,
    key: trialRandomKey(spec, key),
  });
  return {
    length: encodeNumber(lengths.at(-1) ?? Number.NaN),
    logLength: encodeNumber(logLengths.at(-1) ?? Number.NaN),
    lengthVariance: encodeNumber(empiricalLengthVariance(lengths)),
  };
}

function trainTrial(
  context: TrialContext,
  spec: Figure1Spec,
  settings: TrainingPart,
  { initializer, depth }: Figure1Cell,
  key: TrialKey,
): Promise<TrainingTrialResult> {
  const randomKey = trialRandomKey(spec, key);
  return runTrainingTrial(context, {
    study: 'figure-1',
    key,
    randomKey,
    settings,
    expectedEpochs: expectedEpochs(initializer, depth, settings.maxEpochs),
    makeNetwork: (engine, data) => {
      const widths = [data.train.features, ...new Array<number>(depth).fill(depth)];
      const network = allocateDenseNetwork(engine, { widths, outputs: data.classes });
      initializeNetwork(engine, network, findInitializer(initializer).initializer, randomKey);
      return network;
    },
  });
}
