/** Data-dependent initialization (Shin & Karniadakis, JMLMC 1(1), 2020). */
import {
  clearMatrix,
  type DenseNetwork,
  deriveKey,
  type Engine,
  keyPurpose,
  type RandomKey,
  readMatrix,
  sumSquares,
  writeMatrix,
} from '@kindling/core';
import type { DataDependent } from '../initializer.js';
import { fillMatrix, fillNormal } from '../sampling/fill-entries.js';
import { chooseAnchors } from './choose-anchors.js';
import { dataDependentSquare } from './data-dependent-square.js';
import type { InitializationData } from './initialization-data.js';
import { type LayerVisit, walkLayers } from './walk-layers.js';

/** A hidden layer's anchors and deviations: what the scale of the layer after it depends on. */
interface AnchoredLayer {
  /** The data point of each unit. */
  readonly anchors: readonly number[];
  readonly weightDeviation: number;
  readonly biasDeviation: number;
  /** The layer's inputs, points × fan-in, row-major. */
  readonly points: Float32Array;
  readonly fanIn: number;
}

/** Activations too small to be brought to the targets' scale by weights that f32 holds stay below it. */
const largestDeviation = 2 ** 100;

/**
 * Hidden layers from the first on: w ~ N(0, σ_w² I), b = −w · x_anchor + |e|, where x is what the layers before make of the
 * data. The linear output layer, if there is one: N(0, σ_out²) and no biases, σ_out such that the mean over the data of
 * E[N(x)²], by `dataDependentSquare` given the last hidden layer's inputs and anchors, is the mean square of the targets (1
 * without targets).
 *
 * The anchor's pre-activation is above zero in f32, as `forward` computes it, not in exact arithmetic only.
 */
export function initializeDataDependent(
  engine: Engine,
  network: DenseNetwork,
  initializer: DataDependent,
  key: RandomKey,
  data: InitializationData,
): void {
  let last: AnchoredLayer | null = null;
  walkLayers(engine, network, data.inputs, (visit) => {
    const { layer, index } = visit;
    if (layer.relu) {
      last = anchorLayer(engine, visit, initializer, key);
      return;
    }
    if (last === null) return;
    const wished = Math.sqrt(meanSquareOfTargets(engine, data) / sumOfSquares(last));
    const deviation = Math.min(wished, largestDeviation);
    const weightsKey = deriveKey(key, keyPurpose.weights, index);
    fillMatrix(engine, weightsKey, layer.weights, fillNormal(deviation));
    clearMatrix(engine, layer.biases);
  });
}

function anchorLayer(
  engine: Engine,
  { layer, index, inputs, preActivations }: LayerVisit,
  initializer: DataDependent,
  key: RandomKey,
): AnchoredLayer {
  const { weights, biases, fanIn } = layer;
  const points = readMatrix(engine, inputs);
  const { weightDeviation = Math.sqrt(2 / fanIn) } = initializer;
  const { biasDeviation = defaultBiasDeviation(weightDeviation, points, fanIn) } = initializer;
  fillMatrix(engine, deriveKey(key, keyPurpose.weights, index), weights, fillNormal(weightDeviation));
  fillMatrix(engine, deriveKey(key, keyPurpose.biases, index), biases, fillNormal(biasDeviation));
  const lifts = readMatrix(engine, biases);
  clearMatrix(engine, biases);
  const products = readMatrix(engine, preActivations());
  const units = weights.columns;
  const anchors = chooseAnchors(engine, {
    mode: initializer.anchors,
    points: inputs.rows,
    units,
    key: deriveKey(key, keyPurpose.anchors, index),
  });
  const chosen = anchors.map((point, unit) =>
    biasAbove(products[point * units + unit] ?? 0, Math.abs(lifts[unit] ?? 0)),
  );
  writeMatrix(engine, biases, chosen);
  return { anchors, weightDeviation, biasDeviation, points, fanIn };
}

/**
 * −product + lift in f32, and where that is rounded away, the next float above −product. `forward` adds the bias to the
 * finished product, and two floats that are not opposite never add up to zero: the sum is above zero.
 */
function biasAbove(product: number, lift: number): number {
  const bias = Math.fround(lift - product);
  return bias > -product ? bias : nextFloatAbove(-product);
}

function nextFloatAbove(value: number): number {
  if (value === 0) return 2 ** -149;
  const float = new Float32Array([value]);
  const word = new Int32Array(float.buffer);
  word[0] = (word[0] ?? 0) + (value > 0 ? 1 : -1);
  return float[0] ?? value;
}

/**
 * A tenth of σ_w times the root mean square distance of two points: kinks lie near their anchors, as seen from the data,
 * whatever the data's scale. Where all points are one, any positive number does as well: σ_w.
 */
function defaultBiasDeviation(weightDeviation: number, points: Float32Array, width: number): number {
  const square = meanSquareDistance(points, width);
  return weightDeviation * (square > 0 ? 0.1 * Math.sqrt(square) : 1);
}

/** The mean of ‖x − y‖² over all pairs of points is twice the sum of the coordinates' variances. */
function meanSquareDistance(points: Float32Array, width: number): number {
  const count = points.length / width;
  let sum = 0;
  for (let coordinate = 0; coordinate < width; coordinate++) {
    let total = 0;
    for (let i = coordinate; i < points.length; i += width) total += points[i] ?? 0;
    const center = total / count;
    for (let i = coordinate; i < points.length; i += width) {
      const difference = (points[i] ?? 0) - center;
      sum += difference * difference;
    }
  }
  return (2 * sum) / count;
}

/** Σ over the units of E[activation²], averaged over the data; anchors that serve many units are computed once. */
function sumOfSquares({ anchors, weightDeviation, biasDeviation, points, fanIn }: AnchoredLayer): number {
  const count = points.length / fanIn;
  const uses = new Map<number, number>();
  for (const anchor of anchors) uses.set(anchor, (uses.get(anchor) ?? 0) + 1);
  let sum = 0;
  for (const [anchor, units] of uses) {
    let squares = 0;
    for (let point = 0; point < count; point++) {
      const distance = distanceOf(points, fanIn, anchor, point);
      squares += dataDependentSquare({ weightDeviation, biasDeviation, distance });
    }
    sum += (units * squares) / count;
  }
  return sum;
}

function distanceOf(points: Float32Array, width: number, a: number, b: number): number {
  let square = 0;
  for (let i = 0; i < width; i++) {
    const difference = (points[a * width + i] ?? 0) - (points[b * width + i] ?? 0);
    square += difference * difference;
  }
  return Math.sqrt(square);
}

function meanSquareOfTargets(engine: Engine, { targets }: InitializationData): number {
  if (targets === undefined) return 1;
  return sumSquares(engine, targets) / (targets.rows * targets.columns);
}
