/**
 * Drawing whole nets from the law of trained ones: laws fitted layer by layer to the weights of some nets, and weights drawn from them. Layers
 * are independent of each other, biases are left as they are.
 */
import {
  deriveKey,
  type Engine,
  InvalidArgumentError,
  keyPurpose,
  type Network,
  openStream,
  type RandomKey,
  writeMatrix,
} from '@kindling/core';
import type { NamedTensor } from '../zoo/checkpoints.js';
import { quantileOfSorted } from './layer-statistics.js';
import { type AxisSymmetry, fitMatrixNormal, type MatrixNormal, matrixNormalDraw } from './matrix-normal.js';

/**
 * What is taken over from the trained nets, layer by layer.
 *
 * - `marginal`: single weights, iid, by their empirical quantile function;
 * - `matrix-normal`: means and covariances of rows and of columns;
 * - `filter-covariance`: of convolutions the mean and full covariance of one filter's kernel (all taps and channels), filters iid; of other
 *   layers the marginal.
 */
export const netLawKinds = ['marginal', 'matrix-normal', 'filter-covariance'] as const;

/** What is taken over. */
export type NetLawKind = (typeof netLawKinds)[number];

/** Quantiles of a marginal, at (i + ½)/4096: what is beyond the outermost 1/8192 at either end is cut. */
const marginalQuantiles = 4096;

/** One layer's law. */
type FittedLayer =
  | { readonly kind: 'marginal'; readonly quantiles: Float64Array; readonly meanSquare: number }
  | { readonly kind: 'matrix-normal'; readonly law: MatrixNormal; readonly meanSquare: number };

/** Laws by weight matrix, in the order of `listParameters`. */
export interface FittedNet {
  readonly layers: readonly FittedLayer[];
}

/** What is fitted. */
export interface FitNetOptions {
  /** Weight matrices of each net, in the order of `listParameters`; at least one net. */
  readonly nets: readonly (readonly NamedTensor[])[];
  readonly kind: NetLawKind;
  /** As `MatrixNormalOptions`. */
  readonly shrinkage: number;
}

/** Fits a law to nets of one architecture. @throws InvalidArgumentError for no net, or as `fitMatrixNormal` */
export function fitNet({ nets, kind, shrinkage }: FitNetOptions): FittedNet {
  const [first] = nets;
  if (first === undefined) throw new InvalidArgumentError('fitNet: no nets; expected at least one');
  return {
    layers: first.map((tensor, layer): FittedLayer => {
      const samples = nets.map((net) => net[layer]?.values ?? new Float32Array());
      if (kind === 'marginal' || (kind === 'filter-covariance' && !isConvolution(tensor)))
        return fitMarginal(samples);
      const { rows, columns } = tensor;
      const law = fitMatrixNormal({ rows, columns, samples, shrinkage, ...symmetriesOf(first, layer, kind) });
      return { kind: 'matrix-normal', law, meanSquare: law.meanSquare };
    }),
  };
}

/**
 * Draws every weight matrix of `network` from its law; matrix j uses the key `weights`/j under `key`.
 *
 * @param rescale times √(2/fan-in / E[w²]): the law's form with He's scale
 * @throws InvalidArgumentError for a law of another architecture
 */
export function drawNet(
  engine: Engine,
  network: Network,
  law: FittedNet,
  { key, rescale }: { readonly key: RandomKey; readonly rescale: boolean },
): void {
  const weights = network.parameters.filter(({ kind }) => kind === 'weights');
  if (weights.length !== law.layers.length) {
    throw new InvalidArgumentError(
      `drawNet: a law of ${law.layers.length} weight matrices for a network of ${weights.length}; expected one each`,
    );
  }
  weights.forEach(({ matrix, fans, rows, columns }, layer) => {
    const fitted = law.layers[layer] as FittedLayer;
    const gain = rescale ? Math.sqrt(2 / (fans?.fanIn ?? rows) / fitted.meanSquare) : 1;
    const layerKey = deriveKey(key, keyPurpose.weights, layer);
    const drawn = drawLayer(engine, fitted, rows * columns, layerKey);
    writeMatrix(
      engine,
      matrix,
      drawn.map((value) => value * gain),
    );
  });
}

function drawLayer(engine: Engine, fitted: FittedLayer, count: number, key: RandomKey): Float64Array {
  const { arena, kernels } = engine;
  const mark = arena.mark();
  try {
    const stream = openStream(engine, key);
    const room = arena.allocateFloats(count);
    if (fitted.kind === 'matrix-normal') {
      kernels.fill_normal(stream, count, room, 1);
      return matrixNormalDraw(fitted.law, Float64Array.from(arena.floats(room, count)));
    }
    kernels.fill_uniform(stream, count, room, 0, 1);
    return Float64Array.from(arena.floats(room, count), (u) => quantileOfSorted(fitted.quantiles, u));
  } finally {
    arena.release(mark);
  }
}

function fitMarginal(samples: readonly Float32Array[]): FittedLayer {
  const total = samples.reduce((sum, { length }) => sum + length, 0);
  const sorted = new Float64Array(total);
  let at = 0;
  for (const sample of samples) {
    sorted.set(sample, at);
    at += sample.length;
  }
  sorted.sort();
  const quantiles = Float64Array.from({ length: marginalQuantiles }, (_, i) =>
    quantileOfSorted(sorted, (i + 0.5) / marginalQuantiles),
  );
  let squares = 0;
  for (const value of sorted) squares += value * value;
  return { kind: 'marginal', quantiles, meanSquare: squares / total };
}

function isConvolution({ fans }: NamedTensor): boolean {
  return fans !== null && fans.kernel[0] * fans.kernel[1] > 1;
}

/**
 * What training cannot tell apart: units and filters of hidden layers as columns; units of a hidden layer that is read without images as
 * rows. Taps, pixels and classes are what they are.
 */
function symmetriesOf(
  net: readonly NamedTensor[],
  layer: number,
  kind: NetLawKind,
): { readonly rowSymmetry: AxisSymmetry; readonly columnSymmetry: AxisSymmetry } {
  const [before, tensor] = [net[layer - 1], net[layer]];
  const readsUnits = before !== undefined && tensor !== undefined && before.columns === tensor.rows;
  const hidden = layer < net.length - 1;
  return {
    rowSymmetry: readsUnits ? 'exchangeable' : 'any',
    columnSymmetry: kind === 'filter-covariance' ? 'independent' : hidden ? 'exchangeable' : 'any',
  };
}
