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
  type Need,
  type Network,
  type NetworkTap,
  type NetworkWorkspace,
  type ParameterIndex,
  planRooms,
  rowsOf,
  type Step,
  scaleOf,
  valueFloats,
  valuesRead,
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
  const { values, steps } = program;
  const last = values.length - 1;
  const outputs = values[last];
  if (outputs === undefined || !isFlat(outputs.shape)) {
    throw new InvalidArgumentError(
      'allocateNetworkTraining: the network gives images; expected flat outputs — end in flatten or global-average-pool',
    );
  }
  const forward = allocateWorkspace(engine, network, batch, 'all');
  // Time runs backward: 0 is the loss, 1 the last step, steps.length the first.
  const timeOf = (step: number) => steps.length - step;
  const producer = new Map(steps.map((step, index) => [step.output, index]));
  const needs: Need[] = values.map((value, index) => ({
    floats: index === 0 ? 0 : valueFloats(value, batch),
    from: value.lastReader < 0 ? 0 : timeOf(value.lastReader),
    to: timeOf(producer.get(index) ?? 0),
  }));
  const secondOf = steps.map((step, index) => {
    const added = valuesRead(step).find((read) => read > 0 && values[read]?.lastReader !== index);
    const value = added === undefined ? undefined : values[added];
    if (value === undefined) return null;
    const time = timeOf(index);
    return { value, need: needs.push({ floats: valueFloats(value, batch), from: time, to: time }) - 1 };
  });
  const plan = planRooms(needs);
  const pointers = plan.rooms.map((floats) => engine.arena.allocateFloats(floats));
  const startOf = (need: number) => pointers[plan.roomOf[need] ?? 0] ?? 0;
  const gradients = values.map((value, index) => imagesOf(value, batch, startOf(index)));
  const seconds = secondOf.map((second) =>
    second === null ? null : imagesOf(second.value, batch, startOf(second.need)),
  );
  const roomFor = (kinds: readonly string[]) => {
    const most = parameters
      .filter(({ kind }) => kinds.includes(kind))
      .reduce((floats, { matrix }) => Math.max(floats, matrix.rows * matrix.stride), 0);
    return engine.arena.allocateFloats(most);
  };
  const rooms = { weights: roomFor(['weights', 'gamma']), rows: roomFor(['biases', 'beta', 'scale']) };
  const parameterGradients = parameters.map(({ kind, matrix }) => ({
    ...matrix,
    pointer: kind === 'weights' || kind === 'gamma' ? rooms.weights : rooms.rows,
  }));
  return { forward, gradients, seconds, parameterGradients };
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
  const gradients = training.gradients.map((gradient) => firstImages(gradient, batch));
  for (let index = steps.length - 1; index >= 0; index--) {
    const step = steps[index] as Step;
    const second = training.seconds[index] ?? null;
    const pass: StepPass = {
      engine,
      network,
      training,
      index,
      visit,
      values: current,
      dy: gradients[step.output] as Images,
      /** Writes the gradient by a value that the step reads, or adds it to what later readers gave. */
      give: (value, write) => {
        if (value === 0) return;
        const gradient = gradients[value] as Images;
        if (values[value]?.lastReader === index || second === null) {
          write(gradient);
          return;
        }
        const room = firstImages(second, batch);
        write(room);
        const { pointer, count } = allFloats(room);
        engine.kernels.axpy(count, 1, pointer, allFloats(gradient).pointer);
      },
    };
    if (tap !== undefined && step.place !== null) tap(step.place, pass.dy);
    passStepBackward(pass, step);
  }
}

interface StepPass {
  readonly engine: Engine;
  readonly network: Network;
  readonly training: NetworkTraining;
  readonly index: number;
  readonly visit: ParameterVisitor;
  readonly values: readonly Images[];
  /** Gradient by the step's output; may be overwritten, nothing reads it any more. */
  readonly dy: Images;
  readonly give: (value: number, write: (gradient: Images) => void) => void;
}

function passStepBackward(pass: StepPass, step: Step): void {
  const { engine, training, values, dy, give } = pass;
  const x = values[step.input] as Images;
  const y = values[step.output] as Images;
  switch (step.kind) {
    case 'dense':
    case 'conv2d':
      deactivate(engine, step.activation, dy, y);
      if (step.kind === 'dense') passDenseBackward(pass, step, x);
      else passConvolutionBackward(pass, step, x);
      return;
    case 'pool':
      give(step.input, (dx) => {
        if (step.method === 'average') averagePoolBackward(engine, step.pool, dy, dx);
        else maxPoolBackward(engine, step.pool, { input: x, outputGradient: dy, inputGradient: dx });
      });
      return;
    case 'flatten':
      give(step.input, (dx) => copyFlat(engine, dx, dy, 'unflatten'));
      return;
    case 'activation':
      deactivate(engine, step.activation, dy, y);
      give(step.input, (dx) => copyImages(engine, dy, dx));
      return;
    case 'batch-normalization': {
      const statistics = training.forward.statistics[pass.index];
      if (statistics === null || statistics === undefined) throw foreign();
      const gamma = matrixOf(pass.network, step.gamma);
      const gammaGradient = gradientOf(training, step.gamma);
      const betaGradient = gradientOf(training, step.beta);
      const { scratch } = training.forward;
      const gradients = { gradient: dy, gammaGradient, betaGradient };
      batchNormBackward(engine, { input: x, gamma, ...gradients, statistics, scratch });
      give(step.input, (dx) => copyImages(engine, dy, dx));
      pass.visit(step.beta, betaGradient);
      pass.visit(step.gamma, gammaGradient);
      return;
    }
    case 'sum':
      passSumBackward(pass, step, x);
  }
}

function passDenseBackward(pass: StepPass, step: Extract<Step, { kind: 'dense' }>, x: Images): void {
  const { engine, network, training, dy, give, visit } = pass;
  const { kernels } = engine;
  const weights = matrixOf(network, step.weights);
  const weightGradient = gradientOf(training, step.weights);
  const { rows: fanIn, columns: units } = weights;
  const delta = [dy.pointer, dy.imageStride] as const;
  const into = [...delta, weightGradient.pointer, weightGradient.stride] as const;
  const { sparse } = training.forward;
  if (step.input === 0 && sparse !== null) {
    kernels.sparse_tn(x.batch, fanIn, units, sparse.starts, sparse.entryColumns, sparse.values, ...into);
  } else kernels.sgemm_tn(fanIn, units, x.batch, x.pointer, x.imageStride, ...into);
  give(step.input, (dx) => {
    const product = [...delta, weights.pointer, weights.stride, dx.pointer, dx.imageStride] as const;
    kernels.sgemm_nt(x.batch, fanIn, units, ...product, training.forward.scratch.pointer);
  });
  if (step.biases !== null) {
    const biasGradient = gradientOf(training, step.biases);
    kernels.column_sums(x.batch, units, ...delta, biasGradient.pointer);
    visit(step.biases, biasGradient);
  }
  visit(step.weights, weightGradient);
}

function passConvolutionBackward(pass: StepPass, step: Extract<Step, { kind: 'conv2d' }>, x: Images): void {
  const { engine, network, training, dy: outputGradient, give, visit } = pass;
  const { scratch } = training.forward;
  const { convolution } = step;
  const weights = matrixOf(network, step.weights);
  const weightGradient = gradientOf(training, step.weights);
  conv2dWeightGradient(engine, convolution, { input: x, outputGradient, weightGradient, scratch });
  give(step.input, (inputGradient) => {
    conv2dInputGradient(engine, convolution, { outputGradient, weights, inputGradient, scratch });
  });
  if (step.biases !== null) {
    const biasGradient = gradientOf(training, step.biases);
    conv2dBiasGradient(engine, { outputGradient, biasGradient, scratch });
    visit(step.biases, biasGradient);
  }
  visit(step.weights, weightGradient);
}

function passSumBackward(pass: StepPass, step: Extract<Step, { kind: 'sum' }>, branch: Images): void {
  const { engine, network, training, dy, give, visit } = pass;
  const scale = scaleOf(engine, network, step);
  give(step.input, (dx) => {
    copyImages(engine, dy, dx);
    const { pointer, count } = allFloats(dx);
    if (scale !== 1) engine.kernels.scale(count, pointer, scale);
  });
  give(step.shortcut, (dx) => copyImages(engine, dy, dx));
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
