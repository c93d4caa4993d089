/** One net of the zoo: the evidence of each of its tensors before training and on the way. */
import { InvalidArgumentError } from '@kindling/core';
import { evidenceFeatures, type TensorQuestion, tensorEvidence } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { zooArchitecture } from '../../zoo/architectures.js';
import { type NamedTensor, trainCheckpoints } from '../../zoo/checkpoints.js';
import { zooDataset } from '../../zoo/datasets.js';
import { zooOptimizers } from '../../zoo/optimizers.js';
import { findTrainedOrNotCell } from './cells.js';
import { sideOf, stagesOf, type TrainedOrNotSpec } from './spec.js';

/** A tensor's evidence, as numbers. */
export interface TensorFeatures extends JsonObject {
  readonly name: string;
  readonly kind: 'kernel' | 'vector';
  /** As `evidenceFeatures`, to four digits behind the point. */
  readonly features: readonly number[];
}

/** A net at one stage. */
export interface StageResult extends JsonObject {
  readonly epoch: number;
  readonly testAccuracy: number | string;
  /** Tensors that hold NaN or infinities tell nothing and are left out. */
  readonly tensors: readonly TensorFeatures[];
}

/** What the trial found. */
export interface TrainedOrNotResult extends JsonObject {
  /** Fewer than there are stages where the training diverged. */
  readonly stages: readonly StageResult[];
}

/** Runs the trial `key`; pure but for `context.onProgress`. */
export async function runTrainedOrNotTrial(
  { engine, dataset, onProgress }: TrialContext,
  spec: TrainedOrNotSpec,
  key: TrialKey,
): Promise<TrainedOrNotResult> {
  if (dataset === null) throw new InvalidArgumentError('trained-or-not: trainings need data; got none');
  const cell = findTrainedOrNotCell(spec, key.cell);
  const randomKey = trialRandomKey(spec, key);
  const architecture = zooArchitecture(cell.architecture, {
    side: sideOf(spec),
    classes: spec.data.classes,
  });
  const stages: StageResult[] = [];
  const checkpoints = trainCheckpoints(engine, zooDataset(dataset, cell.learned, randomKey), {
    architecture,
    initializer: findInitializer(cell.initializer).initializer,
    optimizer: zooOptimizers[cell.optimizer],
    epochs: stagesOf(spec),
    key: randomKey,
  });
  for await (const { epoch, testAccuracy, tensors } of checkpoints) {
    stages.push({
      epoch,
      testAccuracy: encodeNumber(testAccuracy),
      tensors: tensors.flatMap((tensor): readonly TensorFeatures[] => {
        const question = questionOf(tensor);
        const features = evidenceFeatures(tensorEvidence(engine, question, tensor.values));
        if (features === null) return [];
        return [{ name: tensor.name, kind: question.kind, features: features.map(rounded) }];
      }),
    });
    onProgress?.({ ...key, fraction: epoch / spec.maxEpochs, values: { epoch, testAccuracy } });
  }
  return { stages };
}

/** What is asked of a net's tensor: of a kernel as of one in a file. */
export function questionOf({ kind, rows, columns, fans }: NamedTensor): TensorQuestion {
  if (kind !== 'weights' || fans === null) {
    return { kind: 'vector', size: rows * columns, fanIn: fans?.fanIn ?? null };
  }
  const [height, width] = fans.kernel;
  const shape = [height, width, fans.fanIn / (height * width), columns];
  // By channel, and in a channel by pixel.
  return { kind: 'kernel', axes: { shape, rowAxes: [2, 0, 1], columnAxes: [3] }, fans };
}

/** Records need not be longer than what is told of them. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
