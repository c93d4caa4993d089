/**
 * What is known of the activations between two layers of a network of any architecture, and how a layer that is no block changes it.
 * The mean square of what a layer of weights gives depends on the mean squares of what it reads alone, pixel by pixel; the rest of a
 * signal tells when an activation or a sum with a shortcut has an exact mean, too.
 */
import {
  type Activation,
  type Convolution,
  isFlat,
  type Layer,
  type Pool,
  portableMath,
  type TensorShape,
} from '@kindling/core';
import {
  type BatchVariation,
  variationBehindActivation,
  variationBehindPool,
  variationBehindWeights,
  wholeVariation,
  whyNotNormalized,
} from './batch-variation.js';
import {
  averageEnergy,
  type EnergyMap,
  flattenEnergy,
  meanEnergy,
  meanOfEnergy,
  scaleEnergy,
  uniformEnergy,
} from './energy-map.js';
import type { LayerLaw } from './length-law.js';
import { reluStream } from './relu-stream.js';
import { type ReluStream, startStream } from './residual-relu.js';
import { windowsOf } from './windows.js';

/** Bounds on a map of energies; one object where they agree. */
export interface Energy {
  readonly lower: EnergyMap;
  readonly upper: EnergyMap;
  /** The mean, or an approximation within the bounds; null where there is none. */
  readonly estimate: EnergyMap | null;
}

/** What is known of the activations between two layers. */
export interface KnownActivations {
  readonly shape: TensorShape;
  /** Null where not even bounds are known. */
  readonly energy: Energy | null;
  /** Why the mean is not exact; null where it is. */
  readonly why: string | null;
  /** x is as likely as −x, over inputs and weights. */
  readonly symmetric: boolean;
  /** The same given what the innermost block around it reads: then what is added to its shortcut has mean 0. */
  readonly fresh: boolean;
  /** How its law changes when what the innermost block around it reads changes sign: with it, not at all, otherwise. */
  readonly parity: 'odd' | 'even' | 'neither';
  /** E[x | the block's input]² ≤ drift · E[x² | the block's input]: at most 1. */
  readonly drift: number;
  /** No number is negative. */
  readonly positive: boolean;
  /** All pixels have one law: then a known mean is a known map. */
  readonly homogeneous: boolean;
  /** Of flat signals: what is known of the cosine with the diagonal. */
  readonly stream: ReluStream | null;
  /** log(E[M²]/E[M]²), as far as M is a product of independent factors; null where it is not known. */
  readonly logSpread: number | null;
  /** What a batch normalization needs; null where a channel may be constant over a batch of random inputs. */
  readonly variation: BatchVariation | null;
}

/** The law of one matrix of weights. */
export interface WeightsLaw {
  /** Null with a reason where the law has no formula. */
  readonly layer: LayerLaw | null;
  readonly why: string;
  /** Independent normal weights. */
  readonly gaussian: boolean;
  /** Of a window only the center counts. */
  readonly centered: boolean;
}

/** Applies f to bounds and estimate; what is one object stays one. */
export function mapEnergy(energy: Energy | null, f: (map: EnergyMap) => EnergyMap): Energy | null {
  if (energy === null) return null;
  const lower = f(energy.lower);
  const upper = energy.upper === energy.lower ? lower : f(energy.upper);
  if (energy.estimate === null) return { lower, upper, estimate: null };
  return { lower, upper, estimate: energy.estimate === energy.lower ? lower : f(energy.estimate) };
}

/** What an activation leaves of x where x ≤ 0. */
export function slopeOf(activation: Activation): number {
  if (activation === 'linear') return 1;
  return activation === 'relu' ? 0 : activation.slope;
}

/** A fully connected layer or a convolution. */
export function passWeights(
  signal: KnownActivations,
  { layer, why, gaussian, centered }: WeightsLaw,
  activation: Activation,
  shape: TensorShape,
  convolution: Convolution | null,
): KnownActivations {
  const slope = slopeOf(activation);
  const linear = slope === 1;
  const base: Omit<KnownActivations, 'energy' | 'why'> = {
    shape,
    symmetric: linear && layer !== null,
    fresh: linear && layer !== null,
    // Weights without a symmetric law give an odd part of their own.
    parity: layer === null ? 'neither' : signal.parity === 'odd' ? 'even' : signal.parity,
    drift: layer === null ? 1 : driftOf(slope, gaussian && layer.shift === 0),
    positive: slope === 0,
    homogeneous: isHomogeneous(signal, shape, convolution),
    stream: null,
    logSpread: null,
    variation: null,
  };
  if (layer === null) return { ...base, energy: null, why };
  const read = convolution === null ? signal : averaged(signal, convolution, centered);
  const kept = 1 + slope * slope;
  const energy = mapEnergy(read.energy, (map) => scaleEnergy(map, kept * layer.factor, kept * layer.shift));
  const square = read.energy === null ? 0 : layer.factor * meanOfEnergy(read.energy.upper);
  const area = convolution === null || centered ? 1 : convolution.kernelHeight * convolution.kernelWidth;
  const variation = variationBehindWeights(signal.variation, {
    fanIn: area * signal.shape.channels,
    // Beyond the range of f64 biases do not count.
    kept: square === Number.POSITIVE_INFINITY ? 1 : square / (square + layer.shift),
    biased: layer.shift > 0,
  });
  const fullyConnected = convolution === null && gaussian && layer.shift === 0;
  return {
    ...base,
    energy,
    why: read.why,
    stream: convolution === null ? streamBehind(slope, shape.channels, gaussian && layer.shift === 0) : null,
    logSpread:
      fullyConnected && signal.logSpread !== null
        ? signal.logSpread + portableMath.log(1 + factorSpread(slope) / shape.channels)
        : null,
    variation: variationBehindActivation(variation, slope),
  };
}

/** n · Var(ξ) of what one fully connected layer of n Gaussian units multiplies the length by, relative to its mean: ReLU 5, linear 2. */
function factorSpread(slope: number): number {
  const square = slope * slope;
  return (6 * (1 + square * square)) / ((1 + square) * (1 + square)) - 1;
}

/** The units of a linear layer are uncorrelated and symmetric; behind ReLU the law is known for normal weights. */
function streamBehind(slope: number, width: number, normal: boolean): ReluStream | null {
  if (slope === 1) {
    return startStream({ cosine: 0, cosineSquare: 1 / width, positive: false, symmetric: true });
  }
  if (slope !== 0) return null;
  const stream = reluStream(width);
  return normal ? stream : { ...stream, exact: false };
}

/** Of symmetric numbers behind an activation: E[a(x)]²/E[a(x)²] is at most this; of normal ones it is this. */
function driftOf(slope: number, normal: boolean): number {
  return ((1 - slope) * (1 - slope)) / ((normal ? Math.PI : 2) * (1 + slope * slope));
}

function isHomogeneous(
  signal: KnownActivations,
  shape: TensorShape,
  convolution: Convolution | null,
): boolean {
  if (isFlat(shape) || convolution === null) return true;
  const pointwise = convolution.kernelHeight * convolution.kernelWidth === 1;
  return signal.homogeneous && convolution.stride === 1 && (pointwise || convolution.padding === 'circular');
}

const unknownMap =
  'behind a batch normalization the energy of single pixels is not known, and the next windows do not count all pixels alike';

/** The means over the windows of a convolution. */
function averaged(
  signal: KnownActivations,
  convolution: Convolution,
  centered: boolean,
): Pick<KnownActivations, 'energy' | 'why'> {
  const { energy, why, shape } = signal;
  if (energy === null) return { energy, why };
  const windows = windowsOf(convolution, shape.height, shape.width, centered);
  const lower = averageEnergy(energy.lower, windows);
  const upper = energy.upper === energy.lower ? lower : averageEnergy(energy.upper, windows);
  const known = lower.least === lower.greatest;
  if (!known) {
    return {
      energy: { lower: lower.least, upper: upper.greatest, estimate: null },
      why: why ?? unknownMap,
    };
  }
  const estimate =
    energy.estimate === energy.lower
      ? lower.least
      : energy.estimate && averageEnergy(energy.estimate, windows).least;
  return { energy: { lower: lower.least, upper: upper.greatest, estimate }, why };
}

/** A layer without weights that is no block. */
export function passPlain(
  signal: KnownActivations,
  layer: Exclude<Layer, { readonly kind: 'dense' | 'conv2d' | 'residual' }>,
  shape: TensorShape,
): KnownActivations {
  switch (layer.kind) {
    case 'flatten':
      return {
        ...signal,
        shape,
        energy: mapEnergy(signal.energy, flattenEnergy),
        homogeneous: true,
        // Single pixels have the mean 0 when all have one law.
        variation:
          signal.variation && !signal.homogeneous
            ? { ...signal.variation, mean: 'unknown' }
            : signal.variation,
      };
    case 'activation':
      return activate(signal, slopeOf(layer.activation));
    case 'batch-normalization':
      return normalize(signal);
    case 'average-pool':
    case 'max-pool':
      return pool(signal, layer.kind === 'max-pool', shape, {
        windowHeight: layer.window[0],
        windowWidth: layer.window[1],
        stride: layer.stride,
      });
    case 'global-average-pool': {
      const { height, width } = signal.shape;
      return pool(signal, false, shape, { windowHeight: height, windowWidth: width, stride: 1 });
    }
  }
}

const asymmetric = 'an activation by itself has an exact mean only where x is as likely as −x';

/** An activation behind a sum or a normalization: exact for symmetric laws, which it halves. */
function activate(signal: KnownActivations, slope: number): KnownActivations {
  if (slope === 1 || signal.positive) return signal;
  const after: KnownActivations = {
    ...signal,
    symmetric: false,
    fresh: false,
    parity: signal.parity === 'odd' ? 'neither' : signal.parity,
    drift: signal.fresh ? driftOf(slope, false) : 1,
    positive: slope === 0,
    stream: null,
    logSpread: null,
    variation: variationBehindActivation(signal.variation, slope),
  };
  const square = slope * slope;
  if (signal.symmetric) {
    return { ...after, energy: mapEnergy(signal.energy, (map) => scaleEnergy(map, (1 + square) / 2)) };
  }
  return {
    ...after,
    energy: signal.energy && {
      lower: scaleEnergy(signal.energy.lower, Math.min(1, square)),
      upper: scaleEnergy(signal.energy.upper, Math.max(1, square)),
      estimate: null,
    },
    why: signal.why ?? asymmetric,
  };
}

const maybeConstant =
  'a channel that ReLU made zero for the whole batch stays zero behind the batch normalization';

/** Mean square γ² + β² = 1 over the batch, channel by channel, where every channel varies: whatever came before it. */
function normalize(signal: KnownActivations): KnownActivations {
  const { shape, energy, homogeneous } = signal;
  const one = homogeneous ? uniformEnergy(shape.height * shape.width, 1) : meanEnergy(1);
  const none = scaleEnergy(one, 0);
  const why = signal.positive ? maybeConstant : whyNotNormalized(signal.variation, energy?.upper ?? null);
  return {
    ...signal,
    energy: { lower: why === null ? one : none, upper: one, estimate: one },
    why,
    drift: signal.fresh ? signal.drift : 1,
    positive: false,
    stream: null,
    logSpread: null,
    variation: why === null ? wholeVariation : null,
  };
}

/** Bounds: the square of a mean is at most the mean of the squares, and of numbers ≥ 0 at least their sum over area². */
function pool(signal: KnownActivations, max: boolean, shape: TensorShape, window: Pool): KnownActivations {
  const area = window.windowHeight * window.windowWidth;
  const { energy } = signal;
  const convolution: Convolution = {
    kernelHeight: window.windowHeight,
    kernelWidth: window.windowWidth,
    stride: window.stride,
    padding: 'valid',
  };
  const windows = averaged(signal, convolution, false);
  const after: KnownActivations = {
    ...signal,
    ...windows,
    shape,
    drift: 1,
    homogeneous: isFlat(shape),
    stream: null,
    logSpread: null,
    variation: variationBehindPool(signal.variation, { max, area }),
    ...(max ? { symmetric: false, fresh: false } : {}),
    parity: max && signal.parity === 'odd' ? 'neither' : signal.parity,
  };
  if (area === 1 || energy === null || windows.energy === null) return after;
  const least = signal.positive ? (max ? 1 : 1 / area) : 0;
  return {
    ...after,
    energy: {
      lower: scaleEnergy(windows.energy.lower, least),
      upper: scaleEnergy(windows.energy.upper, max ? area : 1),
      estimate: null,
    },
    why:
      signal.why ??
      (max
        ? 'the largest of a window has no closed form'
        : 'the pixels of a window depend on each other, and their average has no closed form'),
  };
}
