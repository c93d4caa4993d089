/** The walk through nets whose layers a single kernel draws and passes: independent symmetric weights, no biases. */
import { allocateMatrix, clearMatrix, type Engine, type Matrix } from '@kindling/core';
import { hasZeroBiases, type SymmetricDraw, symmetricDraw } from '@kindling/initializers';
import { largestLayer, widest } from './drawn-layers.js';
import type { LengthWalkOptions } from './length-walk.js';
import type { NetPass, PassedLayer } from './net-pass.js';

/** By the numbers the kernel knows them. */
const laws: readonly SymmetricDraw['law'][] = ['normal', 'uniform', 'truncated-normal'];

/**
 * Room for such nets, or null where the initializer has biases or another law. The numbers are those of the walk layer by layer.
 *
 * @param rooms for the activations; the input stands in the first
 */
export function openOneCallWalk(
  engine: Engine,
  { widths, initializer }: LengthWalkOptions,
  rooms: readonly [Matrix, Matrix],
): NetPass | null {
  if (initializer.kind !== 'layerwise' || !hasZeroBiases(initializer)) return null;
  const draws: SymmetricDraw[] = [];
  const layers = widths.length - 1;
  for (let layer = 0; layer < layers; layer++) {
    const [fanIn = 0, fanOut = 0] = widths.slice(layer, layer + 2);
    const draw = symmetricDraw(initializer.weights, { fanIn, fanOut });
    if (draw === null) return null;
    draws.push(draw);
  }
  const { arena, kernels } = engine;
  const table = arena.allocate(16 * layers);
  const words = arena.words(table, 4 * layers);
  const floats = arena.floats(table, 4 * layers);
  draws.forEach(({ law, parameter }, layer) => {
    words.set([widths[layer] ?? 0, widths[layer + 1] ?? 0, laws.indexOf(law)], 4 * layer);
    floats[4 * layer + 3] = parameter;
  });
  // The product reads the last row up to 3 floats past its end.
  const weights = arena.allocateFloats(largestLayer(widths) + 3);
  const zeros = allocateMatrix(engine, 1, widest(widths));
  clearMatrix(engine, zeros);
  const results = arena.allocate(16 * layers);
  return (key, { exponent }) => {
    const [from, to] = rooms;
    kernels.random_relu_net(
      ...key,
      layers,
      ...([table, from.pointer, to.pointer, weights, zeros.pointer, results] as const),
    );
    const values = arena.doubles(results, 2 * layers);
    return Array.from(
      { length: layers },
      (_, layer): PassedLayer => ({
        square: values[2 * layer] ?? Number.NaN,
        exponent: exponent + (values[2 * layer + 1] ?? 0),
      }),
    );
  };
}
