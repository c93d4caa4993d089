/** One trial: checkpoints are trained, laws are fitted to them, and what is drawn is tested and measured against them. */
import {
  type Architecture,
  allocateNetwork,
  deriveKey,
  type Engine,
  InvalidArgumentError,
  median,
  type RandomKey,
} from '@kindling/core';
import { findInitializer, initializeParameters } from '@kindling/initializers';
import type { Dataset } from '@kindling/trainer';
import { differingShare, testAnswers } from '../../parameter-space/answers.js';
import {
  averageOf,
  drawAround,
  drawIndependent,
  drawInSpan,
  drawShuffled,
} from '../../parameter-space/generators.js';
import { matchAll } from '../../parameter-space/match-units.js';
import { distanceBetween, type ParameterVector, vectorOf } from '../../parameter-space/parameter-vector.js';
import { residentDataset } from '../../resident-dataset.js';
import type { JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { copyTensors, trainCheckpoints } from '../../zoo/checkpoints.js';
import { findGenerateCell, type GenerateCell, trainedEpochs } from './cells.js';
import { type GeneratorName, generatorNames, generators, generatorsOf } from './generators.js';
import type { GenerateSpec } from './spec.js';

/** Distances among a set of checkpoints. */
export type CheckpointDistances = {
  /** Median over the checkpoints of the distance to the nearest other. */
  readonly nearest: number;
  /** Median over the pairs. */
  readonly pairs: number;
};

/** What was drawn from one law. */
export type Drawn = {
  /** Test accuracy of each. */
  readonly accuracy: readonly number[];
  /** Distance of each to the nearest checkpoint, in the order of units that the law was fitted in. */
  readonly nearest: readonly number[];
  /** Share of the test images that each answers otherwise than the checkpoint that answers most like it. */
  readonly differing: readonly number[];
};

/** Result of a trial. */
export interface GenerateResult extends JsonObject {
  /** Whether every training stayed finite; if not, there is nothing to draw from, and the rest is empty. */
  readonly trained: boolean;
  /** Test accuracy of the checkpoints. */
  readonly accuracy: readonly number[];
  /** As they are, and with matched units; null where there is nothing to match. */
  readonly distances: CheckpointDistances | null;
  readonly matchedDistances: CheckpointDistances | null;
  /** Median over the checkpoints of the share of the test images that each answers otherwise than the most alike other. */
  readonly differing: number | null;
  readonly drawn: Readonly<Record<string, Drawn>>;
}

/** Purposes of the keys: "seed" and "from" in ASCII; none of the tree's own. */
const [seeding, generating] = [0x73_65_65_64, 0x66_72_6f_6d];
/** Share of the distance to the next checkpoint that a blurred copy is away. */
const copyShare = 0.1;
const { initializer } = findInitializer('he-normal');

/** A set of checkpoints with what is known of each. */
interface CheckpointSet {
  readonly vectors: readonly ParameterVector[];
  readonly accuracy: readonly number[];
  /** False when a training broke. */
  readonly trained: boolean;
}

/** Runs the trial `key`; pure but for `context.onProgress`. */
export async function runGenerateTrial(
  context: TrialContext,
  spec: GenerateSpec,
  key: TrialKey,
): Promise<GenerateResult> {
  const { engine, dataset } = context;
  if (dataset === null) throw new InvalidArgumentError('generate: trainings need data; got none');
  const cell = findGenerateCell(spec, key.cell);
  const randomKey = trialRandomKey(spec, key);
  const set = await trainSet(context, spec, key, cell, randomKey);
  const { accuracy, vectors } = set;
  if (!set.trained)
    return { trained: false, accuracy, distances: null, matchedDistances: null, differing: null, drawn: {} };
  const matched = cell.family === 'seeds' ? matchAll(vectors) : null;
  const distances = distancesAmong(vectors);
  const draws = drawAll(engine, { spec, cell, key: randomKey, vectors, matched, nearest: distances.nearest });
  return {
    trained: true,
    accuracy,
    distances,
    matchedDistances: matched === null ? null : distancesAmong(matched),
    ...testAll(engine, dataset, architectureOf(spec, cell.hidden), { vectors, draws }),
  };
}

/** Networks that one generator has made, and the checkpoints they are compared with. */
interface Draws {
  readonly name: GeneratorName;
  readonly drawn: readonly ParameterVector[];
  readonly nearest: readonly number[];
}

/** One dense hidden layer. */
function architectureOf({ data }: GenerateSpec, hidden: number): Architecture {
  return {
    input: { width: data.features },
    layers: [
      { kind: 'dense', units: hidden, activation: 'relu' },
      { kind: 'dense', units: data.classes, activation: 'linear' },
    ],
  };
}

async function trainSet(
  { engine, dataset, onProgress }: TrialContext,
  spec: GenerateSpec,
  key: TrialKey,
  { family, hidden }: GenerateCell,
  randomKey: RandomKey,
): Promise<CheckpointSet> {
  if (dataset === null) throw new InvalidArgumentError('generate: trainings need data; got none');
  const { maxEpochs, checkpoints, learningRate, batchSize, data } = spec;
  const sizes = [data.features, hidden, data.classes];
  const vectors: ParameterVector[] = [];
  const accuracy: number[] = [];
  const wanted = family === 'run' ? checkpoints : 1;
  for (let net = 0; net < checkpoints / wanted; net++) {
    const training = trainCheckpoints(engine, dataset, {
      architecture: architectureOf(spec, hidden),
      initializer,
      optimizer: { kind: 'sgd', learningRate },
      batchSize,
      epochs: Array.from({ length: wanted }, (_, i) => maxEpochs + i),
      key: deriveKey(randomKey, seeding, net),
    });
    for await (const { testAccuracy, tensors } of training) {
      vectors.push(vectorOf(sizes, tensors));
      accuracy.push(testAccuracy);
    }
    const done = family === 'run' ? trainedEpochs(spec, family) : (net + 1) * maxEpochs;
    const fraction = done / trainedEpochs(spec, family);
    onProgress?.({ ...key, fraction, values: { epoch: done, testAccuracy: accuracy.at(-1) ?? Number.NaN } });
  }
  // A training that breaks gives fewer checkpoints, or broken ones.
  const trained =
    vectors.length === checkpoints &&
    vectors.every(({ values }) => values.every((value) => value - value === 0));
  return { vectors, accuracy, trained };
}

/** Distances of `vector` to each of `others`; the least. */
function nearestOf(vector: ParameterVector, others: readonly ParameterVector[]): number {
  return others.reduce(
    (least, other) => Math.min(least, distanceBetween(vector, other)),
    Number.POSITIVE_INFINITY,
  );
}

function distancesAmong(vectors: readonly ParameterVector[]): CheckpointDistances {
  const pairs = vectors.flatMap((vector, i) =>
    vectors.slice(i + 1).map((other) => distanceBetween(vector, other)),
  );
  const nearest = vectors.map((vector, i) =>
    nearestOf(
      vector,
      vectors.filter((_, j) => j !== i),
    ),
  );
  return { nearest: median(nearest), pairs: median(pairs) };
}

interface DrawSettings {
  readonly spec: GenerateSpec;
  readonly cell: GenerateCell;
  readonly key: RandomKey;
  readonly vectors: readonly ParameterVector[];
  readonly matched: readonly ParameterVector[] | null;
  /** Median distance of a checkpoint to the nearest other. */
  readonly nearest: number;
}

function drawAll(engine: Engine, settings: DrawSettings): readonly Draws[] {
  const { cell, vectors, matched } = settings;
  const found: Draws[] = [];
  for (const name of generatorsOf(cell.family)) {
    const from = generators[name].matched ? (matched ?? vectors) : vectors;
    const span = found.find((draws) => draws.name === 'span')?.nearest ?? [0];
    const drawn = drawOne(engine, name, from, { ...settings, noise: median(span) });
    found.push({ name, drawn, nearest: drawn.map((vector) => nearestOf(vector, from)) });
  }
  return found;
}

function drawOne(
  engine: Engine,
  name: GeneratorName,
  from: readonly ParameterVector[],
  { spec, cell, key, nearest, noise }: DrawSettings & { readonly noise: number },
): readonly ParameterVector[] {
  const own = deriveKey(key, generating, generatorNames.indexOf(name));
  const at = (index: number) => from[index % from.length] as ParameterVector;
  const make = (index: number): ParameterVector => {
    const options = { key: deriveKey(own, generating, index) };
    switch (name) {
      case 'independent':
      case 'matched-independent':
        return drawIndependent(engine, from, options);
      case 'span':
      case 'matched-span':
        return drawInSpan(engine, from, options);
      case 'shuffled':
        return drawShuffled(engine, at(index), options);
      case 'average':
      case 'matched-average':
        return averageOf(from);
      case 'midpoint':
      case 'matched-midpoint':
        return averageOf([at(index), at(index + pairStep(index, from.length))]);
      case 'noise':
        return drawAround(engine, at(index), { ...options, length: noise });
      case 'copy':
        return drawAround(engine, at(index), { ...options, length: copyShare * nearest });
      case 'fresh':
        return freshVector(engine, architectureOf(spec, cell.hidden), at(0).sizes, options.key);
    }
  };
  return Array.from({ length: generators[name].single ? 1 : spec.draws }, (_, index) => make(index));
}

/** How far the partner of a checkpoint is in the list: every pair comes before one comes again. */
function pairStep(index: number, count: number): number {
  return 1 + (Math.floor(index / count) % (count - 1));
}

/** Drawn by the initializer, untrained. */
function freshVector(
  engine: Engine,
  architecture: Architecture,
  sizes: readonly number[],
  key: RandomKey,
): ParameterVector {
  const mark = engine.arena.mark();
  const network = allocateNetwork(engine, architecture);
  initializeParameters(engine, network, initializer, key);
  const vector = vectorOf(sizes, copyTensors(engine, network));
  engine.arena.release(mark);
  return vector;
}

/** Tests everything that was drawn; answers are compared with those of the checkpoints. */
function testAll(
  engine: Engine,
  dataset: Dataset,
  architecture: Architecture,
  { vectors, draws }: { readonly vectors: readonly ParameterVector[]; readonly draws: readonly Draws[] },
): { readonly drawn: Readonly<Record<string, Drawn>>; readonly differing: number } {
  const data = residentDataset(engine, dataset);
  const { labels } = dataset.test;
  const known = testAnswers(engine, data, architecture, vectors);
  const nearestAnswers = (own: Uint8Array) =>
    known.reduce((least, other) => (other === own ? least : Math.min(least, differingShare(own, other))), 1);
  const tested = draws.map(({ name, drawn, nearest }) => {
    const answers = testAnswers(engine, data, architecture, drawn);
    const accuracy = answers.map((given) => 1 - differingShare(given, labels));
    return [name, { accuracy, nearest, differing: answers.map(nearestAnswers) }] as const;
  });
  return { drawn: Object.fromEntries(tested), differing: median(known.map(nearestAnswers)) };
}
