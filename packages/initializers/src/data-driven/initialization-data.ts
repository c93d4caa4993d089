/** The data that some initializers look at. */
import {
  type DenseNetwork,
  type Engine,
  InvalidArgumentError,
  type Matrix,
  sumSquares,
} from '@kindling/core';
import type { Initializer } from '../initializer.js';

/** Data in the kernels' memory: a row a point. */
export interface InitializationData {
  /** points × widths[0]; of images the pixels, row by row, channels side by side. */
  readonly inputs: Matrix;
  /** points × outputs; only the scale of a data-dependent output layer looks at them. */
  readonly targets?: Matrix;
}

/**
 * Checks that the data fit the network. Targets are looked at where the initializer does so: others take data of any targets.
 *
 * @throws InvalidArgumentError for no points, another width, numbers that are not finite, or targets that do not fit
 */
export function checkInitializationData(
  engine: Engine,
  network: DenseNetwork,
  initializer: Initializer,
  data: InitializationData,
): void {
  const { inputs, targets } = data;
  const { widths, outputs } = network.architecture;
  checkInputs(engine, 'initializeNetwork', inputs, widths[0] ?? 0);
  // The same data serve nets that have no output layer yet.
  if (targets === undefined || initializer.kind !== 'data-dependent' || outputs === 0) return;
  if (targets.rows !== inputs.rows || targets.columns !== outputs) {
    throw new InvalidArgumentError(
      `initializeNetwork: the data's targets are ${targets.rows} × ${targets.columns}; expected ${inputs.rows} × ${outputs}`,
    );
  }
  checkFinite(engine, 'initializeNetwork', 'targets', targets);
}

/**
 * Checks the inputs alone.
 *
 * @param width numbers that the network reads
 * @throws InvalidArgumentError, in the name of `caller`, for no points, another width, or numbers that are not finite
 */
export function checkInputs(engine: Engine, caller: string, inputs: Matrix, width: number): void {
  if (inputs.rows < 1 || inputs.columns !== width) {
    throw new InvalidArgumentError(
      `${caller}: the data's inputs are ${inputs.rows} × ${inputs.columns}; expected at least 1 × ${width}`,
    );
  }
  checkFinite(engine, caller, 'inputs', inputs);
}

function checkFinite(engine: Engine, caller: string, name: string, matrix: Matrix): void {
  if (!Number.isFinite(sumSquares(engine, matrix))) {
    throw new InvalidArgumentError(
      `${caller}: the data's ${name} hold NaN or Infinity; expected finite numbers`,
    );
  }
}
