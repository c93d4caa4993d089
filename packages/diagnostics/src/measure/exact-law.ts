/**
 * Lengths by their exact law, without matrices. Given the length M of a layer of width n, independent normal weights and
 * normal or zero biases make the n′ pre-activations of the next independent normals of variance v = Var(w)·n·M + Var(b), so
 *
 *     M′ = (v / n′) Σ ReLU(z_k)²,  z_k standard normal:
 *
 * n′ random numbers a layer instead of n·n′. The square sum of the positive among n′ normals is χ²_K with K ~ Binomial(n′, ½).
 */
import {
  deriveKey,
  type Engine,
  InvalidArgumentError,
  keyPurpose,
  openStream,
  type Pointer,
  type RandomKey,
  type Stream,
} from '@kindling/core';
import { effectiveVariance, hasZeroBiases, type Initializer } from '@kindling/initializers';
import { hasNormalWeights } from '../theory/length-law.js';
import { checkWidths } from './check-sizes.js';
import { widest } from './drawn-layers.js';
import type { LengthMeasurement } from './length-walk.js';
import { powerOfTwo } from './power-of-two.js';

/** The settings of `sampleLengths`. */
export interface SampleLengthsOptions {
  /** The input's width, then every ReLU layer's. */
  readonly widths: readonly number[];
  /** Normal weights of any variance, not truncated; zero or normal biases. */
  readonly initializer: Initializer;
  readonly key: RandomKey;
  /** M₀ > 0, default 1: matters with biases only. */
  readonly inputLength?: number | undefined;
}

/** Draws the lengths of the net of a key. */
export type LengthSampler = (key: RandomKey) => LengthMeasurement;

/** An index that no layer has: what is sampled is independent of the matrices of the same key. */
const samplingKey = [keyPurpose.weights, 0xffffffff] as const;

/** Lengths beyond 2^±400 are brought back; f64 ends at 2^±1022. */
const farBits = 400;
const farLength = powerOfTwo(farBits);

/**
 * Draws M_1 … M_d of a random net by their exact law: the same law as `measureLengths`, other numbers.
 *
 * @throws InvalidArgumentError where the law does not hold, for bad widths and for an input length that is not positive
 */
export function sampleLengths(engine: Engine, options: SampleLengthsOptions): LengthMeasurement {
  const mark = engine.arena.mark();
  try {
    return openLengthSampler(engine, 'sampleLengths', options)(options.key);
  } finally {
    engine.arena.release(mark);
  }
}

/** Whether the lengths of such nets follow the exact law of `sampleLengths`. */
export function hasExactLaw(initializer: Initializer): boolean {
  if (initializer.kind !== 'layerwise' || !hasNormalWeights(initializer)) return false;
  if (hasZeroBiases(initializer)) return true;
  const { biases } = initializer;
  return 'distribution' in biases && biases.distribution === 'normal';
}

/**
 * Room for sampling: the caller marks and releases.
 *
 * @throws InvalidArgumentError as `sampleLengths`
 */
export function openLengthSampler(
  engine: Engine,
  caller: string,
  { widths, initializer, inputLength = 1 }: Omit<SampleLengthsOptions, 'key'>,
): LengthSampler {
  checkWidths(caller, widths);
  if (!hasExactLaw(initializer)) {
    throw new InvalidArgumentError(
      `${caller}: the exact law needs normal weights and zero or normal biases; got ${describe(initializer)} — draw matrices instead`,
      { details: { kind: initializer.kind } },
    );
  }
  if (!(inputLength > 0 && Number.isFinite(inputLength))) {
    throw new InvalidArgumentError(
      `${caller}: inputLength is ${inputLength}; expected a finite number above 0`,
    );
  }
  const { arena } = engine;
  const variances = widths.slice(1).map((width, index): LayerVariance => {
    const fanIn = widths[index] ?? 0;
    const { variance, biasVariance } = effectiveVariance(initializer, { fanIn, fanOut: width });
    return { width, throughWeights: variance * fanIn, biasVariance };
  });
  const room = arena.allocateFloats(widest(widths));
  return (key) => {
    const mark = arena.mark();
    try {
      return sample(engine, variances, inputLength, room, openStream(engine, deriveKey(key, ...samplingKey)));
    } finally {
      arena.release(mark);
    }
  };
}

interface LayerVariance {
  readonly width: number;
  /** Var(w) · fan-in. */
  readonly throughWeights: number;
  readonly biasVariance: number;
}

function sample(
  { kernels }: Engine,
  layers: readonly LayerVariance[],
  inputLength: number,
  room: Pointer,
  stream: Stream,
): LengthMeasurement {
  const lengths: number[] = [];
  const logLengths: number[] = [];
  /** M_j = stored · 2^exponent. */
  let stored = inputLength;
  let exponent = 0;
  for (const { width, throughWeights, biasVariance } of layers) {
    kernels.fill_normal(stream, width, room, 1);
    const biases = biasVariance === 0 ? 0 : biasVariance * powerOfTwo(-exponent);
    stored = ((throughWeights * stored + biases) / width) * kernels.positive_square_sum(width, room);
    if (stored === 0) {
      // A dead layer has no scale; 0 · ∞ would have no value.
      lengths.push(0);
      logLengths.push(Number.NEGATIVE_INFINITY);
      exponent = 0;
      continue;
    }
    lengths.push((stored / inputLength) * powerOfTwo(exponent));
    logLengths.push(kernels.log_f64(stored / inputLength) + exponent * Math.LN2);
    const shift = stored > farLength ? farBits : stored < 1 / farLength ? -farBits : 0;
    stored *= powerOfTwo(-shift);
    exponent += shift;
  }
  return { lengths, logLengths };
}

function describe(initializer: Initializer): string {
  if (initializer.kind !== 'layerwise') return `"${initializer.kind}"`;
  const name = (law: { readonly kind: string; readonly distribution?: string }) =>
    law.distribution ?? law.kind;
  return `${name(initializer.weights)} weights and ${name(initializer.biases)} biases`;
}
