/** One trial: a net's tensors tested before and after training, in three orders; or the bytes of the images. */
import { deriveKey, type Engine, InvalidArgumentError, openStream, type RandomKey } from '@kindling/core';
import { testRuns } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import type { Dataset } from '@kindling/trainer';
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { type NamedTensor, trainCheckpoints } from '../../zoo/checkpoints.js';
import { findIidCell } from './cells.js';
import { type IidNetName, iidArchitecture, kernelTaps, parameterTypes } from './nets.js';
import { type IidSpec, sideOf } from './spec.js';
import { countBits, type TensorBits } from './tensor-bits.js';

/**
 * The order in which numbers are read. `stored`: input by input, as Keras stores them: neighbors belong to different units (H, W, I, O of a
 * kernel). `by-unit`: unit by unit, as PyTorch stores them: neighbors are a unit's weights of neighboring pixels (O, I, H, W).
 * `shuffled`: at random.
 */
export type ReadingOrder = 'stored' | 'by-unit' | 'shuffled';

/** Every `ReadingOrder`. */
export const readingOrders: readonly ReadingOrder[] = ['stored', 'by-unit', 'shuffled'];

/** A net at one epoch. */
export type NetStage = {
  readonly epoch: number;
  readonly testAccuracy: number | string;
  readonly tensors: Readonly<Record<ReadingOrder, readonly TensorBits[]>>;
};

/** Result of a trial of a net; a training that broke has fewer stages. */
export interface IidNetResult extends JsonObject {
  readonly stages: readonly NetStage[];
}

/** Result of the trial of the images. */
export interface IidImagesResult extends JsonObject {
  /** Z of each image whose bytes could be tested, split into what is above its median and what is not. */
  readonly z: readonly number[];
  /** The same of its bytes in random order. */
  readonly shuffledZ: readonly number[];
}

/** Purpose of the keys: "shuf" in ASCII; none of the tree's own. */
const shuffling = 0x73_68_75_66;

/** Runs the trial `key`; pure but for `context.onProgress`. */
export async function runIidTrial(
  context: TrialContext,
  spec: IidSpec,
  key: TrialKey,
): Promise<IidNetResult | IidImagesResult> {
  const { engine, dataset } = context;
  if (dataset === null) throw new InvalidArgumentError('iid: trainings need data; got none');
  const { net } = findIidCell(spec, key.cell);
  const randomKey = trialRandomKey(spec, key);
  if (net === null) return testImages(engine, dataset, spec.images, randomKey);
  return await testNet({ ...context, dataset }, spec, key, net, randomKey);
}

async function testNet(
  { engine, dataset, onProgress }: TrialContext & { readonly dataset: Dataset },
  spec: IidSpec,
  key: TrialKey,
  net: IidNetName,
  randomKey: RandomKey,
): Promise<IidNetResult> {
  const architecture = iidArchitecture(net, { side: sideOf(spec), classes: spec.data.classes });
  const types = parameterTypes(architecture);
  const stages: NetStage[] = [];
  const training = trainCheckpoints(engine, dataset, {
    architecture,
    initializer: findInitializer('he-normal').initializer,
    optimizer: { kind: 'adam', learningRate: spec.learningRate },
    batchSize: spec.batchSize,
    epochs: spec.epochs,
    key: randomKey,
  });
  for await (const { epoch, testAccuracy, tensors } of training) {
    const read = (order: ReadingOrder) =>
      tensors.map((tensor, index) => {
        const orderKey = deriveKey(deriveKey(randomKey, shuffling, epoch), shuffling, index);
        const type = types[index] ?? 'others';
        const taps = type === 'convolution weights' ? kernelTaps : 1;
        return countBits(engine, tensor.name, type, inOrder(engine, tensor, { order, taps, key: orderKey }));
      });
    stages.push({
      epoch,
      testAccuracy: encodeNumber(testAccuracy),
      tensors: { stored: read('stored'), 'by-unit': read('by-unit'), shuffled: read('shuffled') },
    });
    onProgress?.({ ...key, fraction: epoch / spec.maxEpochs, values: { epoch, testAccuracy } });
  }
  return { stages };
}

function inOrder(
  engine: Engine,
  { rows, columns, values }: NamedTensor,
  { order, taps, key }: { readonly order: ReadingOrder; readonly taps: number; readonly key: RandomKey },
): Float32Array {
  if (order === 'stored') return values;
  if (order === 'by-unit') {
    const channels = rows / taps;
    return Float32Array.from(values, (_, i) => {
      // Rows hold the channels of a tap in turn; read are the taps of a channel.
      const place = i % rows;
      const row = (place % taps) * channels + Math.floor(place / taps);
      return values[row * columns + Math.floor(i / rows)] as number;
    });
  }
  const places = permutation(engine, values.length, key);
  return Float32Array.from(values, (_, i) => values[places[i] as number] as number);
}

/** The bytes of each image row by row, and in random order. */
function testImages(engine: Engine, { train }: Dataset, count: number, key: RandomKey): IidImagesResult {
  const pixels = train.rows * train.columns;
  const [z, shuffledZ]: [number[], number[]] = [[], []];
  for (let image = 0; image < count; image++) {
    const bytes = train.images.subarray(image * pixels, (image + 1) * pixels);
    const places = permutation(engine, pixels, deriveKey(key, shuffling, image));
    // Half of such an image may be black: ties are no reason to leave those out.
    const found = testRuns(bytes, { ties: 'below' });
    const shuffled = testRuns(
      bytes.map((_, i) => bytes[places[i] as number] as number),
      { ties: 'below' },
    );
    if (found === null || shuffled === null) continue;
    z.push(found.z);
    shuffledZ.push(shuffled.z);
  }
  return { z, shuffledZ };
}

function permutation(engine: Engine, count: number, key: RandomKey): Uint32Array {
  const { arena, kernels } = engine;
  const mark = arena.mark();
  const stream = openStream(engine, key);
  const order = arena.allocate(4 * count);
  kernels.fill_permutation(stream, count, order);
  const places = arena.words(order, count).slice();
  arena.release(mark);
  return places;
}
