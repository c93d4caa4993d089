/** The spectrum of a weight matrix beside that of a random one. */
import {
  deriveKey,
  type Engine,
  InvalidArgumentError,
  openStream,
  type RandomKey,
  rootKey,
} from '@kindling/core';
import {
  marchenkoPasturEdges,
  marchenkoPasturLaw,
  topEigenvalueLaw,
  tracyWidom,
} from './marchenko-pastur.js';
import { fitPowerLaw, type PowerLawFit } from './power-law.js';
import { singularValues } from './singular-values.js';
import { topOfTall } from './top-singular-value.js';
import { tallCopy, type WeightMatrix } from './weight-matrix.js';

/** What the spectrum shows. Eigenvalues are those of WᵀW/rows, W with at least as many rows as columns: s²/rows. */
export interface Spectrum {
  /** The longer side. */
  readonly rows: number;
  /** The shorter side. */
  readonly columns: number;
  /** Descending. */
  readonly singularValues: Float64Array;
  /** Mean square of the entries, spikes and all. */
  readonly meanSquare: number;
  /** The law of Marchenko and Pastur that fits the bulk: σ² by the median eigenvalue, which a few spikes do not move. */
  readonly bulk: {
    readonly variance: number;
    readonly lower: number;
    readonly upper: number;
    /** Largest distance between the shares of the eigenvalues and the law's. */
    readonly distance: number;
  };
  /** Eigenvalues above `spikeThreshold`, descending. */
  readonly spikes: readonly number[];
  /** Below it the largest eigenvalue of a random matrix of that variance lies in 99 % of cases. */
  readonly spikeThreshold: number;
  /** (λ_max − center)/scale of the largest eigenvalue's law: below 0.98 in 95 %, 2.02 in 99 % of random matrices. */
  readonly topDeviation: number;
  /** Σs²/s_max²: between 1 and the number of columns; NaN for a matrix of zeros. */
  readonly stableRank: number;
  /** Of the eigenvalues; `null` where there are fewer than ten. */
  readonly powerLaw: PowerLawFit | null;
}

/**
 * Takes the singular values and what follows from them. The bulk's variance is median(λ) over the median of the law with σ² = 1, and the
 * threshold of spikes is the 99 % point of Tracy and Widom's law at that variance (`topEigenvalueLaw`).
 *
 * @throws InvalidArgumentError as `singularValues`
 */
export function weightSpectrum(matrix: WeightMatrix): Spectrum {
  const found = singularValues(matrix);
  const [rows, columns] = [Math.max(matrix.rows, matrix.columns), Math.min(matrix.rows, matrix.columns)];
  const eigenvalues = found.map((value) => (value * value) / rows);
  const top = eigenvalues[0] as number;
  const total = eigenvalues.reduce((sum, value) => sum + value, 0);
  const aspect = rows / columns;
  const law = marchenkoPasturLaw(aspect);
  const middle =
    ((eigenvalues[Math.floor((columns - 1) / 2)] as number) +
      (eigenvalues[Math.floor(columns / 2)] as number)) /
    2;
  const variance = middle / law.quantile(0.5);
  const { center, scale } = topEigenvalueLaw(rows, columns);
  const spikeThreshold = variance * (center + tracyWidom.quantile99 * scale);
  let distance = 0;
  for (let i = 0; i < columns && variance > 0; i++) {
    const share = law.shareBelow((eigenvalues[columns - 1 - i] as number) / variance);
    distance = Math.max(distance, share - i / columns, (i + 1) / columns - share);
  }
  return {
    rows,
    columns,
    singularValues: found,
    meanSquare: total / columns,
    bulk: {
      variance,
      ...marchenkoPasturEdges(aspect, variance),
      distance: variance > 0 ? distance : Number.NaN,
    },
    spikes: Array.from(eigenvalues.filter((value) => value > spikeThreshold)),
    spikeThreshold,
    topDeviation: (top / variance - center) / scale,
    stableRank: total / top,
    powerLaw: fitPowerLaw(eigenvalues),
  };
}

/** What shuffling the entries says of the largest eigenvalue. */
export interface ShuffleTest {
  /** The matrix's. */
  readonly top: number;
  /** Of the shuffled ones, in the order in which they were drawn. */
  readonly shuffled: Float64Array;
  /** (1 + how many shuffled ones are at least as large)/(1 + shuffles): exact where any order of the entries is equally likely. */
  readonly pValue: number;
}

/** The settings of `shuffleTest`. */
export interface ShuffleTestOptions {
  /** Matrices with the same entries elsewhere; default 19, so that p is at least 0.05. */
  readonly shuffles?: number;
  /** Where the orders come from; default a fixed one. */
  readonly key?: RandomKey;
}

/** Any constant will do. */
const fixedKey = 0x73687566;

/**
 * Is the largest eigenvalue of WᵀW/rows larger than the entries by themselves would make it? The null keeps their law, whatever it is,
 * heavy tails too, and takes away their places. Takes some fifty products with the matrix a shuffle.
 *
 * @throws InvalidArgumentError as `singularValues`, and unless `shuffles` is an integer from 1 to 10,000
 */
export function shuffleTest(
  engine: Engine,
  matrix: WeightMatrix,
  { shuffles = 19, key = rootKey(fixedKey) }: ShuffleTestOptions = {},
): ShuffleTest {
  if (!Number.isInteger(shuffles) || shuffles < 1 || shuffles > 10_000) {
    throw new InvalidArgumentError(
      `shuffleTest: shuffles is ${shuffles}; expected an integer from 1 to 10,000`,
    );
  }
  const tall = tallCopy('shuffleTest', matrix);
  const { rows, columns, values } = tall;
  const eigenvalueOf = (entries: Float64Array) => {
    const top = topOfTall({ rows, columns, values: entries });
    return (top * top) / rows;
  };
  const top = eigenvalueOf(values);
  const shuffled = new Float64Array(shuffles);
  const entries = new Float64Array(values.length);
  for (let shuffle = 0; shuffle < shuffles; shuffle++) {
    const mark = engine.arena.mark();
    const order = engine.arena.allocate(4 * values.length);
    engine.kernels.fill_permutation(
      openStream(engine, deriveKey(key, fixedKey, shuffle)),
      values.length,
      order,
    );
    const from = engine.arena.words(order, values.length);
    for (let i = 0; i < entries.length; i++) entries[i] = values[from[i] as number] as number;
    engine.arena.release(mark);
    shuffled[shuffle] = eigenvalueOf(entries);
  }
  const atLeast = shuffled.filter((value) => value >= top).length;
  return { top, shuffled, pValue: (1 + atLeast) / (1 + shuffles) };
}
