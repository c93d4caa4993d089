/** A network at work under an optimizer, whatever its kind: what the training loops ask of it. */
import type { Engine, NetworkInput } from '@kindling/core';
import { allocateTraining, passBackward, passForward } from './backward.js';
import { allocateNetworkTraining, passNetworkBackward, passNetworkForward } from './backward-network.js';
import type { Loss } from './loss.js';
import {
  type Optimizer,
  openNetworkOptimizer,
  openOptimizer,
  trainNetworkStep,
  trainStep,
} from './optimizer.js';
import { isGeneral, openPassing, type Passing, type TrainableNetwork } from './passing.js';

/** A network with room for training steps. */
export interface Trainee extends Passing {
  /** One step on a batch; returns its mean loss before the step. */
  step(input: NetworkInput, loss: Loss): number;
  /** The mean loss of a batch, nothing changed. */
  lossOf(input: NetworkInput, loss: Loss): number;
  /** The rest of a step on the batch that `lossOf` passed last. */
  descend(input: NetworkInput): void;
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
  };
}
