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
  /** points × widths[0]. */
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
  const inputWidth = widths[0] ?? 0;
  if (inputs.rows < 1 || inputs.columns !== inputWidth) {
    throw new InvalidArgumentError(
      `initializeNetwork: the data's inputs are ${inputs.rows} × ${inputs.columns}; expected at least 1 × ${inputWidth}`,
    );
  }
  checkFinite(engine, 'inputs', inputs);
  // The same data serve nets that have no output layer yet.
  if (targets === undefined || initializer.kind !== 'data-dependent' || outputs === 0) return;
  if (targets.rows !== inputs.rows || targets.columns !== outputs) {
    throw new InvalidArgumentError(
      `initializeNetwork: the data's targets are ${targets.rows} × ${targets.columns}; expected ${inputs.rows} × ${outputs}`,
    );
  }
  checkFinite(engine, 'targets', targets);
}

function checkFinite(engine: Engine, name: string, matrix: Matrix): void {
  if (!Number.isFinite(sumSquares(engine, matrix))) {
    throw new InvalidArgumentError(
      `initializeNetwork: the data's ${name} hold NaN or Infinity; expected finite numbers`,
    );
  }
}
