/** How parameters follow their gradients: plain descent, heavy-ball momentum, Adam. */
import {
  type Architecture,
  allocateMatrix,
  clearMatrix,
  type DenseNetwork,
  type Engine,
  estimateNetworkMemory,
  type GeneralInput,
  InvalidArgumentError,
  type Matrix,
  type Network,
  type NetworkInput,
  type Pointer,
} from '@kindling/core';
import { backward, type GradientVisitor, type TrainingWorkspace } from './backward.js';
import {
  type NetworkTraining,
  type ParameterVisitor,
  passNetworkBackward,
  passNetworkForward,
} from './backward-network.js';
import type { Loss } from './loss.js';

/** An optimizer and its settings. Plain JSON; all numbers are rounded to f32 where they meet parameters. */
export type Optimizer =
  | {
      /** θ ← θ − rate·g. */
      readonly kind: 'sgd';
      /** > 0, finite, and both in f32 too. */
      readonly learningRate: number;
    }
  | {
      /** v ← momentum·v + g; θ ← θ − rate·v (Polyak's heavy ball, as PyTorch and Keras count the rate). */
      readonly kind: 'momentum';
      readonly learningRate: number;
      /** 0 ≤ momentum < 1. */
      readonly momentum: number;
    }
  | {
      /** m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; θ ← θ − rate·m̂/(√v̂ + ε) (Kingma & Ba, ICLR 2015). */
      readonly kind: 'adam';
      readonly learningRate: number;
      /** 0 ≤ β₁ < 1, default 0.9. */
      readonly beta1?: number;
      /** 0 ≤ β₂ < 1, default 0.999. */
      readonly beta2?: number;
      /** > 0 and not rounded to 0 in f32, default 1e−8. */
      readonly epsilon?: number;
    };

/** Counts steps. */
export interface StepCounter {
  /** Steps begun so far. */
  readonly step: number;
  /** Counts a step; call it before the gradients of the step come. */
  readonly begin: () => void;
}

/** An optimizer at work on one network: what it remembers lies in the arena. */
export interface OptimizerState extends StepCounter {
  /** Changes one layer's parameters by their gradients; give it to `backward`. */
  readonly visit: GradientVisitor;
}

/** The same on a network of any architecture. */
export interface NetworkOptimizerState extends StepCounter {
  /** Changes one parameter by its gradient; give it to `passNetworkBackward`. */
  readonly visit: ParameterVisitor;
}

/**
 * Checks an optimizer's settings.
 *
 * @param caller named in the error
 * @throws InvalidArgumentError naming the setting
 */
export function checkOptimizer(caller: string, optimizer: Optimizer): void {
  const refuse = (name: string, value: unknown, expected: string) => {
    throw new InvalidArgumentError(`${caller}: ${name} is ${value}; expected ${expected}`);
  };
  const { kind, learningRate } = optimizer;
  if (kind !== 'sgd' && kind !== 'momentum' && kind !== 'adam') {
    refuse('the optimizer', kind, 'sgd, momentum or adam');
  }
  if (!isPositiveFloat(learningRate)) {
    refuse('learningRate', learningRate, `a positive finite number, ${floatRange}`);
  }
  if (kind === 'sgd') return;
  const { beta1, beta2, epsilon } = withDefaults(optimizer);
  const decays = optimizer.kind === 'momentum' ? { momentum: optimizer.momentum } : { beta1, beta2 };
  for (const [name, value] of Object.entries(decays)) {
    if (!(value >= 0 && Math.fround(value) < 1)) refuse(name, value, 'a number from 0 to less than 1');
  }
  if (!isPositiveFloat(epsilon)) refuse('epsilon', epsilon, `a positive finite number, ${floatRange}`);
}

const floatRange = 'from 1.5e-45 to 3.4e38 as f32 holds them';

function isPositiveFloat(value: number): boolean {
  return Math.fround(value) > 0 && Number.isFinite(Math.fround(value));
}

/** Adam's settings with its paper's defaults; for the others numbers that nobody reads. */
function withDefaults(optimizer: Optimizer): { beta1: number; beta2: number; epsilon: number } {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = optimizer.kind === 'adam' ? optimizer : {};
  return { beta1, beta2, epsilon };
}

/**
 * Starts an optimizer on `network`: sets aside what it remembers, all zeros (nothing for `sgd`, one number a parameter for
 * `momentum`, two for `adam`), in the arena until the caller releases its mark.
 *
 * @throws InvalidArgumentError for settings out of range
 * @throws OutOfMemoryError when there is no room
 */
export function openOptimizer(engine: Engine, network: DenseNetwork, optimizer: Optimizer): OptimizerState {
  checkOptimizer('openOptimizer', optimizer);
  const parameters = network.layers.flatMap(({ weights, biases }) => [weights, biases]);
  return openState(
    openRules(engine, parameters, optimizer),
    (update): GradientVisitor =>
      (index, weightGradient, biasGradient) => {
        const layer = network.layers[index];
        if (layer === undefined) return;
        update(2 * index, layer.weights, weightGradient.pointer);
        update(2 * index + 1, layer.biases, biasGradient.pointer);
      },
  );
}

/**
 * The same on a network of any architecture; its `visit` is for `passNetworkBackward`.
 *
 * @throws InvalidArgumentError for settings out of range
 * @throws OutOfMemoryError when there is no room
 */
export function openNetworkOptimizer(
  engine: Engine,
  network: Network,
  optimizer: Optimizer,
): NetworkOptimizerState {
  checkOptimizer('openNetworkOptimizer', optimizer);
  const parameters = network.parameters.map(({ matrix }) => matrix);
  return openState(
    openRules(engine, parameters, optimizer),
    (update): ParameterVisitor =>
      (index, gradient) => {
        const parameter = parameters[index];
        if (parameter !== undefined) update(index, parameter, gradient.pointer);
      },
  );
}

/**
 * Bytes of the arena that training a network of any architecture takes, to the byte: its parameters, what steps on `batch` inputs
 * work in, and what the optimizer remembers. Data and batches come on top.
 *
 * @throws InvalidArgumentError for settings out of range, or unless batch is an integer ≥ 1
 */
export function estimateTrainingMemory(
  architecture: Architecture,
  batch: number,
  optimizer: Optimizer,
): number {
  checkOptimizer('estimateTrainingMemory', optimizer);
  const { parameters, training } = estimateNetworkMemory(architecture, batch);
  const remembered = { sgd: 0, momentum: 1, adam: 2 }[optimizer.kind];
  return (1 + remembered) * parameters + training;
}

/** Counts the steps of `rules`. */
function openState<Visitor>(
  { begin, update }: Rules,
  visitorOf: (update: Rules['update']) => Visitor,
): StepCounter & { readonly visit: Visitor } {
  let step = 0;
  return {
    get step() {
      return step;
    },
    begin: () => {
      step += 1;
      begin();
    },
    visit: visitorOf(update),
  };
}

/**
 * One step on one batch: forward, backward, update.
 *
 * @param input m × widths[0], m ≥ 1
 * @returns the mean loss of the batch *before* the step
 * @throws InvalidArgumentError when input, loss or workspace does not fit the network
 */
export function trainStep(
  engine: Engine,
  network: DenseNetwork,
  input: NetworkInput,
  loss: Loss,
  workspace: TrainingWorkspace,
  optimizer: OptimizerState,
): number {
  optimizer.begin();
  return backward(engine, network, input, loss, workspace, optimizer.visit);
}

/**
 * The same on a network of any architecture.
 *
 * @param input as `forwardNetwork` takes it
 * @returns the mean loss of the batch *before* the step
 * @throws InvalidArgumentError when input, loss or training does not fit the network
 */
export function trainNetworkStep(
  engine: Engine,
  network: Network,
  input: GeneralInput,
  loss: Loss,
  training: NetworkTraining,
  optimizer: NetworkOptimizerState,
): number {
  optimizer.begin();
  const value = passNetworkForward(engine, network, input, loss, training);
  passNetworkBackward(engine, network, training, optimizer.visit);
  return value;
}

interface Rules {
  /** Called at the start of every step. */
  readonly begin: () => void;
  /** Changes parameters by a gradient of the same layout; `slot` is their place in the list. */
  readonly update: (slot: number, parameters: Matrix, gradient: Pointer) => void;
}

/** What an optimizer does with a list of parameters. */
function openRules(engine: Engine, parameters: readonly Matrix[], optimizer: Optimizer): Rules {
  const { kernels } = engine;
  const { learningRate } = optimizer;
  if (optimizer.kind === 'sgd') {
    return {
      begin: () => {},
      update: (_, { pointer, rows, stride }, gradient) => {
        kernels.sgd_update(rows * stride, pointer, gradient, learningRate);
      },
    };
  }
  if (optimizer.kind === 'momentum') {
    const { momentum } = optimizer;
    const speeds = allocateMemory(engine, parameters);
    return {
      begin: () => {},
      update: (slot, { pointer, rows, stride }, gradient) => {
        kernels.momentum_update(rows * stride, pointer, gradient, speeds[slot] ?? 0, learningRate, momentum);
      },
    };
  }
  const means = allocateMemory(engine, parameters);
  const squares = allocateMemory(engine, parameters);
  // The kernel's β are f32; corrections by the unrounded ones would be off by 1e-5 of √v̂ for β₂ = 0.999.
  const settings = withDefaults(optimizer);
  const beta1 = Math.fround(settings.beta1);
  const beta2 = Math.fround(settings.beta2);
  const { epsilon } = settings;
  // βᵗ by a running product: the host's power function may differ between engines in the last digit.
  let [power1, power2, correction1, correction2] = [1, 1, 1, 1];
  return {
    begin: () => {
      power1 *= beta1;
      power2 *= beta2;
      correction1 = 1 / (1 - power1);
      correction2 = 1 / (1 - power2);
    },
    update: (slot, { pointer, rows, stride }, gradient) => {
      kernels.adam_update(
        rows * stride,
        pointer,
        gradient,
        means[slot] ?? 0,
        squares[slot] ?? 0,
        learningRate,
        beta1,
        beta2,
        correction1,
        correction2,
        epsilon,
      );
    },
  };
}

/** Zeros in the layout of every parameter, padding included; addresses by slot. */
function allocateMemory(engine: Engine, parameters: readonly Matrix[]): readonly Pointer[] {
  return parameters.map(({ rows, columns }) => {
    const matrix = allocateMatrix(engine, rows, columns);
    clearMatrix(engine, matrix);
    return matrix.pointer;
  });
}
