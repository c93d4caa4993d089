/** Passes one batch through one random network after the other, layer by layer, and tells the length of every layer. */
import {
  type Architecture,
  allFloats,
  allocateNetwork,
  copyImages,
  type Engine,
  estimateNetworkMemory,
  forwardNetwork,
  type Images,
  imagesAt,
  type Layer,
  layerShapes,
  leadingDimension,
  listParameters,
  type Pointer,
  type RandomKey,
  sumSquaresOfImages,
  type TensorShape,
  takenBytes,
} from '@kindling/core';
import {
  checkInitializer,
  drawParameters,
  type Initializer,
  initializeParameters,
  needsData,
  parameterLaws,
} from '@kindling/initializers';
import {
  checkNetworkInput,
  type NetworkInputOptions,
  networkBatch,
  networkInputBytes,
  openNetworkInput,
} from './network-input.js';
import { type LayerNetwork, openOverlay, overlayBytes, streamFloats } from './network-overlay.js';
import { neededHalvings, powerOfTwo } from './power-of-two.js';
import { alignBiases, scaleFloats } from './scaled-layer.js';

/** Which nets, and which inputs. */
export interface NetworkWalkOptions extends NetworkInputOptions {
  /** Checked, as by `parseArchitecture`. */
  readonly architecture: Architecture;
  /** Any that looks at no data, or `lsuv`, which looks at `data`. */
  readonly initializer: Initializer;
}

/** One layer of one net; a residual block is one. */
export interface LayerLength {
  /** From 1. */
  readonly layer: number;
  /** `layers[0]`. */
  readonly path: string;
  readonly kind: Layer['kind'];
  readonly shape: TensorShape;
  /**
   * M_l/M_0, mean squares over batch, pixels and channels. A value beyond the range of f64 is 0 or Infinity. NaN where numbers left the range
   * of f32 within this layer, as they may between the layers of one block, and in all layers behind it: nothing is known of those.
   */
  readonly length: number;
  /**
   * Its natural logarithm; −Infinity exactly where every stored number is zero: within one block numbers may also have become zero for being
   * too small for f32. NaN where the length is.
   */
  readonly logLength: number;
}

/** Lengths of one net. */
export interface NetworkMeasurement {
  readonly layers: readonly LayerLength[];
  /** M_0, the mean square of the true input; of an input that is zero 1, so that lengths have something to be relative to. */
  readonly inputLength: number;
  /** Its natural logarithm, finite also where f64 cannot hold M_0. */
  readonly logInputLength: number;
  /** Inputs that were passed; lengths are means over them. */
  readonly batch: number;
  /** Kernel memory (the arena) during the measurement, `networkWalkMemory`. JavaScript's objects, which grow with depth, are not in it. */
  readonly memoryBytes: number;
}

/** Measures the net of a key. Takes no memory that it does not give back. */
export type NetworkWalk = (key: RandomKey) => NetworkMeasurement;

/** A batch between two layers: the true numbers are 2^exponent times those of the images. */
interface Stream {
  readonly images: Images;
  readonly exponent: number;
  /** Mean square of the stored numbers. */
  readonly square: number;
}

/**
 * Room in the arena for walking networks of one kind: the caller marks and releases.
 *
 * @throws InvalidArgumentError for an initializer, an input, data or a batch that cannot be
 */
export function openNetworkWalk(engine: Engine, caller: string, options: NetworkWalkOptions): NetworkWalk {
  const { architecture, initializer } = options;
  checkInitializer(caller, initializer);
  checkNetworkInput(engine, caller, options);
  const { arena } = engine;
  const batch = networkBatch(options);
  const writeInput = openNetworkInput(engine, options, batch);
  const room = arena.allocateFloats(streamRoom(architecture, batch));
  // A law that looks at data looks at what the layers before make of them.
  const whole = needsData(initializer) ? allocateNetwork(engine, architecture) : null;
  const laws = needsData(initializer) ? null : parameterLaws(architecture, initializer, caller);
  const layers = openOverlay(engine, architecture, batch, whole);
  const memoryBytes = networkWalkMemory(architecture, { batch, initializer });
  return (key) => {
    if (whole !== null) initializeParameters(engine, whole, initializer, key, options.data);
    const input = writeInput(key);
    const isZero = input.square === 0;
    const reference = isZero ? 1 : input.square;
    let stream: Stream = input;
    const found = layers.map((layer, index): LayerLength => {
      if (laws !== null) drawParameters(engine, layer.network.parameters, laws, key);
      const passed = passLayerNetwork(engine, stream, layer, room);
      const relative = passed.square / reference;
      const doublings = 2 * (passed.exponent - input.exponent);
      stream = settleStream(engine, passed);
      return {
        layer: index + 1,
        path: `layers[${index}]`,
        kind: layer.kind,
        shape: layer.shape,
        length: lengthOf(relative, doublings),
        logLength: Number.isFinite(relative)
          ? engine.kernels.log_f64(relative) + doublings * Math.LN2
          : Number.NaN,
      };
    });
    const inputLength = isZero ? 1 : input.length;
    const logInputLength = isZero ? 0 : input.logLength;
    return { layers: found, inputLength, logInputLength, batch, memoryBytes };
  };
}

/**
 * Kernel memory, bytes of the arena, that a measurement of such networks holds: the input, one batch between two layers, and the largest layer with its
 * weights. Weights that depend on each other (orthogonal ones) take more while they are drawn. JavaScript's own objects, some a layer, are not counted.
 *
 * @param options.initializer one that looks at data holds the whole network; default: one that does not
 * @param options.batch default: what a measurement takes, 1, or 64 where there is a batch normalization
 */
export function networkWalkMemory(
  architecture: Architecture,
  options: { readonly batch?: number; readonly initializer?: Initializer } = {},
): number {
  const batch = networkBatch({ architecture, batch: options.batch });
  const whole =
    options.initializer !== undefined && needsData(options.initializer)
      ? estimateNetworkMemory(architecture, 1).parameters
      : 0;
  return (
    whole +
    networkInputBytes(architecture, batch) +
    takenBytes(4 * streamRoom(architecture, batch)) +
    overlayBytes(architecture, batch) +
    drawingBytes(architecture)
  );
}

/** What drawing takes beside that: a stream, and a matrix without padding where its rows are padded. */
function drawingBytes(architecture: Architecture): number {
  const matrix = listParameters(architecture).reduce(
    (most, { rows, columns }) =>
      columns === leadingDimension(columns) ? most : Math.max(most, takenBytes(4 * rows * columns)),
    0,
  );
  return takenBytes(64) + matrix;
}

/** relative · 2^doublings: NaN for what f32 could not hold. A dead layer is 0 however far the scale has run: 0 · ∞ would have no value. */
function lengthOf(relative: number, doublings: number): number {
  if (relative === 0) return 0;
  return Number.isFinite(relative) ? relative * powerOfTwo(doublings) : Number.NaN;
}

/** Floats of the largest batch behind a layer. */
function streamRoom(architecture: Architecture, batch: number): number {
  return layerShapes(architecture).reduce(
    (most, shape) => Math.max(most, streamFloats({ ...shape, batch })),
    0,
  );
}

/** Passes the stream through a layer; what comes out lies in `room`. */
function passLayerNetwork(
  engine: Engine,
  stream: Stream,
  { network, workspace, biases, normalizes }: LayerNetwork,
  room: Pointer,
): Stream {
  const stored = allFloats(stream.images);
  let { exponent } = stream;
  if (normalizes) {
    // Its epsilon is a number, not a share.
    scaleFloats(engine, stored.pointer, stored.count, exponent);
    exponent = 0;
  } else {
    exponent = alignBiases(engine, exponent, stored, biases);
  }
  const output = forwardNetwork(engine, network, stream.images, workspace);
  const images = imagesAt(output, room);
  copyImages(engine, output, images);
  const { batch, height, width, channels } = images;
  return {
    images,
    exponent,
    square: sumSquaresOfImages(engine, images) / (batch * height * width * channels),
  };
}

/** Brings the stored numbers near 1 where they are far from it. A dead layer has no scale. */
function settleStream(engine: Engine, stream: Stream): Stream {
  const { images, exponent, square } = stream;
  if (square === 0) return { images, exponent: 0, square };
  const shift = neededHalvings(square);
  if (shift === 0) return stream;
  const { pointer, count } = allFloats(images);
  scaleFloats(engine, pointer, count, -shift);
  return { images, exponent: exponent + shift, square: square * powerOfTwo(-2 * shift) };
}
