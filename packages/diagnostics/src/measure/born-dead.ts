/**
 * How often a random net is born dead, i.e. constant on its domain, by drawing nets. One input dimension is exact
 * (`keepsSlope`). In more, a fixed set of points stands for the ball (`writeDomainPoints`): at a point the net is locally
 * constant if some layer has no active neuron there, and the net counts as dead if that is so at every point. It may still
 * have a slope between the points, so the probability may be a little too large, never too small.
 */
import {
  allocateMatrix,
  deriveKey,
  type Engine,
  InvalidArgumentError,
  keyPurpose,
  type Matrix,
  type Pointer,
  type RandomKey,
  readMatrix,
  sumSquares,
} from '@kindling/core';
import {
  checkInitializer,
  hasZeroBiases,
  type InitializationData,
  type Initializer,
  needsData,
} from '@kindling/initializers';
import { checkHidden } from './check-sizes.js';
import { checkBall, type InputBall, usualRadius, writeDomainPoints } from './domain-points.js';
import { type DrawnLayers, largestLayer, openDrawnLayers, widest } from './drawn-layers.js';
import { holdArena } from './held-arena.js';
import { intervalPieces, keepsSlope, type LineLayer } from './line-pieces.js';
import { checkTrials, type MeasurementProgress } from './measurement-progress.js';
import { passLayer, type ScaledActivations, settle } from './scaled-layer.js';

/** The settings of `measureBornDead`. */
export interface MeasureBornDeadOptions extends InputBall {
  /** Width of every hidden ReLU layer; a linear output layer would come after them and changes nothing. */
  readonly hidden: readonly number[];
  readonly initializer: Initializer;
  /** Nets: an integer from 1 to 100,000,000. */
  readonly trials: number;
  /** Net i is that of `initializeNetwork` under deriveKey(key, trial, i). */
  readonly key: RandomKey;
  /** For initializers that look at data. Default: the points that stand for the domain. */
  readonly data?: InitializationData | undefined;
}

/** What `measureBornDead` finds. */
export interface BornDeadMeasurement {
  /** dead / trials. */
  readonly probability: number;
  /** √(p (1 − p) / trials) with p = (dead + ½) / (trials + 1), so that it is never 0. */
  readonly standardError: number;
  readonly trials: number;
  readonly dead: number;
}

/** Decides whether the net of a key is dead. */
type DeathTest = (key: RandomKey) => boolean;

/**
 * Draws `trials` nets and counts the dead. A generator: it reports now and then how many are done, may be left at any
 * report, and returns the measurement. Compare with `predictBornDead`. Between two reports the arena may be used, and must be
 * left as it was.
 *
 * @throws InvalidArgumentError at the first step: for sizes, a radius, an initializer, trials or data that cannot be; later, when
 *   the arena was changed between two reports
 */
export function* measureBornDead(
  engine: Engine,
  options: MeasureBornDeadOptions,
): Generator<MeasurementProgress, BornDeadMeasurement> {
  const { inputDimension, hidden, initializer, trials, key } = options;
  checkTrials('measureBornDead', trials);
  checkBall('measureBornDead', options);
  checkHidden('measureBornDead', hidden);
  checkInitializer('measureBornDead', initializer);
  return yield* holdArena(engine, 'measureBornDead', function* () {
    const isDead = openDeathTest(engine, options, [inputDimension, ...hidden]);
    let dead = 0;
    for (let trial = 0; trial < trials; trial++) {
      if (trial % 64 === 0) yield { done: trial, total: trials };
      if (isDead(deriveKey(key, keyPurpose.trial, trial))) dead += 1;
    }
    yield { done: trials, total: trials };
    const share = (dead + 0.5) / (trials + 1);
    return {
      probability: dead / trials,
      standardError: Math.sqrt((share * (1 - share)) / trials),
      trials,
      dead,
    };
  });
}

function openDeathTest(
  engine: Engine,
  options: MeasureBornDeadOptions,
  widths: readonly number[],
): DeathTest {
  const { inputDimension, initializer } = options;
  const points = inputDimension > 1 || needsData(initializer) ? writeDomainPoints(engine, options) : null;
  const data = options.data ?? (points === null ? undefined : { inputs: points });
  const draw = openDrawnLayers(engine, 'measureBornDead', { widths, initializer, data });
  return inputDimension === 1 || points === null
    ? openIntervalTest(engine, options, widths, draw)
    : openPointsTest(engine, widths, points, draw);
}

/** Exact, on [−r, r]. Layers are drawn only when a piece gets there. */
function openIntervalTest(
  engine: Engine,
  { hidden, initializer, radius = usualRadius }: MeasureBornDeadOptions,
  widths: readonly number[],
  draw: DrawnLayers,
): DeathTest {
  const layers = hidden.map((width, index): LineLayer => {
    const weights = new Float64Array((widths[index] ?? 0) * width);
    return { width, weights, biases: new Float64Array(width) };
  });
  const pieces = intervalPieces(radius);
  const zeroBiases = hasZeroBiases(initializer);
  return (key) => {
    let drawn = 0;
    const layerOf = (index: number): LineLayer => {
      const layer = layers[index];
      if (layer === undefined) throw new InvalidArgumentError(`measureBornDead: there is no layer ${index}`);
      if (index === drawn) {
        const { weights, biases } = draw(key, index);
        copyRows(engine, weights, layer.weights);
        copyRows(engine, biases, layer.biases);
        drawn += 1;
      }
      return layer;
    };
    const walk = { depth: layers.length, layerOf, zeroBiases };
    return !pieces.some((piece) => keepsSlope(walk, piece));
  };
}

function copyRows(engine: Engine, { pointer, rows, columns, stride }: Matrix, target: Float64Array): void {
  const source = engine.arena.floats(pointer, (rows - 1) * stride + columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) target[i * columns + j] = source[i * stride + j] ?? 0;
  }
}

/** On the fixed points: dead if at each of them some layer has no active neuron. */
function openPointsTest(
  engine: Engine,
  widths: readonly number[],
  points: Matrix,
  draw: DrawnLayers,
): DeathTest {
  const room = () => allocateMatrix(engine, points.rows, widest(widths));
  const rooms = [room(), room()] as const;
  const scratch: Pointer = engine.arena.allocateFloats(largestLayer(widths));
  const input = { exponent: 0, square: sumSquares(engine, points) / (points.rows * points.columns) };
  const start = allocateMatrix(engine, points.rows, points.columns);
  const bytes = 4 * points.rows * points.stride;
  return (key) => {
    // A copy: biases may make the pass rescale its inputs.
    engine.arena.bytes(start.pointer, bytes).set(engine.arena.bytes(points.pointer, bytes));
    const alive = new Uint8Array(points.rows).fill(1);
    let current: ScaledActivations = { ...input, matrix: start };
    for (let layer = 1; layer < widths.length; layer++) {
      const { pointer } = rooms[layer % 2 === 0 ? 0 : 1];
      const columns = widths[layer] ?? 0;
      const out: Matrix = { pointer, rows: points.rows, columns, stride: 4 * Math.ceil(columns / 4) };
      current = settle(engine, passLayer(engine, current, draw(key, layer - 1), out, scratch));
      const values = readMatrix(engine, current.matrix);
      let some = 0;
      for (let row = 0; row < alive.length; row++) {
        const activations = values.subarray(row * columns, (row + 1) * columns);
        if (alive[row] === 1 && activations.every((x) => x <= 0)) alive[row] = 0;
        some += alive[row] ?? 0;
      }
      if (some === 0) return true;
    }
    return false;
  };
}
