/** Trials of the cells `training/…`: one run on images or on a function, and looks at its layers on the way. */
import { deriveKey, InvalidArgumentError, keyPurpose } from '@kindling/core';
import { measureWeights, type WeightsMeasurement } from '@kindling/diagnostics';
import { type TrainingOutcome, train, trainRegression } from '@kindling/trainer';
import { residentDataset } from '../../../resident-dataset.js';
import { encodeNumber } from '../../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../../study.js';
import type { ExploreCell } from '../cells.js';
import { hiddenPart } from '../configuration/network.js';
import { functionPoints, sampleExploreFunction } from '../function-points.js';
import type { ExploreLayerState, ExploreLayersAt, ExploreTrainingResult } from '../results.js';
import type { ExploreSpec, ExploreTraining } from '../spec.js';
import { type DrawnNet, drawNet, type ExploreNet, exploreInputs, exploreNet, holdData } from './nets.js';

/** One line of a training's diary. */
interface Entry {
  readonly epoch: number;
  readonly loss: number;
  /** Of images. */
  readonly testAccuracy: number | null;
}

/** How it ended. */
interface Ending {
  readonly outcome: TrainingOutcome;
  readonly deadLayer: number | null;
}

/**
 * Runs all epochs of the spec, unless the run diverges or provably never moves. Tells of every epoch, with the layers as they are after it as
 * `detail`, and waits for the listener.
 */
export async function runTrainingTrial(
  context: TrialContext,
  spec: ExploreSpec,
  cell: ExploreCell,
  key: TrialKey,
): Promise<ExploreTrainingResult> {
  const { training } = spec;
  if (training === null) throw new InvalidArgumentError('explore: the spec has no training');
  const { engine, onProgress } = context;
  const net = exploreNet(spec, cell, key.trial);
  const isFunction = spec.data.kind === 'function';
  holdData(context, spec);
  const mark = engine.arena.mark();
  try {
    const inputs = exploreInputs(context, spec);
    const drawn = drawNet(engine, net, inputs);
    const look = () =>
      measureWeights(engine, drawn.network, inputs.inputs, deriveKey(net.key, keyPurpose.gradient));
    const hidden = hiddenPart(net.architecture).layers.length;
    const diary: Entry[] = [];
    const deadNeurons: number[] = [];
    const layersAt: ExploreLayersAt[] = [];
    let last: ExploreLayersAt | null = null;
    const course = isFunction
      ? functionCourse(context, spec, training, net, drawn)
      : imageCourse(context, training, net, drawn);
    for (;;) {
      const step = await course.next();
      if (step.done === true) {
        if (last !== null && layersAt.at(-1)?.epoch !== last.epoch) layersAt.push(last);
        return resultOf(training, diary, { ...step.value, deadNeurons, layersAt });
      }
      const entry = step.value;
      diary.push(entry);
      const found = look();
      deadNeurons.push(found.layers.reduce((sum, layer) => sum + deadOf(layer), 0));
      last = { epoch: entry.epoch, layers: layersOf(found, hidden) };
      if (training.lookAt.includes(entry.epoch)) layersAt.push(last);
      await onProgress?.({
        ...key,
        fraction: Math.min(1, entry.epoch / training.epochs),
        values: {
          epoch: entry.epoch,
          meanLoss: entry.loss,
          ...(entry.testAccuracy === null ? {} : { testAccuracy: entry.testAccuracy }),
          deadNeurons: deadNeurons.at(-1) ?? 0,
        },
        detail: last,
      });
    }
  } finally {
    engine.arena.release(mark);
  }
}

async function* imageCourse(
  { engine, dataset }: TrialContext,
  { optimizer, batchSize, epochs }: ExploreTraining,
  { key }: ExploreNet,
  { trainable }: DrawnNet,
): AsyncGenerator<Entry, Ending, void> {
  if (dataset === null) throw new InvalidArgumentError('explore: trainings need the images; got none');
  const data = residentDataset(engine, dataset);
  const training = train(engine, trainable, data, { optimizer, batchSize, maxEpochs: epochs, key });
  for (;;) {
    const step = await training.next();
    if (step.done === true) return step.value;
    const { epoch, meanLoss, testAccuracy } = step.value;
    yield { epoch, loss: meanLoss, testAccuracy };
  }
}

/** An epoch is as many steps as the points have batches. */
async function* functionCourse(
  { engine }: TrialContext,
  { data }: ExploreSpec,
  { optimizer, batchSize, epochs }: ExploreTraining,
  { key }: ExploreNet,
  { trainable }: DrawnNet,
): AsyncGenerator<Entry, Ending, void> {
  if (data.kind !== 'function') return { outcome: 'censored', deadLayer: null };
  const points = sampleExploreFunction(engine, data.name);
  const steps = Math.ceil(functionPoints(data.name) / batchSize);
  const training = trainRegression(engine, trainable, points, {
    optimizer,
    batchSize,
    maxSteps: epochs * steps,
    reportEvery: steps,
    key,
  });
  for (;;) {
    const step = training.next();
    if (step.done === true) return step.value;
    yield { epoch: Math.ceil(step.value.step / steps), loss: step.value.loss, testAccuracy: null };
  }
}

function resultOf(
  { target }: ExploreTraining,
  diary: readonly Entry[],
  {
    outcome,
    deadLayer,
    deadNeurons,
    layersAt,
  }: Ending & Pick<ExploreTrainingResult, 'deadNeurons' | 'layersAt'>,
): ExploreTrainingResult {
  const images = diary.some(({ testAccuracy }) => testAccuracy !== null);
  const reached = diary.find(({ epoch, loss, testAccuracy }) =>
    // A net that guesses right before it has learned anything has not started.
    testAccuracy === null ? loss <= target : epoch > 0 && testAccuracy >= target,
  );
  return {
    outcome: reached === undefined ? outcome : 'reached',
    epochs: diary.at(-1)?.epoch ?? 0,
    epochsToTarget: reached?.epoch ?? null,
    loss: diary.filter(({ epoch }) => !images || epoch > 0).map(({ loss }) => encodeNumber(loss)),
    testAccuracy: images ? diary.map(({ testAccuracy }) => encodeNumber(testAccuracy ?? Number.NaN)) : null,
    deadNeurons,
    deadLayer,
    layersAt,
  };
}

type FoundLayer = WeightsMeasurement['layers'][number];

function deadOf({ dead }: FoundLayer): number {
  return dead === null ? 0 : dead.tentativelyDead + dead.permanentlyDead;
}

/** Of the hidden layers; the neurons of a block are those of the layers inside it, which stand before it. */
function layersOf({ layers }: WeightsMeasurement, hidden: number): readonly ExploreLayerState[] {
  const states: ExploreLayerState[] = [];
  let inside: FoundLayer[] = [];
  for (const layer of layers) {
    inside.push(layer);
    if (layer.nested > 0) continue;
    if (states.length < hidden) {
      const relus = inside.filter(({ dead }) => dead !== null);
      states.push({
        logLength: encodeNumber(layer.logLength),
        logGradient: encodeNumber(layer.logGradient),
        dead: relus.length === 0 ? null : relus.reduce((sum, each) => sum + deadOf(each), 0),
      });
    }
    inside = [];
  }
  return states;
}
