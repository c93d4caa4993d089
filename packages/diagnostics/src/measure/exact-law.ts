/**
 * Lengths by their exact law, without matrices. Given the length M of a layer of width n, independent normal weights and
 * normal or zero biases make the n′ pre-activations of the next independent normals of variance v = Var(w)·n·M + Var(b), so
 *
 *     M′ = (v / n′) Σ ReLU(z_k)²,  z_k standard normal:
 *
 * n′ random numbers a layer instead of n·n′. The square sum of the positive among n′ normals is χ²_K with K ~ Binomial(n′, ½).
 */
import { type Engine, InvalidArgumentError, type Pointer, type RandomKey } from '@kindling/core';
import { effectiveVariance, hasZeroBiases, type Initializer } from '@kindling/initializers';
import { hasNormalWeights } from '../theory/length-law.js';
import { checkWidths } from './check-sizes.js';
import { widest } from './drawn-layers.js';
import type { LengthMeasurement } from './length-walk.js';
import { checkTrials } from './measurement-progress.js';
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

/** Numbers that one call of the kernel writes: 64 kB. */
const numbersPerCall = 8192;

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

/** The settings of `sampleManyLengths`. */
export interface SampleManyLengthsOptions extends SampleLengthsOptions {
  /** Nets: an integer ≥ 1. Net i is that of `sampleLengths` under deriveKey(key, trial, i). */
  readonly nets: number;
}

/**
 * log(M_j / M₀) of every layer of `nets` random nets by their exact law, natural; −Infinity where a layer is dead. Element i·d + j − 1 is
 * layer j of net i, the number that `sampleLengths` gives, drawn without leaving the kernels.
 *
 * @returns nets × d numbers, d = widths.length − 1; 8 bytes each
 * @throws InvalidArgumentError as `sampleLengths`, and for a number of nets that cannot be
 */
export function sampleManyLengths(
  engine: Engine,
  options: SampleManyLengthsOptions,
): Float64Array<ArrayBuffer> {
  const { key, nets } = options;
  const { arena, kernels } = engine;
  const mark = arena.mark();
  try {
    const { layers, table, inputLength, room, results } = allocateLaw(engine, 'sampleManyLengths', options);
    checkTrials('sampleManyLengths', nets);
    // Nets a call: so that the kernels' memory does not grow with their number.
    const most = Math.max(1, Math.floor(numbersPerCall / layers));
    const out = arena.allocate(8 * most * layers);
    const logLengths = new Float64Array(nets * layers);
    for (let first = 0; first < nets; first += most) {
      const count = Math.min(most, nets - first);
      kernels.exact_lengths(
        ...key,
        ...([first, count, layers, table, inputLength, room, results, out] as const),
      );
      logLengths.set(arena.doubles(out, count * layers), first * layers);
    }
    return logLengths;
  } finally {
    arena.release(mark);
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
  options: Omit<SampleLengthsOptions, 'key'>,
): LengthSampler {
  const { layers, table, inputLength, room, results } = allocateLaw(engine, caller, options);
  const { arena, kernels } = engine;
  return (key) => {
    kernels.exact_length(...key, ...([layers, table, inputLength, room, results] as const));
    const values = arena.doubles(results, 2 * layers);
    const lengths: number[] = [];
    const logLengths: number[] = [];
    for (let layer = 0; layer < layers; layer++) {
      const [ratio = Number.NaN, exponent = Number.NaN] = values.subarray(2 * layer, 2 * layer + 2);
      lengths.push(ratio * powerOfTwo(exponent));
      logLengths.push(kernels.log_f64(ratio) + exponent * Math.LN2);
    }
    return { lengths, logLengths };
  };
}

/** What the kernels `exact_length` and `exact_lengths` ask for beside keys. */
interface LawRoom {
  readonly layers: number;
  readonly table: Pointer;
  readonly inputLength: number;
  readonly room: Pointer;
  readonly results: Pointer;
}

/** Bytes of a layer in the kernels' table: Var(w)·fan-in, Var(b), the width. */
const rowBytes = 24;

function allocateLaw(
  { arena }: Engine,
  caller: string,
  { widths, initializer, inputLength = 1 }: Omit<SampleLengthsOptions, 'key'>,
): LawRoom {
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
  const layers = widths.length - 1;
  const table = arena.allocate(rowBytes * layers);
  const doubles = arena.doubles(table, (rowBytes / 8) * layers);
  const words = arena.words(table, (rowBytes / 4) * layers);
  widths.slice(1).forEach((width, layer) => {
    const fanIn = widths[layer] ?? 0;
    const { variance, biasVariance } = effectiveVariance(initializer, { fanIn, fanOut: width });
    doubles.set([variance * fanIn, biasVariance], (rowBytes / 8) * layer);
    words.set([width, 0], (rowBytes / 4) * layer + 4);
  });
  const room = arena.allocateFloats(widest(widths));
  return { layers, table, inputLength, room, results: arena.allocate(16 * layers) };
}

function describe(initializer: Initializer): string {
  if (initializer.kind !== 'layerwise') return `"${initializer.kind}"`;
  const name = (law: { readonly kind: string; readonly distribution?: string }) =>
    law.distribution ?? law.kind;
  return `${name(initializer.weights)} weights and ${name(initializer.biases)} biases`;
}
