/**
 * The pretext task: images with a share of their pixels black are shown, the whole images are asked for. Nothing but pixels is
 * needed. Masks are drawn twice for every image and kept; the loss is the mean squared error over all pixels.
 */
import {
  type Architecture,
  allocateMatrix,
  allocateNetwork,
  deriveKey,
  type Engine,
  type Layer,
  openStream,
  type RandomKey,
} from '@kindling/core';
import { findInitializer, initializeParameters } from '@kindling/initializers';
import { type Dataset, trainRegression } from '@kindling/trainer';
import { copyTensors, type NamedTensor } from '../../zoo/checkpoints.js';
import type { PretrainingSpec } from './spec.js';

/** Masks an image. */
const masksPerImage = 2;
/** Purpose of the keys: "mask" in ASCII; none of the tree's own. */
const masking = 0x6d_61_73_6b;

/** A pretext model. */
export interface PretextModel {
  /** Mean squared error over all pixels, of pixels in 0 … 1, before and after training. */
  readonly lossBefore: number;
  readonly lossAfter: number;
  /** Weights and biases of its layers in turn. */
  readonly tensors: readonly NamedTensor[];
}

/** A dense net with these outputs behind its hidden layers. */
export function denseNet({ data, hidden }: PretrainingSpec, outputs: number): Architecture {
  return {
    input: { width: data.features },
    layers: [
      ...hidden.map((units): Layer => ({ kind: 'dense', units, activation: 'relu' })),
      { kind: 'dense', units: outputs, activation: 'linear' },
    ],
  };
}

/** Trains a net to fill in masked pixels of the pool. Everything taken from the arena is given back. */
export function trainPretext(
  engine: Engine,
  { train }: Dataset,
  spec: PretrainingSpec,
  key: RandomKey,
): PretextModel {
  const { arena, kernels } = engine;
  const mark = arena.mark();
  try {
    const pixels = spec.data.features;
    const rows = train.count * masksPerImage;
    const inputs = allocateMatrix(engine, rows, pixels);
    const targets = allocateMatrix(engine, rows, pixels);
    const stream = openStream(engine, deriveKey(key, masking));
    const drawn = arena.allocateFloats(pixels);
    const [shown, whole] = [inputs, targets].map(({ pointer, stride }) =>
      arena.floats(pointer, rows * stride),
    );
    for (let row = 0; row < rows; row++) {
      kernels.fill_uniform(stream, pixels, drawn, 0, 1);
      const chances = arena.floats(drawn, pixels);
      const image = (row % train.count) * pixels;
      for (let i = 0; i < pixels; i++) {
        const value = (train.images[image + i] as number) / 255;
        (whole as Float32Array)[row * targets.stride + i] = value;
        (shown as Float32Array)[row * inputs.stride + i] =
          (chances[i] as number) < spec.maskedShare ? 0 : value;
      }
    }
    const network = allocateNetwork(engine, denseNet(spec, pixels));
    initializeParameters(engine, network, findInitializer('he-normal').initializer, key);
    const maxSteps = Math.ceil(rows / spec.batchSize) * spec.pretextEpochs;
    const losses: number[] = [];
    const training = trainRegression(
      engine,
      network,
      { inputs, targets },
      {
        ...{ optimizer: { kind: 'adam', learningRate: spec.learningRate }, batchSize: spec.batchSize },
        ...{ maxSteps, reportEvery: maxSteps, key },
      },
    );
    for (const { loss } of training) losses.push(loss);
    return {
      lossBefore: losses[0] ?? Number.NaN,
      lossAfter: losses.at(-1) ?? Number.NaN,
      tensors: copyTensors(engine, network),
    };
  } finally {
    arena.release(mark);
  }
}
