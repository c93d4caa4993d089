/** Optimizers at work on networks: how parameters follow the gradients that a backward pass brings. */
import {
  type Architecture,
  type DenseNetwork,
  type Engine,
  estimateNetworkMemory,
  type GeneralInput,
  type Network,
  type NetworkInput,
} from '@kindling/core';
import { backward, type GradientVisitor, type TrainingWorkspace } from './backward.js';
import {
  type NetworkTraining,
  type ParameterVisitor,
  passNetworkBackward,
  passNetworkForward,
} from './backward-network.js';
import type { Loss } from './loss.js';
import { openParameterOptimizer, type StepCounter } from './optimizer-rules.js';
import { checkOptimizer, type Optimizer, rememberedNumbers } from './optimizer-settings.js';

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
 * Starts an optimizer on `network`: sets aside what it remembers, all zeros (nothing for `sgd`, two numbers a parameter for
 * `adam` and `adamax`, one for the others), in the arena until the caller releases its mark.
 *
 * @throws InvalidArgumentError for settings out of range
 * @throws OutOfMemoryError when there is no room
 */
export function openOptimizer(engine: Engine, network: DenseNetwork, optimizer: Optimizer): OptimizerState {
  checkOptimizer('openOptimizer', optimizer);
  const parameters = network.layers.flatMap(({ weights, biases }) => [weights, biases]);
  const state = openParameterOptimizer(engine, parameters, optimizer);
  return withVisitor(state, (index, weightGradient, biasGradient) => {
    const layer = network.layers[index];
    if (layer === undefined) return;
    state.update(2 * index, layer.weights, weightGradient.pointer);
    state.update(2 * index + 1, layer.biases, biasGradient.pointer);
  });
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
  const state = openParameterOptimizer(engine, parameters, optimizer);
  return withVisitor(state, (index, gradient) => {
    const parameter = parameters[index];
    if (parameter !== undefined) state.update(index, parameter, gradient.pointer);
  });
}

function withVisitor<Visitor>(state: StepCounter, visit: Visitor): StepCounter & { readonly visit: Visitor } {
  return {
    get step() {
      return state.step;
    },
    begin: state.begin,
    visit,
  };
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
  return (1 + rememberedNumbers[optimizer.kind]) * parameters + training;
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
