/**
 * How many neurons of a layer are active somewhere on a ball of inputs, over random nets. The first layer is exact: a neuron
 * is ≤ 0 on the whole ball if and only if ‖w‖ r + b ≤ 0. Behind it the number of active neurons is a Markov chain without a
 * closed form; there a fixed set of points stands for the ball, and a neuron that is active only between them is missed.
 */
import {
  allocateDenseNetwork,
  type DenseLayer,
  deriveKey,
  type Engine,
  InvalidArgumentError,
  keyPurpose,
  type RandomKey,
  readMatrix,
} from '@kindling/core';
import {
  checkInitializer,
  type InitializationData,
  type Initializer,
  initializeNetwork,
} from '@kindling/initializers';
import { checkHidden } from './check-sizes.js';
import { measureDeadNeurons } from './dead-neurons.js';
import { checkBall, type InputBall, usualRadius, writeDomainPoints } from './domain-points.js';
import { holdArena } from './held-arena.js';
import { checkTrials, type MeasurementProgress } from './measurement-progress.js';

/** The settings of `measureActiveNeurons`. */
export interface MeasureActiveNeuronsOptions extends InputBall {
  /** Width of every hidden ReLU layer. */
  readonly hidden: readonly number[];
  readonly initializer: Initializer;
  /** Nets: an integer from 1 to 100,000,000. */
  readonly trials: number;
  /** Net i is that of `initializeNetwork` under deriveKey(key, trial, i). */
  readonly key: RandomKey;
  /** For initializers that look at data. Default: the points that stand for the domain. */
  readonly data?: InitializationData | undefined;
}

/** What `measureActiveNeurons` finds. */
export interface ActiveNeurons {
  readonly trials: number;
  /** For every layer: nets with exactly k active neurons at index k = 0 … width. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * Counts active neurons in `trials` nets; with normal weights and biases of one variance the first layer is
 * `predictTrainability`'s Binomial(n, 1 − p_d(r)). A generator: it reports after every net, and returns the counts. Between
 * two reports the arena may be used, and must be left as it was.
 *
 * @throws InvalidArgumentError at the first step: for sizes, a radius, an initializer, trials or data that cannot be; later, when
 *   the arena was changed between two reports
 */
export function* measureActiveNeurons(
  engine: Engine,
  options: MeasureActiveNeuronsOptions,
): Generator<MeasurementProgress, ActiveNeurons> {
  const { inputDimension, hidden, initializer, trials, key, radius = usualRadius } = options;
  checkTrials('measureActiveNeurons', trials);
  checkBall('measureActiveNeurons', options);
  checkHidden('measureActiveNeurons', hidden);
  checkInitializer('measureActiveNeurons', initializer);
  return yield* holdArena(engine, 'measureActiveNeurons', function* () {
    const network = allocateDenseNetwork(engine, { widths: [inputDimension, ...hidden], outputs: 0 });
    const points = writeDomainPoints(engine, options);
    const data = options.data ?? { inputs: points };
    const counts = hidden.map((width) => new Array<number>(width + 1).fill(0));
    for (let trial = 0; trial < trials; trial++) {
      yield { done: trial, total: trials };
      initializeNetwork(engine, network, initializer, deriveKey(key, keyPurpose.trial, trial), data);
      const found = hidden.length > 1 ? measureDeadNeurons(engine, network, points).layers : [];
      counts.forEach((layer, index) => {
        const active =
          index === 0 ? activeOnBall(engine, network.layers[0], radius) : (found[index]?.active ?? 0);
        layer[active] = (layer[active] ?? 0) + 1;
      });
    }
    yield { done: trials, total: trials };
    return { trials, counts };
  });
}

/** Neurons with ‖w‖ r + b > 0: the largest pre-activation on the ball. */
function activeOnBall(engine: Engine, layer: DenseLayer | undefined, radius: number): number {
  if (layer === undefined) throw new InvalidArgumentError('measureActiveNeurons: a net without layers');
  const weights = readMatrix(engine, layer.weights);
  const biases = readMatrix(engine, layer.biases);
  let active = 0;
  biases.forEach((bias, unit) => {
    let square = 0;
    for (let at = unit; at < weights.length; at += layer.fanOut) {
      square += (weights[at] ?? 0) * (weights[at] ?? 0);
    }
    if (Math.sqrt(square) * radius + bias > 0) active += 1;
  });
  return active;
}
