/**
 * Random nets of any architecture, passed through by a few inputs, one layer in memory at a time and at any depth. The signal is the
 * length of the same net without its biases: it is f(x) = (∂f/∂x) x there, and for symmetric weights biases do not change the mean
 * squared gradient.
 */
import {
  type Architecture,
  compileArchitecture,
  deriveKey,
  type Engine,
  firstRows,
  inputShape,
  keyPurpose,
  type RandomKey,
} from '@kindling/core';
import { hasZeroBiases, type InitializationData, type Initializer, layerwise } from '@kindling/initializers';
import { type NetworkWalk, openNetworkWalk } from '../measure/network-walk.js';
import { batchRows, operationsPerRandomWeight, type SimulatedNet } from './simulate-nets.js';

/** What is simulated. */
export interface SimulateNetworkOptions {
  /** Layers up to the last hidden one. */
  readonly architecture: Architecture;
  readonly initializer: Initializer;
  readonly key: RandomKey;
  readonly trials: number;
  readonly data: InitializationData | null;
  readonly normalizes: boolean;
}

/**
 * Draws `trials` nets, one after the other under keys of their own.
 *
 * @throws InvalidArgumentError as `measureNetworkLengths`; OutOfMemoryError when a layer does not fit
 */
export function simulateNetwork(engine: Engine, options: SimulateNetworkOptions): SimulatedNet[] {
  const { architecture, initializer, key, trials, data, normalizes } = options;
  const most = data === null ? batchRows : data.inputs.rows;
  const batch = Math.min(simulatedBatch(architecture, normalizes), most);
  const mark = engine.arena.mark();
  try {
    const inputs =
      data === null ? {} : { data: { inputs: firstRows(data.inputs, Math.min(batchRows, most)) } };
    const open = (drawn: Initializer) =>
      openNetworkWalk(engine, 'diagnoseNetwork', { architecture, initializer: drawn, batch, ...inputs });
    const biased = !hasZeroBiases(initializer) && initializer.kind === 'layerwise';
    const whole = open(initializer);
    const unbiased = biased ? open(layerwise(initializer.weights)) : null;
    return Array.from({ length: trials }, (_, trial) => {
      const trialKey = deriveKey(key, keyPurpose.trial, trial);
      const length = decadesThrough(whole, trialKey);
      const signal = unbiased === null ? length : decadesThrough(unbiased, trialKey);
      return { dead: length === Number.NEGATIVE_INFINITY, lengthDecades: length, signalDecades: signal };
    });
  } finally {
    engine.arena.release(mark);
  }
}

/** What stands for a length that left the range of f32 within one block: the square of its largest number, in decades. */
const beyondRange = 77;

/** log₁₀ of the last layer's length; −Infinity where one of the layers is zero. */
function decadesThrough(walk: NetworkWalk, key: RandomKey): number {
  const { layers } = walk(key);
  if (layers.some(({ logLength }) => logLength === Number.NEGATIVE_INFINITY)) return Number.NEGATIVE_INFINITY;
  const decades = (layers.at(-1)?.logLength ?? 0) / Math.LN10;
  return Number.isFinite(decades) ? decades : beyondRange;
}

/** Inputs of a net: as many pixels as a dense net is given rows, and a whole batch for a normalization. */
function simulatedBatch({ input }: Architecture, normalizes: boolean): number {
  const { height, width } = inputShape(input);
  return normalizes
    ? Math.max(8, Math.ceil(batchRows / (height * width)))
    : Math.ceil(batchRows / (height * width));
}

/** A layer costs a walk about this many operations beside its products: it is laid out, drawn, measured and handed on. */
const operationsPerWalkedLayer = 1_000_000;

/** A convolution takes about so many times as long for an operation as a product of large matrices. */
const convolutionSlowness = 3;

/** Operations that drawing and passing one net take, about. */
export function networkOperations(architecture: Architecture, normalizes: boolean): number {
  const { steps, values, parameters } = compileArchitecture(architecture);
  const batch = simulatedBatch(architecture, normalizes);
  return steps.reduce((sum, step) => {
    const { height, width } = values[step.output]?.shape ?? { height: 1, width: 1 };
    const matrix = 'weights' in step ? parameters[step.weights] : undefined;
    const weights = matrix === undefined ? 0 : matrix.rows * matrix.columns;
    const slowness = step.kind === 'conv2d' ? convolutionSlowness : 1;
    const passes = 2 * slowness * batch * height * width;
    return sum + operationsPerWalkedLayer + weights * (passes + operationsPerRandomWeight);
  }, 0);
}
