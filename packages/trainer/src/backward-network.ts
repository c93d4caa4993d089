/**
 * Loss and gradients of a network of any architecture. Gradients go to a visitor one parameter at a time, the last layer first, in
 * room that is used again; a visitor may change the parameter, because nothing reads it any more in this pass.
 */
import {
  type Activation,
  allFloats,
  allocateWorkspace,
  averagePoolBackward,
  batchNormBackward,
  conv2dBiasGradient,
  conv2dInputGradient,
  conv2dWeightGradient,
  copyFlat,
  copyImages,
  type Engine,
  firstImages,
  forwardNetwork,
  type GeneralInput,
  type Images,
  InvalidArgumentError,
  imagesOf,
  isFlat,
  type Matrix,
  matrixOf,
  maxPoolBackward,
  type Network,
  type NetworkTap,
  type NetworkWorkspace,
  type ParameterIndex,
  planGradients,
  rowsOf,
  type Step,
  scaleOf,
  type Value,
} from '@kindling/core';
import { type Loss, takeLoss } from './loss.js';

/** Room for forward and backward passes of up to `forward.batch` inputs. */
export interface NetworkTraining {
  /** Keeps all activations. */
  readonly forward: NetworkWorkspace;
  /** By value of the program: the gradient of the loss by it. Values that are not needed at once share memory. */
  readonly gradients: readonly Images[];
  /** By step: where a second gradient of a value stands before it is added to the first; `null` where no step needs it. */
  readonly seconds: readonly (Images | null)[];
  /** By parameter; parameters of one kind share room. */
  readonly parameterGradients: readonly Matrix[];
  /** The first images of both, for the batch passed last: batches of one size make no objects. */
  views: GradientViews | null;
}

/** Gradients of a batch that may be smaller than the room. */
export interface GradientViews {
  readonly batch: number;
  readonly gradients: readonly Images[];
  readonly seconds: readonly (Images | null)[];
}

/** Called with the gradient of the mean loss by one parameter, laid out as the parameter is. */
export type ParameterVisitor = (parameter: ParameterIndex, gradient: Matrix) => void;

/**
 * Room for training `network` on batches of up to `batch` inputs.
 *
 * @throws InvalidArgumentError unless the outputs are flat and batch is an integer ≥ 1
 * @throws OutOfMemoryError when there is no room
 */
export function allocateNetworkTraining(engine: Engine, network: Network, batch: number): NetworkTraining {
  const { program, parameters } = network;
  const { values } = program;
  const last = values.length - 1;
  const outputs = values[last];
  if (outputs === undefined || !isFlat(outputs.shape)) {
    throw new InvalidArgumentError(
      'allocateNetworkTraining: the network gives images; expected flat outputs — end in flatten or global-average-pool',
    );
  }
  const forward = allocateWorkspace(engine, network, batch, 'all');
  const plan = planGradients(program, batch);
  const pointers = plan.rooms.map((floats) => engine.arena.allocateFloats(floats));
  const at = (value: number, room: number) => imagesOf(values[value] as Value, batch, pointers[room] ?? 0);
  const gradients = values.map((_, index) => at(index, plan.roomOf[index] ?? 0));
  const seconds = plan.seconds.map((second) => (second === null ? null : at(second.value, second.room)));
  const weights = engine.arena.allocateFloats(plan.weightFloats);
  const rows = engine.arena.allocateFloats(plan.rowFloats);
  const parameterGradients = parameters.map(({ kind, matrix }) => ({
    ...matrix,
    pointer: kind === 'weights' || kind === 'gamma' ? weights : rows,
  }));
  return { forward, gradients, seconds, parameterGradients, views: null };
}

/**
 * The loss of a batch at the present parameters. Leaves the training ready for `passNetworkBackward`.
 *
 * @param input as `forwardNetwork` takes it
 * @returns the mean loss of the batch, in f64; NaN or Infinity when the network has diverged
 * @throws InvalidArgumentError when input, loss or training does not fit the network
 */
export function passNetworkForward(
  engine: Engine,
  network: Network,
  input: GeneralInput,
  loss: Loss,
  training: NetworkTraining,
): number {
  const outputs = forwardNetwork(engine, network, input, training.forward);
  if (loss.kind === 'mean-squared-error') {
    const { targets } = loss;
    if (targets.rows < outputs.batch || targets.columns !== outputs.channels) {
      throw new InvalidArgumentError(
        `passNetworkForward: the targets are ${targets.rows} × ${targets.columns}; expected ${outputs.batch} × ${outputs.channels}, a row for every input and a column for every output`,
      );
    }
  }
  const gradient = firstImages(training.gradients.at(-1) ?? outputs, outputs.batch);
  copyImages(engine, outputs, gradient);
  return takeLoss(engine, rowsOf(gradient), loss);
}

/**
 * The gradients of the batch that `passNetworkForward` just passed, with nothing changed in between, f32. Where a value has
 * several readers their gradients are added from the last reader to the first, one rounding each.
 *
 * @param tap called for every layer, the last one first, with the gradient of the mean loss by its output; valid until the call returns,
 * and not to be changed
 * @throws InvalidArgumentError without such a pass before
 */
export function passNetworkBackward(
  engine: Engine,
  network: Network,
  training: NetworkTraining,
  visit: ParameterVisitor,
  tap?: NetworkTap,
): void {
  const { steps, values } = network.program;
  const { current } = training.forward;
  const batch = current[0]?.batch;
  if (batch === undefined || current.length !== values.length) {
    throw new InvalidArgumentError(
      'passNetworkBackward: no batch was passed; expected passNetworkForward first',
    );
  }
  const { gradients, seconds } = viewGradients(training, batch);
  const pass: Pass = { engine, network, training, visit, values: current, gradients, seconds };
  for (let index = steps.length - 1; index >= 0; index--) {
    const step = steps[index] as Step;
    if (tap !== undefined && step.place !== null) tap(step.place, gradients[step.output] as Images);
    passStepBackward(pass, step, index);
  }
}

function viewGradients(training: NetworkTraining, batch: number): GradientViews {
  if (training.views?.batch === batch) return training.views;
  const views = {
    batch,
    gradients: training.gradients.map((gradient) => firstImages(gradient, batch)),
    seconds: training.seconds.map((second) => second && firstImages(second, batch)),
  };
  training.views = views;
  return views;
}

/** One way back. Objects and closures a step would show on nets of many narrow layers. */
interface Pass {
  readonly engine: Engine;
  readonly network: Network;
  readonly training: NetworkTraining;
  readonly visit: ParameterVisitor;
  readonly values: readonly Images[];
  /** Gradient by value; that by a step's output may be overwritten, nothing reads it any more. */
  readonly gradients: readonly Images[];
  readonly seconds: readonly (Images | null)[];
}

/**
 * Where step `index` writes the gradient by a value that it reads; null for the input of the network, whose gradient nobody needs.
 * To be followed by `addUp`.
 */
function roomFor({ gradients, seconds, network }: Pass, value: number, index: number): Images | null {
  if (value === 0) return null;
  const isLast = network.program.values[value]?.lastReader === index;
  return (isLast ? null : seconds[index]) ?? (gradients[value] as Images);
}

/** Adds what was written to what later readers gave. */
function addUp({ engine, gradients }: Pass, value: number, room: Images): void {
  const gradient = gradients[value] as Images;
  if (room === gradient) return;
  const { pointer, count } = allFloats(room);
  engine.kernels.axpy(count, 1, pointer, allFloats(gradient).pointer);
}

function passStepBackward(pass: Pass, step: Step, index: number): void {
  const { engine, training, values } = pass;
  const x = values[step.input] as Images;
  const y = values[step.output] as Images;
  const dy = pass.gradients[step.output] as Images;
  switch (step.kind) {
    case 'dense':
      deactivate(engine, step.activation, dy, y);
      passDenseBackward(pass, step, index, x, dy);
      return;
    case 'conv2d':
      deactivate(engine, step.activation, dy, y);
      passConvolutionBackward(pass, step, index, x, dy);
      return;
    case 'sum':
      passSumBackward(pass, step, index, x, dy);
      return;
    case 'activation':
      deactivate(engine, step.activation, dy, y);
      break;
    case 'batch-normalization': {
      const statistics = training.forward.statistics[index];
      if (statistics === null || statistics === undefined) throw foreign();
      const gamma = matrixOf(pass.network, step.gamma);
      const gammaGradient = gradientOf(training, step.gamma);
      const betaGradient = gradientOf(training, step.beta);
      const { scratch } = training.forward;
      const gradients = { gradient: dy, gammaGradient, betaGradient };
      batchNormBackward(engine, { input: x, gamma, ...gradients, statistics, scratch });
      pass.visit(step.beta, betaGradient);
      pass.visit(step.gamma, gammaGradient);
      break;
    }
  }
  const dx = roomFor(pass, step.input, index);
  if (dx === null) return;
  if (step.kind === 'flatten') copyFlat(engine, dx, dy, 'unflatten');
  else if (step.kind !== 'pool') copyImages(engine, dy, dx);
  else if (step.method === 'average') averagePoolBackward(engine, step.pool, dy, dx);
  else maxPoolBackward(engine, step.pool, { input: x, outputGradient: dy, inputGradient: dx });
  addUp(pass, step.input, dx);
}

function passDenseBackward(
  pass: Pass,
  step: Extract<Step, { kind: 'dense' }>,
  index: number,
  x: Images,
  dy: Images,
): void {
  const { engine, network, training, visit } = pass;
  const { kernels } = engine;
  const { sparse, scratch } = training.forward;
  const weights = matrixOf(network, step.weights);
  const gradient = gradientOf(training, step.weights);
  const { rows: fanIn, columns: units } = weights;
  if (step.input === 0 && sparse !== null) {
    const { starts, entryColumns, values } = sparse;
    const into = [dy.pointer, dy.imageStride, gradient.pointer, gradient.stride] as const;
    kernels.sparse_tn(x.batch, fanIn, units, starts, entryColumns, values, ...into);
  } else {
    kernels.sgemm_tn(
      fanIn,
      units,
      x.batch,
      x.pointer,
      x.imageStride,
      dy.pointer,
      dy.imageStride,
      gradient.pointer,
      gradient.stride,
    );
  }
  const dx = roomFor(pass, step.input, index);
  if (dx !== null) {
    kernels.sgemm_nt(
      x.batch,
      fanIn,
      units,
      dy.pointer,
      dy.imageStride,
      weights.pointer,
      weights.stride,
      dx.pointer,
      dx.imageStride,
      scratch.pointer,
    );
    addUp(pass, step.input, dx);
  }
  if (step.biases !== null) {
    const biasGradient = gradientOf(training, step.biases);
    kernels.column_sums(x.batch, units, dy.pointer, dy.imageStride, biasGradient.pointer);
    visit(step.biases, biasGradient);
  }
  visit(step.weights, gradient);
}

function passConvolutionBackward(
  pass: Pass,
  step: Extract<Step, { kind: 'conv2d' }>,
  index: number,
  x: Images,
  outputGradient: Images,
): void {
  const { engine, network, training, visit } = pass;
  const { scratch } = training.forward;
  const { convolution } = step;
  const weights = matrixOf(network, step.weights);
  const weightGradient = gradientOf(training, step.weights);
  conv2dWeightGradient(engine, convolution, { input: x, outputGradient, weightGradient, scratch });
  const inputGradient = roomFor(pass, step.input, index);
  if (inputGradient !== null) {
    conv2dInputGradient(engine, convolution, { outputGradient, weights, inputGradient, scratch });
    addUp(pass, step.input, inputGradient);
  }
  if (step.biases !== null) {
    const biasGradient = gradientOf(training, step.biases);
    conv2dBiasGradient(engine, { outputGradient, biasGradient, scratch });
    visit(step.biases, biasGradient);
  }
  visit(step.weights, weightGradient);
}

function passSumBackward(
  pass: Pass,
  step: Extract<Step, { kind: 'sum' }>,
  index: number,
  branch: Images,
  dy: Images,
): void {
  const { engine, network, training, visit } = pass;
  const scale = scaleOf(engine, network, step);
  const dBranch = roomFor(pass, step.input, index);
  if (dBranch !== null) {
    copyImages(engine, dy, dBranch);
    const { pointer, count } = allFloats(dBranch);
    if (scale !== 1) engine.kernels.scale(count, pointer, scale);
    addUp(pass, step.input, dBranch);
  }
  const dShortcut = roomFor(pass, step.shortcut, index);
  if (dShortcut !== null) {
    copyImages(engine, dy, dShortcut);
    addUp(pass, step.shortcut, dShortcut);
  }
  if (typeof step.scale === 'number') return;
  const gradient = gradientOf(training, step.scale.parameter);
  engine.arena.floats(gradient.pointer, gradient.stride).fill(dotOfImages(engine, branch, dy));
  visit(step.scale.parameter, gradient);
}

/** Σ x · y in f64: rows of pixels in order, or the whole batch at once where flat. */
function dotOfImages({ kernels }: Engine, x: Images, y: Images): number {
  const { batch, height, width, channels } = x;
  if (isFlat(x)) return kernels.dot(batch, channels, x.pointer, x.imageStride, y.pointer, y.imageStride);
  let sum = 0;
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < height; i++) {
      const rowOf = (images: Images) => images.pointer + 4 * (b * images.imageStride + i * images.rowStride);
      sum += kernels.dot(width, channels, rowOf(x), x.pixelStride, rowOf(y), y.pixelStride);
    }
  }
  return sum;
}

/** The gradient by a layer's activations becomes that by its sums. */
function deactivate(engine: Engine, activation: Activation, gradient: Images, activations: Images): void {
  if (activation === 'linear') return;
  const { pointer, count } = allFloats(gradient);
  const active = allFloats(activations).pointer;
  if (activation === 'relu') engine.kernels.relu_backward(count, pointer, active);
  else engine.kernels.leaky_relu_backward(count, pointer, active, activation.slope);
}

function gradientOf(training: NetworkTraining, parameter: ParameterIndex): Matrix {
  const found = training.parameterGradients[parameter];
  if (found === undefined) throw foreign();
  return found;
}

function foreign(): InvalidArgumentError {
  return new InvalidArgumentError(
    'passNetworkBackward: the training belongs to another network; expected one made by allocateNetworkTraining',
  );
}
