/** Draws every parameter of a network. */
import { type DenseNetwork, type Engine, InvalidArgumentError, type RandomKey } from '@kindling/core';
import { initializeDataDependent } from './data-driven/data-dependent.js';
import { checkInitializationData, type InitializationData } from './data-driven/initialization-data.js';
import { initializeLsuv } from './data-driven/lsuv.js';
import { initializeSignFlip } from './data-driven/sign-flip.js';
import { type Initializer, needsBlocks, needsData } from './initializer.js';
import { checkInitializer } from './laws/check-law.js';
import { drawLayer } from './sampling/draw-layer.js';

/**
 * Draws every weight matrix and every bias of a network, the linear output layer included. Layer j (from 0) uses the keys
 * `weights`/j and `biases`/j under `key`, so two nets that share a key and a layer's shape share its parameters. RAI draws a
 * layer at once: its biases come from `weights`/j too.
 *
 * @param data for initializers that look at data (`needsData`); others leave it alone
 * @throws InvalidArgumentError for an initializer out of range, `fixup` (a dense network has no blocks), or data that is missing, empty or of another width
 */
export function initializeNetwork(
  engine: Engine,
  network: DenseNetwork,
  initializer: Initializer,
  key: RandomKey,
  data?: InitializationData,
): void {
  checkInitializer('initializeNetwork', initializer);
  if (needsBlocks(initializer)) {
    throw new InvalidArgumentError(
      `initializeNetwork: ${initializer.kind} scales the branches of residual blocks, and a dense network has none; expected another initializer — use the law it scales, such as he-normal`,
      { details: { kind: initializer.kind } },
    );
  }
  if (!needsData(initializer)) {
    network.layers.forEach((layer, index) => {
      drawLayer(engine, initializer, layer, key, index, layer.weights, layer.biases);
    });
    return;
  }
  if (data === undefined) {
    throw new InvalidArgumentError(
      `initializeNetwork: ${initializer.kind} looks at data and got none; expected data: {inputs}`,
      { details: { kind: initializer.kind } },
    );
  }
  checkInitializationData(engine, network, initializer, data);
  switch (initializer.kind) {
    case 'lsuv':
      initializeLsuv(engine, network, initializer, key, data);
      return;
    case 'sign-flip':
      initializeSignFlip(engine, network, initializer, key, data);
      return;
    case 'data-dependent':
      initializeDataDependent(engine, network, initializer, key, data);
      return;
  }
}
