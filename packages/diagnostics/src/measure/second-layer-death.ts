/**
 * How often a neuron of the second layer is ≤ 0 for every input of R^{n₀}, by drawing nets: one or two inputs, exactly. Its
 * pre-activation c + Σ v_k ReLU(w_k · x + b_k) is linear on the cells that the first layer's hyperplanes cut, so its supremum
 * is at a corner of a cell or far out along an edge: corners are where n₀ hyperplanes meet, edges run along n₀ − 1 of them.
 */
import {
  allocateDenseNetwork,
  deriveKey,
  type Engine,
  InvalidArgumentError,
  keyPurpose,
  type RandomKey,
  readMatrix,
} from '@kindling/core';
import { checkInitializer, type Initializer, initializeNetwork, needsData } from '@kindling/initializers';
import { holdArena } from './held-arena.js';
import { checkTrials, type MeasurementProgress } from './measurement-progress.js';

/** The settings of `measureSecondLayerDeath`. */
export interface SecondLayerDeathOptions {
  /** n₀: 1 or 2. */
  readonly inputDimension: 1 | 2;
  /** n₁ ≥ n₀: the hyperplanes must have corners. */
  readonly firstWidth: number;
  /** One that needs no data. */
  readonly initializer: Initializer;
  /** Nets: an integer from 1 to 100,000,000. Each has one neuron in its second layer. */
  readonly trials: number;
  readonly key: RandomKey;
}

/** What `measureSecondLayerDeath` finds. */
export interface SecondLayerDeath {
  /** dead / trials. */
  readonly probability: number;
  /** √(p (1 − p) / trials) with p = (dead + ½) / (trials + 1). */
  readonly standardError: number;
  readonly trials: number;
  readonly dead: number;
}

/** A first layer, unit by unit, and the neuron behind it. */
interface TwoLayers {
  readonly units: readonly {
    readonly w: readonly [number, number];
    readonly b: number;
    readonly v: number;
  }[];
  readonly bias: number;
}

/** Distances and slopes below this share of the terms they are summed from are rounding. */
const rounding = 1e-12;

/**
 * Counts neurons that are dead everywhere; compare with `predictSecondLayerDeadProbability`. A generator: it reports now and
 * then, and returns the measurement. Between two reports the arena may be used, and must be left as it was.
 *
 * @throws InvalidArgumentError at the first step, for sizes, trials or an initializer that cannot be; later, when the arena was
 *   changed between two reports
 */
export function* measureSecondLayerDeath(
  engine: Engine,
  options: SecondLayerDeathOptions,
): Generator<MeasurementProgress, SecondLayerDeath> {
  const { inputDimension, firstWidth, initializer, trials, key } = options;
  checkTrials('measureSecondLayerDeath', trials);
  if (inputDimension !== 1 && inputDimension !== 2) {
    throw new InvalidArgumentError(
      `measureSecondLayerDeath: inputDimension is ${inputDimension}; expected 1 or 2`,
    );
  }
  if (!Number.isSafeInteger(firstWidth) || firstWidth < inputDimension) {
    throw new InvalidArgumentError(
      `measureSecondLayerDeath: firstWidth is ${firstWidth}; expected an integer ≥ inputDimension = ${inputDimension}`,
    );
  }
  checkInitializer('measureSecondLayerDeath', initializer);
  if (needsData(initializer)) {
    throw new InvalidArgumentError(
      `measureSecondLayerDeath: ${initializer.kind} looks at data; expected an initializer that needs none`,
    );
  }
  return yield* holdArena(engine, 'measureSecondLayerDeath', function* () {
    const network = allocateDenseNetwork(engine, { widths: [inputDimension, firstWidth, 1], outputs: 0 });
    let dead = 0;
    for (let trial = 0; trial < trials; trial++) {
      if (trial % 64 === 0) yield { done: trial, total: trials };
      initializeNetwork(engine, network, initializer, deriveKey(key, keyPurpose.trial, trial));
      const [first, second] = network.layers.map((layer) => ({
        weights: readMatrix(engine, layer.weights),
        biases: readMatrix(engine, layer.biases),
      }));
      const units = Array.from(first?.biases ?? [], (b, k) => {
        const coordinate = (i: number) => first?.weights[i * firstWidth + k] ?? 0;
        const w = [coordinate(0), inputDimension === 2 ? coordinate(1) : 0] as const;
        return { w, b, v: second?.weights[k] ?? 0 };
      });
      if (isDeadEverywhere({ units, bias: second?.biases[0] ?? 0 }, inputDimension)) dead += 1;
    }
    yield { done: trials, total: trials };
    const share = (dead + 0.5) / (trials + 1);
    const standardError = Math.sqrt((share * (1 - share)) / trials);
    return { probability: dead / trials, standardError, trials, dead };
  });
}

function isDeadEverywhere(net: TwoLayers, inputDimension: 1 | 2): boolean {
  const { units } = net;
  if (inputDimension === 1) {
    if (risesAlong(net, 1, 0) || risesAlong(net, -1, 0)) return false;
    return units.every(({ w: [w], b }) => !isPositiveAt(net, -b / w, 0));
  }
  // Edges run along the lines w · x + b = 0, both ways.
  if (units.some(({ w: [x, y] }) => risesAlong(net, -y, x) || risesAlong(net, y, -x))) return false;
  for (let i = 0; i < units.length; i++) {
    for (let j = 0; j < i; j++) {
      const [p, q] = [units[i], units[j]];
      if (p === undefined || q === undefined) continue;
      const determinant = p.w[0] * q.w[1] - p.w[1] * q.w[0];
      const x = (p.w[1] * q.b - q.w[1] * p.b) / determinant;
      const y = (q.w[0] * p.b - p.w[0] * q.b) / determinant;
      if (isPositiveAt(net, x, y)) return false;
    }
  }
  return true;
}

/** The slope far out in a direction, Σ v_k ReLU(w_k · direction), is above 0. */
function risesAlong({ units }: TwoLayers, x: number, y: number): boolean {
  let sum = 0;
  let size = 0;
  for (const { w, v } of units) {
    const terms = Math.abs(w[0] * x) + Math.abs(w[1] * y);
    const rate = w[0] * x + w[1] * y;
    // The line's own neuron is 0 along it, but for rounding.
    if (rate > rounding * terms) sum += v * rate;
    size += Math.abs(v) * terms;
  }
  return sum > rounding * size;
}

/** The pre-activation at a corner is above 0. */
function isPositiveAt({ units, bias }: TwoLayers, x: number, y: number): boolean {
  let sum = bias;
  let size = Math.abs(bias);
  for (const { w, b, v } of units) {
    const terms = Math.abs(w[0] * x) + Math.abs(w[1] * y) + Math.abs(b);
    const value = w[0] * x + w[1] * y + b;
    if (value > rounding * terms) sum += v * value;
    size += Math.abs(v) * terms;
  }
  return sum > rounding * size;
}
