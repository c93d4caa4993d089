/** One trial: a net's tensors tested before and after training, in three orders; or the bytes of the images. */
import { deriveKey, type Engine, InvalidArgumentError, type RandomKey } from '@kindling/core';
import { testRuns } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import type { Dataset } from '@kindling/trainer';
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { trainCheckpoints } from '../../zoo/checkpoints.js';
import { findIidCell } from './cells.js';
import { type IidNetName, iidArchitecture, kernelTaps, parameterTypes } from './nets.js';
import { inOrder, permutation, type ReadingOrder } from './reading-order.js';
import { type IidSpec, sideOf } from './spec.js';
import { countBits, type TensorBits } from './tensor-bits.js';

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
