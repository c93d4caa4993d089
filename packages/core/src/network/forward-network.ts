/** How a batch passes through a network of any architecture. */
import type { Activation } from '../architecture/architecture.js';
import { describeShape } from '../architecture/layer-shapes.js';
import { conv2dForward } from '../convolution/conv2d.js';
import { averagePool, maxPool } from '../convolution/pooling.js';
import type { Engine } from '../engine.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { Pointer } from '../kernels/kernel-exports.js';
import { batchNormForward } from '../normalization/batch-normalization.js';
import { allFloats, firstImages, type Images, imagesAt, placeOf, sameLayout } from '../tensor/images.js';
import type { Matrix } from '../tensor/matrix.js';
import { isSparse, type SparseRows } from '../tensor/sparse-rows.js';
import type { Network, NetworkWorkspace } from './network.js';
import { type LayerPlace, type Program, type Step, type Value, valuesRead } from './program.js';

/** What a network of any architecture takes: rows, images, or sparse rows where `readsSparseRows` says so. */
export type GeneralInput = Matrix | Images | SparseRows;

/** Called behind every layer, inner layers of blocks included, with its output: valid until the call returns. */
export type NetworkTap = (place: LayerPlace, activations: Images) => void;

/**
 * Passes a batch through the network, f32. Dense layers and convolutions sum as `forward` and `conv2dForward` do; a block gives
 * fl(fl(η · branch) + shortcut). Batch normalization uses the statistics of this batch.
 *
 * @param input images of the architecture's size, or a matrix with an input a row (images in the order of rows, pixels and
 * channels); at most `workspace.batch`, at least one. With a border of its own an image may get its border set. Sparse rows where
 * every layer that reads the input is dense (`readsSparseRows`): the same bits as from the rows written out, as long as weights are
 * finite.
 * @returns the output (it lies in the workspace), as images; of 1 × 1 pixels where flat — `rowsOf` makes it a matrix
 * @throws InvalidArgumentError when the input or the workspace does not fit the network
 */
export function forwardNetwork(
  engine: Engine,
  network: Network,
  input: GeneralInput,
  workspace: NetworkWorkspace,
  tap?: NetworkTap,
): Images {
  const { steps } = network.program;
  let output = beginForward(engine, network, input, workspace);
  for (let index = 0; index < steps.length; index++) {
    output = forwardStep(engine, network, index, workspace);
    const { place } = steps[index] as Step;
    if (tap !== undefined && place !== null) tap(place, output);
  }
  return output;
}

/**
 * Takes the input of a pass in; `forwardStep` for steps 0, 1, … goes on. For those who look at, or choose, a layer's parameters on the
 * way.
 *
 * @returns the input as the steps read it
 * @throws InvalidArgumentError as `forwardNetwork`
 */
export function beginForward(
  engine: Engine,
  network: Network,
  input: GeneralInput,
  workspace: NetworkWorkspace,
): Images {
  const sparse = isSparseInput(input) ? input : null;
  const first =
    sparse === null
      ? placeInput(engine, network, input as Matrix | Images, workspace)
      : placeSparse(network, sparse, workspace);
  viewValues(workspace, first);
  workspace.sparse = sparse;
  return first;
}

/**
 * One step of the pass that `beginForward` began, behind all those before it; it may be repeated until the next one.
 *
 * @param linear leave the activation of a dense layer or convolution away. Default: false
 * @returns what the step gives, in the workspace
 * @throws InvalidArgumentError without a pass, or where the network has no such step
 */
export function forwardStep(
  engine: Engine,
  network: Network,
  index: number,
  workspace: NetworkWorkspace,
  linear = false,
): Images {
  const step = network.program.steps[index];
  const output = step === undefined ? undefined : workspace.current[step.output];
  if (step === undefined || output === undefined) {
    throw new InvalidArgumentError(
      `forwardStep: step ${index} of ${network.program.steps.length} cannot run; expected beginForward, then the steps in order`,
    );
  }
  const run = linear && (step.kind === 'dense' || step.kind === 'conv2d');
  runStep(engine, network, run ? { ...step, activation: 'linear' } : step, workspace, index);
  return output;
}

/**
 * Flat images as a matrix with a row an image, in place.
 *
 * @throws InvalidArgumentError for images of more than one pixel
 */
export function rowsOf(images: Images): Matrix {
  const { pointer, batch, height, width, channels, imageStride } = images;
  if (height !== 1 || width !== 1) {
    throw new InvalidArgumentError(
      `rowsOf: the images are ${height} × ${width}; expected 1 × 1 — flatten them`,
    );
  }
  return { pointer, rows: batch, columns: channels, stride: imageStride };
}

/** The number a block's branch is multiplied by at present. */
export function scaleOf(engine: Engine, network: Network, step: Extract<Step, { kind: 'sum' }>): number {
  if (typeof step.scale === 'number') return step.scale;
  return engine.arena.floats(matrixOf(network, step.scale.parameter).pointer, 1)[0] ?? 0;
}

/** The numbers of a parameter. */
export function matrixOf(network: Network, parameter: number): Matrix {
  const found = network.parameters[parameter];
  if (found === undefined) throw new RangeError(`there is no parameter ${parameter} in the network`);
  return found.matrix;
}

/** Whether every layer that reads the input is dense, so that `forwardNetwork` takes sparse rows. */
export function readsSparseRows({ steps }: Program): boolean {
  return steps.every((step) => step.kind === 'dense' || !valuesRead(step).includes(0));
}

function isSparseInput(input: GeneralInput): input is SparseRows {
  return 'rows' in input && isSparse(input);
}

/** Makes the values of a pass; those of the last one do again where the batch is of the same size. */
function viewValues(workspace: NetworkWorkspace, first: Images): void {
  if (workspace.current[0]?.batch !== first.batch) {
    workspace.current = workspace.values.map((value) => firstImages(value, first.batch));
  }
  workspace.current[0] = first;
}

/** Sparse rows have no images: what stands for the input has its size, and nobody reads it. */
function placeSparse(network: Network, input: SparseRows, workspace: NetworkWorkspace): Images {
  const room = requireOwn(network, workspace);
  if (!readsSparseRows(network.program)) {
    throw new InvalidArgumentError(
      'forwardNetwork: the input is sparse rows and a layer that is not dense reads it; expected a matrix or images',
    );
  }
  const { rows, columns } = input;
  if (columns !== room.channels || rows > workspace.batch || rows < 1) {
    throw new InvalidArgumentError(
      `forwardNetwork: the input is ${rows} of ${columns}; expected 1 to ${workspace.batch} of ${room.channels}`,
    );
  }
  return firstImages(room, rows);
}

/** The workspace's room for the input. */
function requireOwn({ program }: Network, workspace: NetworkWorkspace): Images {
  const [room] = workspace.values;
  if (room === undefined || workspace.values.length !== program.values.length) {
    throw new InvalidArgumentError(
      'forwardNetwork: the workspace belongs to another network; expected one made by allocateWorkspace',
    );
  }
  return room;
}

/** The input as images with the border that its readers need. */
function placeInput(
  engine: Engine,
  network: Network,
  input: Matrix | Images,
  workspace: NetworkWorkspace,
): Images {
  const room = requireOwn(network, workspace);
  const value = network.program.values[0] as Value;
  const { shape, border } = value;
  const { height, width, channels } = shape;
  const images =
    'rows' in input ? viewRows(input, input.columns === height * width * channels ? shape : null) : input;
  const fits = images.height === height && images.width === width && images.channels === channels;
  if (!fits || images.batch > workspace.batch || images.batch < 1) {
    throw new InvalidArgumentError(
      `forwardNetwork: the input is ${images.batch} of ${describeShape(images)}; expected 1 to ${workspace.batch} of ${describeShape(shape)}`,
    );
  }
  const has = images.border;
  const enough =
    has.top >= border.top &&
    has.bottom >= border.bottom &&
    has.left >= border.left &&
    has.right >= border.right;
  if (enough) return images;
  const own = firstImages(room, images.batch);
  const grid = [images.batch, height, width, channels] as const;
  engine.kernels.copy_grid(...grid, ...placeOf(images), ...placeOf(own));
  return own;
}

/** Rows of a matrix as images of `shape`, or flat. */
function viewRows(
  { pointer, rows, columns, stride }: Matrix,
  shape: { readonly height: number; readonly width: number; readonly channels: number } | null,
): Images {
  const size = shape ?? { height: 1, width: 1, channels: columns };
  return { ...imagesAt({ ...size, batch: rows }, pointer, { dense: true }), imageStride: stride };
}

function runStep(
  engine: Engine,
  network: Network,
  step: Step,
  workspace: NetworkWorkspace,
  index: number,
): void {
  const { kernels } = engine;
  const { scratch, current: values } = workspace;
  const x = values[step.input] as Images;
  const y = values[step.output] as Images;
  switch (step.kind) {
    case 'dense': {
      if (step.input === 0 && workspace.sparse !== null) {
        multiplySparse(engine, network, step, workspace.sparse, y);
      } else multiplyDense(engine, network, step, x, y, scratch.pointer);
      if (step.biases === null || step.activation !== 'relu') activate(engine, step.activation, y);
      return;
    }
    case 'conv2d': {
      const weights = matrixOf(network, step.weights);
      const tensors = { input: x, weights, output: y, scratch };
      if (step.biases === null) {
        conv2dForward(engine, step.convolution, tensors);
      } else {
        const biases = matrixOf(network, step.biases);
        conv2dForward(engine, step.convolution, { ...tensors, biases, relu: step.activation === 'relu' });
      }
      if (step.biases === null || step.activation !== 'relu') activate(engine, step.activation, y);
      return;
    }
    case 'pool':
      (step.method === 'max' ? maxPool : averagePool)(engine, step.pool, x, y);
      return;
    case 'flatten':
      copyFlat(engine, x, y, 'flatten');
      return;
    case 'activation':
      copyImages(engine, x, y);
      activate(engine, step.activation, y);
      return;
    case 'batch-normalization': {
      const statistics = workspace.statistics[index];
      if (statistics === null || statistics === undefined) {
        throw new InvalidArgumentError('forwardNetwork: the workspace belongs to another network');
      }
      const gamma = matrixOf(network, step.gamma);
      const beta = matrixOf(network, step.beta);
      batchNormForward(engine, { input: x, gamma, beta, output: y, statistics, scratch });
      return;
    }
    case 'sum': {
      const shortcut = values[step.shortcut] as Images;
      const scale = scaleOf(engine, network, step);
      const { pointer, count } = allFloats(y);
      if (sameLayout(x, y)) {
        // The same roundings as below, in two ways through memory and not three.
        copyImages(engine, shortcut, y);
        kernels.axpy(count, scale, allFloats(x).pointer, pointer);
        return;
      }
      copyImages(engine, x, y);
      if (scale !== 1) kernels.scale(count, pointer, scale);
      kernels.add_grid(y.batch, y.height, y.width, y.channels, ...placeOf(shortcut), ...placeOf(y));
    }
  }
}

type DenseStep = Extract<Step, { kind: 'dense' }>;

/** y ← x · W, + biases where there are any, then ReLU where there are biases and the layer has one. */
function multiplyDense(
  { kernels }: Engine,
  network: Network,
  step: DenseStep,
  x: Images,
  y: Images,
  scratch: Pointer,
): void {
  const weights = matrixOf(network, step.weights);
  const grid = [x.batch, y.channels, x.channels, x.pointer, x.imageStride] as const;
  const rest = [weights.pointer, weights.stride, y.pointer, y.imageStride, scratch] as const;
  if (step.biases === null) {
    kernels.sgemm_nn(...grid, ...rest);
  } else {
    const multiply = step.activation === 'relu' ? kernels.sgemm_nn_bias_relu : kernels.sgemm_nn_bias;
    multiply(...grid, ...rest, matrixOf(network, step.biases).pointer);
  }
}

/** The same from sparse rows. */
function multiplySparse(
  { kernels }: Engine,
  network: Network,
  step: DenseStep,
  x: SparseRows,
  y: Images,
): void {
  const weights = matrixOf(network, step.weights);
  const from = [x.rows, y.channels, x.starts, x.entryColumns, x.values] as const;
  const rest = [weights.pointer, weights.stride, y.pointer, y.imageStride] as const;
  if (step.biases === null) {
    kernels.sparse_nn(...from, ...rest);
  } else {
    const multiply = step.activation === 'relu' ? kernels.sparse_nn_bias_relu : kernels.sparse_nn_bias;
    multiply(...from, ...rest, matrixOf(network, step.biases).pointer);
  }
}

/** target ← source, of equal sizes, whatever their borders; what stands in the target's border may be overwritten, too. */
export function copyImages(engine: Engine, source: Images, target: Images): void {
  if (sameLayout(source, target)) {
    // One run of floats: pixels of a few channels, one by one, cost several times as much.
    const { pointer, count } = allFloats(source);
    engine.kernels.copy_grid(1, 1, 1, count, pointer, 0, 0, 0, allFloats(target).pointer, 0, 0, 0);
    return;
  }
  const { batch, height, width, channels } = source;
  engine.kernels.copy_grid(batch, height, width, channels, ...placeOf(source), ...placeOf(target));
}

/** `flatten`: the flat images from the others; `unflatten`: the other way round. */
export function copyFlat(
  engine: Engine,
  images: Images,
  flat: Images,
  direction: 'flatten' | 'unflatten',
): void {
  const { batch, height, width, channels } = images;
  const rows = [flat.pointer, flat.imageStride, width * channels, channels] as const;
  const grid = [batch, height, width, channels] as const;
  if (direction === 'flatten') engine.kernels.copy_grid(...grid, ...placeOf(images), ...rows);
  else engine.kernels.copy_grid(...grid, ...rows, ...placeOf(images));
}

function activate(engine: Engine, activation: Activation, images: Images): void {
  if (activation === 'linear') return;
  const { pointer, count } = allFloats(images);
  if (activation === 'relu') engine.kernels.relu(count, pointer);
  else engine.kernels.leaky_relu(count, pointer, activation.slope);
}
