/** Draws the parameters of a network of any architecture. */
import {
  clearMatrix,
  deriveKey,
  type Engine,
  InvalidArgumentError,
  inputShape,
  keyPurpose,
  type Matrix,
  type Network,
  type Parameter,
  type RandomKey,
} from '@kindling/core';
import { checkInputs, type InitializationData } from './data-driven/initialization-data.js';
import { initializeLsuvThrough } from './data-driven/lsuv.js';
import { type Initializer, type LayerInitializer, needsData } from './initializer.js';
import { checkInitializer } from './laws/check-law.js';
import { parameterLaws } from './parameter-laws.js';
import { drawLayer, drawWeights } from './sampling/draw-layer.js';

/**
 * Draws every weight matrix by its fans (and kernel), and its biases; projections have no biases. Gamma, beta and learned scales get
 * their `initial` number. Weight matrix j, counted through the whole network as `ParameterShape.weightIndex` says, uses the keys
 * `weights`/j and `biases`/j under `key`: a network of dense layers alone gets the numbers of `initializeNetwork`.
 *
 * @param initializer any that looks at no data, or `lsuv`; `sign-flip` and `data-dependent` are for dense networks
 * @param data for `lsuv`; others leave it alone
 * @throws InvalidArgumentError for an initializer out of range, one that looks at data and is not `lsuv`, data that are missing, empty or
 * of another width, a law that does not fit a layer, `fixup` where branches do not end in a linear layer behind another one, or
 * `randomized-asymmetric` where weights stand without biases
 */
export function initializeParameters(
  engine: Engine,
  network: Network,
  initializer: Initializer,
  key: RandomKey,
  data?: InitializationData,
): void {
  checkInitializer('initializeParameters', initializer);
  if (initializer.kind === 'lsuv') {
    if (data === undefined) {
      throw new InvalidArgumentError(
        'initializeParameters: lsuv looks at data and got none; expected data: {inputs}',
        { details: { kind: initializer.kind } },
      );
    }
    const { height, width, channels } = inputShape(network.architecture.input);
    checkInputs(engine, 'initializeParameters', data.inputs, height * width * channels);
    for (const { fans, matrix, initial } of network.parameters) {
      if (fans === null) fillInitial(engine, matrix, initial);
    }
    initializeLsuvThrough(engine, network, initializer, key, data);
    return;
  }
  if (needsData(initializer)) {
    throw new InvalidArgumentError(
      `initializeParameters: ${initializer.kind} looks at data and is for dense networks (initializeNetwork); expected lsuv, or an initializer that looks at none`,
      { details: { kind: initializer.kind } },
    );
  }
  const laws = parameterLaws(network.architecture, initializer, 'initializeParameters');
  drawParameters(engine, network.parameters, laws, key);
}

/**
 * The same with the laws at hand: of a network whose layers are drawn one at a time, they are found out once.
 *
 * @param parameters all of a network's, or those of some of its layers in their order
 * @param laws of the whole network, by weight index: `parameterLaws`
 * @throws InvalidArgumentError for a law that does not fit a layer, or `randomized-asymmetric` where weights stand without biases
 */
export function drawParameters(
  engine: Engine,
  parameters: readonly Parameter[],
  laws: readonly LayerInitializer[],
  key: RandomKey,
): void {
  parameters.forEach(({ name, kind, fans, weightIndex, initial, matrix }, index) => {
    if (fans === null || weightIndex === null) {
      fillInitial(engine, matrix, initial);
    } else if (kind === 'weights') {
      const law = laws[weightIndex] as LayerInitializer;
      // Biases stand right behind their weights.
      const next = parameters[index + 1];
      const biases = next?.kind === 'biases' && next.weightIndex === weightIndex ? next.matrix : undefined;
      if (biases !== undefined) {
        drawLayer(engine, law, fans, key, weightIndex, matrix, biases);
      } else if (law.kind === 'layerwise') {
        const weightsKey = deriveKey(key, keyPurpose.weights, weightIndex);
        drawWeights(engine, law.weights, fans, weightsKey, matrix);
      } else {
        throw new InvalidArgumentError(
          `initializeParameters: ${law.kind} draws weights and biases together, and ${name} has none; expected a layerwise initializer`,
        );
      }
    }
  });
}

/** One row of the same number, and zeros behind it. */
function fillInitial(engine: Engine, matrix: Matrix, initial: number): void {
  clearMatrix(engine, matrix);
  engine.arena.floats(matrix.pointer, matrix.columns).fill(initial);
}
