/** What a network and its passes take, known before anything is taken. */
import type { Architecture } from '../architecture/architecture.js';
import { takenBytes } from '../memory/arena.js';
import { leadingDimension, packedFloats } from '../tensor/matrix.js';
import { planGradients } from './gradient-plan.js';
import { type KeptActivations, planValues, requireBatch, scratchFloats, shapeOf } from './network.js';
import { compileArchitecture } from './program.js';

/** Bytes of the arena that a network takes. */
export interface NetworkMemory {
  readonly parameters: number;
  /** A workspace for `batch` that keeps the output only. */
  readonly forward: number;
  /** A workspace for `batch` that keeps all activations. */
  readonly keepingAll: number;
  /**
   * Everything that training steps on `batch` inputs work in: a workspace that keeps all activations, and the gradients.
   * Parameters come on top, and what the optimizer remembers: nothing for `sgd`, as much as the parameters for `momentum`,
   * twice that for `adam`.
   */
  readonly training: number;
}

/**
 * What a network and its workspaces take, to the byte, without taking it.
 *
 * @throws InvalidArgumentError unless batch is an integer ≥ 1
 */
export function estimateNetworkMemory(architecture: Architecture, batch: number): NetworkMemory {
  requireBatch('estimateNetworkMemory', batch);
  const program = compileArchitecture(architecture);
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  const floatsTaken = (floats: number) => takenBytes(4 * floats);
  const rest = program.steps.map((step) =>
    step.kind === 'batch-normalization'
      ? floatsTaken(4 * packedFloats(1, shapeOf(program, step.input).channels))
      : 0,
  );
  const workspace = (keeps: KeptActivations) =>
    sum(planValues(program, batch, keeps).rooms.map(floatsTaken)) +
    sum(rest) +
    floatsTaken(scratchFloats(program));
  const gradients = planGradients(program, batch);
  const keepingAll = workspace('all');
  return {
    parameters: sum(
      program.parameters.map(({ rows, columns }) => floatsTaken(rows * leadingDimension(columns))),
    ),
    forward: workspace('output'),
    keepingAll,
    training:
      keepingAll + sum([...gradients.rooms, gradients.weightFloats, gradients.rowFloats].map(floatsTaken)),
  };
}
