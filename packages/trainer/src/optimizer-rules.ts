/** What an optimizer does with a list of parameters and their gradients, whatever network they belong to. */
import { allocateMatrix, clearMatrix, type Engine, type Matrix, type Pointer } from '@kindling/core';
import { checkOptimizer, decayOf, floorOf, momentsOf, type Optimizer } from './optimizer-settings.js';

/** Counts steps. */
export interface StepCounter {
  /** Steps begun so far. */
  readonly step: number;
  /** Counts a step; call it before the gradients of the step come. */
  readonly begin: () => void;
}

/** An optimizer at work on a list of parameters; what it remembers lies in the arena. */
export interface ParameterOptimizerState extends StepCounter {
  /**
   * Changes the parameter with number `slot` of the list by its gradient, which is laid out as the parameter is, padding
   * included (what stands in the padding of the gradient goes into that of the parameter).
   */
  readonly update: (slot: number, parameter: Matrix, gradient: Pointer) => void;
}

/**
 * Starts an optimizer on any list of matrices: sets aside what it remembers, all zeros (see `Optimizer`), in the arena until the
 * caller releases its mark.
 *
 * @throws InvalidArgumentError for settings out of range
 * @throws OutOfMemoryError when there is no room
 */
export function openParameterOptimizer(
  engine: Engine,
  parameters: readonly Matrix[],
  optimizer: Optimizer,
): ParameterOptimizerState {
  checkOptimizer('openParameterOptimizer', optimizer);
  const { begin, update } = openRule(engine, parameters, optimizer);
  let step = 0;
  return {
    get step() {
      return step;
    },
    begin: () => {
      step += 1;
      begin?.();
    },
    update: (slot, { pointer, rows, stride }, gradient) => update(slot, rows * stride, pointer, gradient),
  };
}

interface Rule {
  /** Called at the start of every step. */
  readonly begin?: () => void;
  /** Changes `count` floats. */
  readonly update: (slot: number, count: number, parameters: Pointer, gradient: Pointer) => void;
}

function openRule(engine: Engine, parameters: readonly Matrix[], optimizer: Optimizer): Rule {
  const { kernels } = engine;
  const { learningRate: rate } = optimizer;
  const remember = () => allocateMemory(engine, parameters);
  switch (optimizer.kind) {
    case 'sgd':
      return { update: (_, count, w, g) => kernels.sgd_update(count, w, g, rate) };
    case 'momentum': {
      const { momentum } = optimizer;
      const speeds = remember();
      return {
        update: (slot, count, w, g) => {
          kernels.momentum_update(count, w, g, speeds[slot] ?? 0, rate, momentum);
        },
      };
    }
    case 'rmsprop': {
      const { decay, epsilon } = decayOf(optimizer);
      const squares = remember();
      return {
        update: (slot, count, w, g) => {
          kernels.rmsprop_update(count, w, g, squares[slot] ?? 0, rate, decay, epsilon);
        },
      };
    }
    case 'adagrad': {
      const { epsilon } = floorOf(optimizer);
      const squares = remember();
      return {
        update: (slot, count, w, g) => {
          kernels.adagrad_update(count, w, g, squares[slot] ?? 0, rate, epsilon);
        },
      };
    }
    default: {
      const { kind } = optimizer;
      const { beta1, beta2, epsilon } = momentsOf(optimizer);
      const [first, second] = [openCorrection(beta1), openCorrection(beta2)];
      const [means, sizes] = [remember(), remember()];
      return {
        begin: () => {
          first.next();
          second.next();
        },
        update: (slot, count, w, g) => {
          const [m, v] = [means[slot] ?? 0, sizes[slot] ?? 0];
          const [keep1, keep2, correction] = [first.keep, second.keep, first.factor];
          if (kind === 'adam') {
            kernels.adam_update(count, w, g, m, v, rate, keep1, keep2, correction, second.factor, epsilon);
          } else {
            kernels.adamax_update(count, w, g, m, v, rate, keep1, keep2, correction, epsilon);
          }
        },
      };
    }
  }
}

/** 1/(1 − βᵗ) at step t. */
function openCorrection(beta: number) {
  // The kernel's β are f32; corrections by the unrounded ones would be off by 1e-5 of √v̂ for β₂ = 0.999.
  const keep = Math.fround(beta);
  // βᵗ by a running product: the host's power function may differ between engines in the last digit.
  let power = 1;
  return {
    keep,
    factor: 1,
    next() {
      power *= keep;
      this.factor = 1 / (1 - power);
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
