/** One trial of figure 1: a random net's lengths, or one training. */
import { allocateDenseNetwork, type Engine, InvalidArgumentError } from '@kindling/core';
import { empiricalLengthVariance, measureLengths } from '@kindling/diagnostics';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import { type TrainingOutcome, train } from '@kindling/trainer';
import { residentDataset } from '../../resident-dataset.js';
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { expectedEpochs, type Figure1Cell, findCell } from './cells.js';
import type { Figure1Spec, TrainingPart } from './spec.js';

/** Result of a trial of part 1a. Numbers as `encodeNumber` writes them. */
export interface LengthResult extends JsonObject {
  /** M_d / M_0 of the last layer. */
  readonly length: number | string;
  /** log(M_d / M_0), natural; "-Infinity" for a dead net. */
  readonly logLength: number | string;
  /** Empirical variance of M_j / M_0 across the layers. */
  readonly lengthVariance: number | string;
}

/** Result of a trial of part 1b. Numbers as `encodeNumber` writes them. */
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

async function trainTrial(
  context: TrialContext,
  spec: Figure1Spec,
  settings: TrainingPart,
  cell: Figure1Cell,
  key: TrialKey,
): Promise<TrainingTrialResult> {
  const { engine, dataset, onProgress } = context;
  if (dataset === null)
    throw new InvalidArgumentError('figure-1: the training part needs its data; got none');
  const data = residentDataset(engine, dataset);
  const randomKey = trialRandomKey(spec, key);
  const { maxEpochs, learningRate, batchSize, targetAccuracy } = settings;
  const expected = expectedEpochs(cell.initializer, cell.depth, maxEpochs);
  const testAccuracy: (number | string)[] = [];
  const meanLoss: (number | string)[] = [];
  const mark = engine.arena.mark();
  try {
    const widths = [data.train.features, ...new Array<number>(cell.depth).fill(cell.depth)];
    const network = allocateDenseNetwork(engine, { widths, outputs: data.classes });
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
        const { outcome, epochs, deadLayer } = step.value;
        return { outcome, epochs, testAccuracy, meanLoss, deadLayer };
      }
      const report = step.value;
      testAccuracy.push(encodeNumber(report.testAccuracy));
      if (report.epoch > 0) meanLoss.push(encodeNumber(report.meanLoss));
      onProgress?.({
        ...key,
        fraction: Math.min(1, report.epoch / expected),
        values: { epoch: report.epoch, testAccuracy: report.testAccuracy, meanLoss: report.meanLoss },
      });
    }
  } finally {
    engine.arena.release(mark);
  }
}
