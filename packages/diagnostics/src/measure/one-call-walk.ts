/** Nets whose layers a single kernel draws and passes: independent symmetric weights, no biases. */
import { allocateMatrix, clearMatrix, type Engine, type Matrix, type Pointer } from '@kindling/core';
import { hasZeroBiases, type Initializer, type SymmetricDraw, symmetricDraw } from '@kindling/initializers';
import { largestLayer, widest } from './drawn-layers.js';
import type { NetPass, PassedLayer } from './net-pass.js';

/** By the numbers the kernel knows them. */
const laws: readonly SymmetricDraw['law'][] = ['normal', 'uniform', 'truncated-normal'];

/** What the kernels `random_relu_net` and `random_relu_nets` ask for beside keys and activations. */
export interface OneCallRoom {
  readonly layers: number;
  readonly table: Pointer;
  readonly weights: Pointer;
  readonly zeros: Pointer;
  readonly results: Pointer;
}

/** Room for nets that the kernels draw; null where the initializer has biases or another law. */
export function allocateOneCallRoom(
  engine: Engine,
  widths: readonly number[],
  initializer: Initializer,
): OneCallRoom | null {
  if (initializer.kind !== 'layerwise' || !hasZeroBiases(initializer)) return null;
  const layers = widths.length - 1;
  const draws: SymmetricDraw[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const [fanIn = 0, fanOut = 0] = widths.slice(layer, layer + 2);
    const draw = symmetricDraw(initializer.weights, { fanIn, fanOut });
    if (draw === null) return null;
    draws.push(draw);
  }
  const { arena } = engine;
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
  return { layers, table, weights, zeros: zeros.pointer, results: arena.allocate(16 * layers) };
}

/**
 * The pass through such nets; null where they are of another kind. The numbers are those of the pass layer by layer.
 *
 * @param rooms for the activations; the input stands in the first
 */
export function openOneCallPass(
  engine: Engine,
  { widths, initializer }: { readonly widths: readonly number[]; readonly initializer: Initializer },
  [from, to]: readonly [Matrix, Matrix],
): NetPass | null {
  const room = allocateOneCallRoom(engine, widths, initializer);
  if (room === null) return null;
  const { layers, table, weights, zeros, results } = room;
  const { arena, kernels } = engine;
  return (key, { exponent }) => {
    kernels.random_relu_net(
      ...key,
      layers,
      ...([table, from.pointer, to.pointer, weights, zeros, results] as const),
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
