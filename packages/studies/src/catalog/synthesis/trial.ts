/** One trial of the synthesis study: a net is built or trained, and how well it does. */
import {
  allocateDenseNetwork,
  allocateForward,
  allocateMatrix,
  type DenseNetwork,
  deriveKey,
  type Engine,
  forward,
  InvalidArgumentError,
  keyPurpose,
  type Matrix,
  openStream,
  type RandomKey,
  readMatrix,
  writeMatrix,
} from '@kindling/core';
import { countNeededKinks } from '@kindling/diagnostics';
import { initializeNetwork } from '@kindling/initializers';
import {
  allocateBatch,
  type Dataset,
  evaluate,
  findTargetFunction,
  gatherBatch,
  type RegressionData,
  type ResidentDataset,
  sampleFunction,
  train,
  trainRegression,
} from '@kindling/trainer';
import { comparedInitializer } from '../../regression/compared-initializers.js';
import { residentDataset } from '../../resident-dataset.js';
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { fitOutputs, writeInterpolation } from './build.js';
import { findSynthesisCell, type SynthesisCell, type SynthesisMethod } from './cells.js';
import type { SynthesisSpec } from './spec.js';

/** Result of a trial on a function or on images. Numbers as `encodeNumber` writes them. */
export interface FitResult extends JsonObject {
  /** Root of the mean squared error on the points; of images the share that is wrong. */
  readonly trainError: number | string;
  /** The same on a grid of 1,001 places, or on test images. */
  readonly testError: number | string;
}

/** Result of a trial of the question of widths. */
export interface CapacityResult extends JsonObject {
  /** Whether the training came to zero loss. */
  readonly reached: boolean;
  readonly steps: number;
  readonly loss: number | string;
  /** Kinks that the data force: a narrower net cannot. */
  readonly neededKinks: number;
}

/** Places at which a net of a function is tested. */
const testPlaces = 1001;
/** Images at once. */
const imageRows = 250;

const { initializer: law } = comparedInitializer('he-normal-biases');

/** Runs the trial `key`; pure. */
export async function runSynthesisTrial(
  context: TrialContext,
  spec: SynthesisSpec,
  key: TrialKey,
): Promise<FitResult | CapacityResult> {
  const { engine, dataset } = context;
  const cell = findSynthesisCell(spec, key.cell);
  const randomKey = trialRandomKey(spec, key);
  const { task } = cell;
  // What stays for later trials comes before the mark.
  const images = task.part === 'images' ? imagesOf(engine, dataset) : null;
  const mark = engine.arena.mark();
  try {
    if (task.part === 'functions') return runFunction(engine, spec, cell, task, randomKey);
    if (task.part === 'capacity' || images === null) return runCapacity(engine, spec, cell, randomKey);
    return await runImages(engine, spec, { cell, method: task.method, images, key: randomKey });
  } finally {
    engine.arena.release(mark);
  }
}

function imagesOf(engine: Engine, dataset: Dataset | null): ResidentDataset {
  if (dataset === null) throw new InvalidArgumentError('synthesis: images need data; got none');
  return residentDataset(engine, dataset);
}

function runFunction(
  engine: Engine,
  spec: SynthesisSpec,
  { width }: SynthesisCell,
  { target, method }: { readonly target: string; readonly method: SynthesisMethod },
  key: RandomKey,
): FitResult {
  const { points, radius } = spec;
  const wanted = findTargetFunction(target);
  const data = sampleFunction(engine, wanted, { count: points, radius, key });
  const grid = sampleFunction(engine, wanted, { count: testPlaces, radius });
  const network = allocateDenseNetwork(engine, { widths: [1, width], outputs: 1 });
  if (method === 'interpolation') {
    writeInterpolation(engine, network, data);
  } else {
    initializeNetwork(engine, network, law, key);
    if (method === 'random-features') {
      const targets = readMatrix(engine, data.targets);
      const rows = { inputs: data.inputs, targets: (row: number) => Float64Array.of(targets[row] ?? 0) };
      fitOutputs(engine, network, points, [rows], spec.functionRidge);
    } else {
      trainToEnd(engine, network, data, spec.functionSteps, spec);
    }
  }
  return {
    trainError: encodeNumber(rootMeanSquare(engine, network, data)),
    testError: encodeNumber(rootMeanSquare(engine, network, grid)),
  };
}

function trainToEnd(
  engine: Engine,
  network: DenseNetwork,
  data: RegressionData,
  maxSteps: number,
  { optimizer }: SynthesisSpec,
): void {
  const training = trainRegression(engine, network, data, { optimizer, maxSteps, reportEvery: maxSteps });
  while (training.next().done !== true);
}

function rootMeanSquare(engine: Engine, network: DenseNetwork, { inputs, targets }: RegressionData): number {
  const mark = engine.arena.mark();
  const outputs = readMatrix(
    engine,
    forward(engine, network, inputs, allocateForward(engine, network, inputs.rows)),
  );
  const wanted = readMatrix(engine, targets);
  engine.arena.release(mark);
  let sum = 0;
  outputs.forEach((value, i) => {
    const error = value - (wanted[i] ?? 0);
    sum += error * error;
  });
  return Math.sqrt(sum / outputs.length);
}

interface ImageTask {
  readonly cell: SynthesisCell;
  readonly method: Exclude<SynthesisMethod, 'interpolation'>;
  readonly images: ResidentDataset;
  readonly key: RandomKey;
}

async function runImages(
  engine: Engine,
  spec: SynthesisSpec,
  { cell: { width }, method, images, key }: ImageTask,
): Promise<FitResult> {
  const { features, classes } = spec.data;
  const network = allocateDenseNetwork(engine, { widths: [features, width], outputs: classes });
  initializeNetwork(engine, network, law, key);
  if (method === 'random-features') {
    fitOutputs(engine, network, imageRows, imageBatches(engine, images), spec.imageRidge);
  } else {
    const { optimizer, batchSize, maxEpochs } = spec;
    for await (const _ of train(engine, network, images, { optimizer, batchSize, maxEpochs, key }));
  }
  const room = allocateBatch(engine, images, imageRows, false);
  const workspace = allocateForward(engine, network, imageRows);
  const errorOn = (part: ResidentDataset['test']) =>
    1 - evaluate(engine, network, { ...images, test: part }, workspace, room).testAccuracy;
  return {
    trainError: encodeNumber(errorOn(images.train)),
    testError: encodeNumber(errorOn(images.test)),
  };
}

/** All training images in order, with +1 for their class and −1 for the others. */
function* imageBatches(engine: Engine, images: ResidentDataset) {
  const { arena } = engine;
  const { train: part, classes } = images;
  const room = allocateBatch(engine, images, imageRows, false);
  const order = arena.allocate(4 * part.count);
  arena.words(order, part.count).forEach((_, i, all) => {
    all[i] = i;
  });
  for (let start = 0; start < part.count; start += imageRows) {
    const rows = Math.min(imageRows, part.count - start);
    const batch = gatherBatch(engine, part, order, start, rows, room);
    const labels = arena.bytes(batch.labels, rows).slice();
    yield {
      inputs: batch.input as Matrix,
      targets: (row: number) =>
        Float64Array.from({ length: classes }, (_, c) => (labels[row] === c ? 1 : -1)),
    };
  }
}

function runCapacity(
  engine: Engine,
  spec: SynthesisSpec,
  { task, width }: SynthesisCell,
  key: RandomKey,
): CapacityResult {
  const { capacityPoints: count, radius, capacityOptimizer: optimizer, capacitySteps, zeroLoss } = spec;
  const inputs = allocateMatrix(engine, count, 1);
  const targets = allocateMatrix(engine, count, 1);
  writeMatrix(
    engine,
    inputs,
    Array.from({ length: count }, (_, i) => (radius * (2 * i - (count - 1))) / (count - 1)),
  );
  const zigzag = task.part === 'capacity' && task.data === 'zigzag';
  writeMatrix(engine, targets, zigzag ? zigzagOf(count) : normalOf(engine, count, key));
  const ys = readMatrix(engine, targets);
  const points = [...readMatrix(engine, inputs)].map((x, i) => ({ x, y: ys[i] ?? 0 }));
  const network = allocateDenseNetwork(engine, { widths: [1, width], outputs: 1 });
  initializeNetwork(engine, network, law, key);
  const training = trainRegression(
    engine,
    network,
    { inputs, targets },
    {
      optimizer,
      maxSteps: capacitySteps,
      targetLoss: zeroLoss,
      reportEvery: capacitySteps,
    },
  );
  for (;;) {
    const step = training.next();
    if (step.done !== true) continue;
    const { outcome, steps, loss } = step.value;
    return {
      reached: outcome === 'reached',
      steps,
      loss: encodeNumber(loss),
      neededKinks: countNeededKinks(points),
    };
  }
}

function zigzagOf(count: number): number[] {
  return Array.from({ length: count }, (_, i) => (i % 2 === 0 ? -1 : 1));
}

function normalOf(engine: Engine, count: number, key: RandomKey): Float32Array {
  const { arena, kernels } = engine;
  const mark = arena.mark();
  const out = arena.allocateFloats(count);
  kernels.fill_normal(openStream(engine, deriveKey(key, keyPurpose.data)), count, out, 1);
  const values = arena.floats(out, count).slice();
  arena.release(mark);
  return values;
}
