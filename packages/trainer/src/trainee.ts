/** A network at work under an optimizer, whatever its kind: what the training loops ask of it. */
import { type Engine, InvalidArgumentError, type Matrix, type NetworkInput } from '@kindling/core';
import { allocateTraining, backward, passBackward, passForward } from './backward.js';
import {
  allocateNetworkTraining,
  type ParameterVisitor,
  passNetworkBackward,
  passNetworkForward,
} from './backward-network.js';
import type { Loss } from './loss.js';
import { openNetworkOptimizer, openOptimizer, trainNetworkStep, trainStep } from './optimizer.js';
import type { Optimizer } from './optimizer-settings.js';
import { isGeneral, openPassing, type Passing, type TrainableNetwork } from './passing.js';

/** A network with room for training steps. */
export interface Trainee extends Passing {
  /** One step on a batch; returns its mean loss before the step. */
  step(input: NetworkInput, loss: Loss): number;
  /** The mean loss of a batch, nothing changed. */
  lossOf(input: NetworkInput, loss: Loss): number;
  /** The rest of a step on the batch that `lossOf` passed last. */
  descend(input: NetworkInput): void;
  /** What is trained; of a dense network the weights and biases of its layers in turn. */
  readonly parameters: readonly Matrix[];
  /** Loss and gradients of a batch, one parameter at a time by its place in `parameters`; nothing is changed. */
  gradients(input: NetworkInput, loss: Loss, visit: ParameterVisitor): number;
  /** One step of the optimizer along gradients from elsewhere: one for each parameter, laid out as it is. */
  follow(gradients: readonly Matrix[]): void;
}

/** The parameters of a network in the order of `Trainee.parameters`. */
export function parametersOf(network: TrainableNetwork): readonly Matrix[] {
  return isGeneral(network)
    ? network.parameters.map(({ matrix }) => matrix)
    : network.layers.flatMap(({ weights, biases }) => [weights, biases]);
}

/**
 * Room for training `network` on batches of up to `rows` inputs, and its optimizer's memory, in the arena.
 *
 * @throws InvalidArgumentError for a network without flat outputs, or settings out of range
 * @throws OutOfMemoryError when there is no room
 */
export function openTrainee(
  engine: Engine,
  network: TrainableNetwork,
  rows: number,
  optimizer: Optimizer,
): Trainee {
  const parameters = parametersOf(network);
  if (isGeneral(network)) {
    const training = allocateNetworkTraining(engine, network, rows);
    const state = openNetworkOptimizer(engine, network, optimizer);
    return {
      ...openPassing(engine, network, training.forward),
      step: (input, loss) => trainNetworkStep(engine, network, input, loss, training, state),
      lossOf: (input, loss) => passNetworkForward(engine, network, input, loss, training),
      descend: () => {
        state.begin();
        passNetworkBackward(engine, network, training, state.visit);
      },
      parameters,
      gradients: (input, loss, visit) => {
        const value = passNetworkForward(engine, network, input, loss, training);
        passNetworkBackward(engine, network, training, visit);
        return value;
      },
      follow: (gradients) => {
        state.begin();
        gradients.forEach((gradient, index) => {
          state.visit(index, gradient);
        });
      },
    };
  }
  const workspace = allocateTraining(engine, network, rows);
  const state = openOptimizer(engine, network, optimizer);
  return {
    ...openPassing(engine, network, workspace.forward),
    step: (input, loss) => trainStep(engine, network, input, loss, workspace, state),
    lossOf: (input, loss) => passForward(engine, network, input, loss, workspace),
    descend: (input) => {
      state.begin();
      passBackward(engine, network, input, workspace, state.visit);
    },
    parameters,
    gradients: (input, loss, visit) =>
      backward(engine, network, input, loss, workspace, (layer, weights, biases) => {
        visit(2 * layer, weights);
        visit(2 * layer + 1, biases);
      }),
    follow: (gradients) => {
      state.begin();
      for (let layer = 0; layer < network.layers.length; layer++) {
        const [weights, biases] = [gradients[2 * layer], gradients[2 * layer + 1]];
        if (weights === undefined || biases === undefined) {
          throw new InvalidArgumentError('follow: gradients are missing; expected one for every parameter');
        }
        state.visit(layer, weights, biases);
      }
    },
  };
}
