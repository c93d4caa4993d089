/** Draws the parameters of a network of any architecture. */
import {
  clearMatrix,
  deriveKey,
  type Engine,
  InvalidArgumentError,
  keyPurpose,
  type Network,
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
 * @param laws of every weight matrix by its `weightIndex`; default: `parameterLaws` of the network's own architecture. For a network that is a
 * part of a larger one and counts its matrices through that: those of the larger one
 * @throws InvalidArgumentError for an initializer out of range, one that looks at data, one whose law does not fit a layer,
 * `fixup` where branches do not end in a linear layer behind another one, or `randomized-asymmetric` where weights stand without biases
 */
export function initializeParameters(
  engine: Engine,
  network: Network,
  initializer: Initializer,
  key: RandomKey,
  laws: readonly LayerInitializer[] = lawsOf(network, initializer),
): void {
  const { parameters } = network;
  parameters.forEach(({ name, kind, fans, weightIndex, initial, matrix }, index) => {
    if (fans === null || weightIndex === null) {
      clearMatrix(engine, matrix);
      engine.arena.floats(matrix.pointer, matrix.columns).fill(initial);
    } else if (kind === 'weights') {
      const law = laws[weightIndex];
      if (law === undefined) {
        throw new InvalidArgumentError(
          `initializeParameters: there are ${laws.length} laws; expected one for ${name}, matrix ${weightIndex}`,
        );
      }
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

function lawsOf({ architecture }: Network, initializer: Initializer): readonly LayerInitializer[] {
  checkInitializer('initializeParameters', initializer);
  if (needsData(initializer)) {
    throw new InvalidArgumentError(
      `initializeParameters: ${initializer.kind} looks at data; expected an initializer that does not — such are for dense networks (initializeNetwork)`,
      { details: { kind: initializer.kind } },
    );
  }
  return parameterLaws(architecture, initializer, 'initializeParameters');
}
