/** One trial: a seed's pretext model and nets trained on all labels, then training on few labels from every start. */
import {
  deriveKey,
  type Engine,
  InvalidArgumentError,
  type Network,
  openStream,
  type RandomKey,
  writeMatrix,
} from '@kindling/core';
import { findInitializer } from '@kindling/initializers';
import { type Dataset, digestDataset, type LabelledImages } from '@kindling/trainer';
import { differingShare, testAnswers } from '../../parameter-space/answers.js';
import { vectorOf } from '../../parameter-space/parameter-vector.js';
import { residentDataset } from '../../resident-dataset.js';
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { drawNet, type FittedNet, fitNet } from '../../weight-laws/net-sampler.js';
import { type NamedTensor, trainCheckpoints } from '../../zoo/checkpoints.js';
import { findPretrainingCell } from './cells.js';
import { denseNet, trainPretext } from './pretext.js';
import type { PretrainingSpec } from './spec.js';
import { type StartEntry, type StartName, type StartSource, starts } from './starts.js';

/** Result of a trial. Numbers as `encodeNumber` writes them. */
export interface PretrainingResult extends JsonObject {
  /** Mean squared error of the pretext model over all pixels, before and after its training. */
  readonly pretextLoss: readonly [before: number | string, after: number | string];
  /** Test accuracy of each net trained on all labels of the pool. */
  readonly donorAccuracy: readonly number[];
  /** By start: test accuracy for each number of labels; null where a training broke. */
  readonly accuracy: Readonly<Record<string, readonly (number | null)[]>>;
}

/** Purposes of the keys: "donr", "tune", "pick" and "draw" in ASCII; none of the tree's own. */
const [donating, tuning, picking, drawing] = [0x64_6f_6e_72, 0x74_75_6e_65, 0x70_69_63_6b, 0x64_72_61_77];
const { initializer } = findInitializer('he-normal');

/** The parameters of nets, weights and biases in turn. */
type Bodies = Readonly<Record<StartSource, readonly (readonly NamedTensor[])[]>>;

/** Runs the trial `key`; pure but for `context.onProgress`. */
export async function runPretrainingTrial(
  context: TrialContext,
  spec: PretrainingSpec,
  key: TrialKey,
): Promise<PretrainingResult> {
  const { engine, dataset, onProgress } = context;
  if (dataset === null) throw new InvalidArgumentError('pretraining: trainings need data; got none');
  findPretrainingCell(spec, key.cell);
  const randomKey = trialRandomKey(spec, key);
  const tell = (fraction: number) => onProgress?.({ ...key, fraction, values: {} });
  const pretext = trainPretext(engine, dataset, spec, randomKey);
  tell(0.2);
  const donors = await trainDonors(engine, dataset, spec, randomKey);
  tell(0.3);
  const bodies: Bodies = { pretext: [pretext.tensors], labels: donors.map(({ tensors }) => tensors) };
  const pool = pickOrder(engine, dataset.train.count, deriveKey(randomKey, picking));
  const accuracy: Record<string, readonly (number | null)[]> = {};
  for (const name of spec.starts) {
    const law = fitStart(starts[name], bodies, spec);
    const found: (number | null)[] = [];
    for (const labels of spec.labels) {
      const few = labelled(dataset, pool, labels);
      const prepare = (host: Engine, network: Network) =>
        startFrom(host, network, { name, bodies, law, key: randomKey });
      found.push(await tune(engine, dataset, few, { spec, prepare, key: randomKey }));
    }
    accuracy[name] = found;
    tell(0.3 + (0.7 * Object.keys(accuracy).length) / spec.starts.length);
  }
  return {
    pretextLoss: [encodeNumber(pretext.lossBefore), encodeNumber(pretext.lossAfter)],
    donorAccuracy: donors.map(({ testAccuracy }) => testAccuracy),
    accuracy,
  };
}

async function trainDonors(engine: Engine, dataset: Dataset, spec: PretrainingSpec, key: RandomKey) {
  const donors: { readonly testAccuracy: number; readonly tensors: readonly NamedTensor[] }[] = [];
  for (let donor = 0; donor < spec.donors; donor++) {
    const training = trainCheckpoints(engine, dataset, {
      architecture: denseNet(spec, spec.data.classes),
      initializer,
      optimizer: { kind: 'adam', learningRate: spec.learningRate },
      batchSize: spec.batchSize,
      epochs: [spec.maxEpochs],
      key: deriveKey(key, donating, donor),
    });
    for await (const { testAccuracy, tensors } of training) donors.push({ testAccuracy, tensors });
  }
  return donors;
}

/** The law of the hidden layers that a start draws from, if it draws. */
function fitStart({ source, law }: StartEntry, bodies: Bodies, spec: PretrainingSpec): FittedNet | null {
  if (source === null || law === null) return null;
  const nets = bodies[source].map((body) =>
    body
      .filter(({ kind }) => kind === 'weights')
      .map((tensor, layer) => (layer < spec.hidden.length ? tensor : narrowed(tensor))),
  );
  const { layers } = fitNet({ nets, kind: law, shrinkage: spec.shrinkage });
  return { layers: layers.slice(0, spec.hidden.length) };
}

/**
 * The outputs are fitted only so that the layer before them counts as hidden: its units mean the same. Ten columns do, of a pretext
 * model's hundreds.
 */
function narrowed(tensor: NamedTensor): NamedTensor {
  const columns = Math.min(10, tensor.columns);
  const values = Float32Array.from(
    { length: tensor.rows * columns },
    (_, i) => tensor.values[Math.floor(i / columns) * tensor.columns + (i % columns)] as number,
  );
  return { ...tensor, columns, values };
}

/** Gives a fresh network's hidden layers their start; what it had stays in the outputs. */
function startFrom(
  engine: Engine,
  network: Network,
  options: {
    readonly name: StartName;
    readonly bodies: Bodies;
    readonly law: FittedNet | null;
    readonly key: RandomKey;
  },
): void {
  const { name, bodies, law, key } = options;
  const { source, rescaled }: StartEntry = starts[name];
  if (source === null) return;
  if (law !== null) {
    // The outputs are no part of the law.
    const hidden = { ...network, parameters: network.parameters.slice(0, -2) };
    drawNet(engine, hidden, law, { key: deriveKey(key, drawing), rescale: false });
    return;
  }
  // Behind scaled layers a bias is scaled as what it is added to.
  let scale = 1;
  network.parameters.slice(0, -2).forEach(({ kind, matrix, rows, columns }, index) => {
    const values = bodies[source][0]?.[index]?.values ?? new Float32Array(rows * columns);
    const gain = rescaled && kind === 'weights' ? Math.sqrt(2 / rows / meanSquare(values)) : 1;
    scale *= gain;
    const factor = kind === 'weights' ? gain : scale;
    writeMatrix(
      engine,
      matrix,
      values.map((value) => value * factor),
    );
  });
}

function meanSquare(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value * value, 0) / values.length;
}

/** Trains on few labels; the test accuracy at the end, null where the training broke. */
async function tune(
  engine: Engine,
  dataset: Dataset,
  few: Dataset,
  {
    spec,
    prepare,
    key,
  }: {
    readonly spec: PretrainingSpec;
    readonly prepare: (engine: Engine, network: Network) => void;
    readonly key: RandomKey;
  },
): Promise<number | null> {
  const architecture = denseNet(spec, spec.data.classes);
  const stepsAnEpoch = Math.ceil(few.train.count / spec.batchSize);
  const training = trainCheckpoints(engine, few, {
    architecture,
    initializer,
    optimizer: { kind: 'adam', learningRate: spec.learningRate },
    batchSize: spec.batchSize,
    epochs: [Math.ceil(spec.steps / stepsAnEpoch)],
    // The same fresh outputs and the same batches for every start: differences are paired.
    key: deriveKey(key, tuning, few.train.count),
    prepare,
  });
  let tensors: readonly NamedTensor[] = [];
  for await (const checkpoint of training) ({ tensors } = checkpoint);
  const whole =
    tensors.length > 0 && tensors.every(({ values }) => values.every((value) => value - value === 0));
  if (!whole) return null;
  const sizes = [spec.data.features, ...spec.hidden, spec.data.classes];
  const [answers] = testAnswers(engine, residentDataset(engine, dataset), architecture, [
    vectorOf(sizes, tensors),
  ]);
  return answers === undefined ? null : 1 - differingShare(answers, dataset.test.labels);
}

function pickOrder(engine: Engine, count: number, key: RandomKey): Uint32Array {
  const { arena, kernels } = engine;
  const mark = arena.mark();
  const stream = openStream(engine, key);
  const order = arena.allocate(4 * count);
  kernels.fill_permutation(stream, count, order);
  const places = arena.words(order, count).slice();
  arena.release(mark);
  return places;
}

/** The first `labels` images of the order, and one test image: the whole test is at the end only. */
function labelled({ name, classes, train, test }: Dataset, order: Uint32Array, labels: number): Dataset {
  const few = pick(train, order.subarray(0, labels));
  const one = pick(test, Uint32Array.of(0));
  return { name, classes, train: few, test: one, digest: digestDataset(few, one) };
}

function pick(part: LabelledImages, places: Uint32Array): LabelledImages {
  const pixels = part.rows * part.columns;
  const images = new Uint8Array(places.length * pixels);
  places.forEach((place, i) => {
    images.set(part.images.subarray(place * pixels, (place + 1) * pixels), i * pixels);
  });
  return {
    ...part,
    count: places.length,
    images,
    labels: Uint8Array.from(places, (place) => part.labels[place] as number),
  };
}
