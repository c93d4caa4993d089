/** Draws the parameters of a network of any architecture. */
import {
  clearMatrix,
  deriveKey,
  type Engine,
  InvalidArgumentError,
  keyPurpose,
  type Network,
  type Parameter,
  type RandomKey,
} from '@kindling/core';
import { type Initializer, type LayerInitializer, needsData } from './initializer.js';
import { checkInitializer } from './laws/check-law.js';
import { parameterLaws } from './parameter-laws.js';
import { drawLayer, drawWeights } from './sampling/draw-layer.js';

/**
 * Draws every weight matrix by its fans (and kernel), and its biases; projections have no biases. Gamma, beta and learned scales get
 * their `initial` number. Weight matrix j, counted through the whole network as `ParameterShape.weightIndex` says, uses the keys
 * `weights`/j and `biases`/j under `key`: a network of dense layers alone gets the numbers of `initializeNetwork`.
 *
 * @param initializer any that looks at no data
 * @throws InvalidArgumentError for an initializer out of range, one that looks at data, one whose law does not fit a layer,
 * `fixup` where branches do not end in a linear layer behind another one, or `randomized-asymmetric` where weights stand without biases
 */
export function initializeParameters(
  engine: Engine,
  network: Network,
  initializer: Initializer,
  key: RandomKey,
): void {
  checkInitializer('initializeParameters', initializer);
  if (needsData(initializer)) {
    throw new InvalidArgumentError(
      `initializeParameters: ${initializer.kind} looks at data; expected an initializer that does not — such are for dense networks (initializeNetwork)`,
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
      clearMatrix(engine, matrix);
      engine.arena.floats(matrix.pointer, matrix.columns).fill(initial);
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
