/**
 * Which law do these weights follow? A question with two answers: a law of the catalog at the layer's fans that the numbers do not
 * contradict, or none, which is what training leaves behind.
 */
import { type Engine, InvalidArgumentError, portableMath } from '@kindling/core';
import type { InitializerName, LayerShape } from '@kindling/initializers';
import { type CandidateLaw, candidateLaws, signNames } from './candidate-laws.js';
import { testFreeScale } from './free-scale-test.js';
import type { KernelStructure } from './kernel-structure.js';
import { kolmogorovDistance, kolmogorovPValue } from './kolmogorov-smirnov.js';
import { kurtosisPValue } from './kurtosis-test.js';
import { type LawShape, type LikelihoodSums, lawShapes, shapeLogLikelihood } from './law-shape.js';
import { variancePValue } from './variance-test.js';
import type { WeightSample } from './weight-sample.js';

/** What weights follow, as far as their numbers tell. */
export type IdentifiedLaw =
  | {
      /** A law of the catalog at these fans. */
      readonly kind: 'catalog';
      /** All names that mean it on this layer, the most telling one first. */
      readonly names: readonly InitializerName[];
      readonly title: string;
      readonly shape: LawShape;
      /** Standard deviation that the law has here. */
      readonly deviation: number;
      readonly kolmogorovPValue: number;
      readonly variancePValue: number;
      readonly kurtosisPValue: number;
      /** Of the three tests together: min(1, three times the smallest) (Bonferroni). */
      readonly pValue: number;
      /** First names of other laws that these numbers do not contradict: too few to tell them apart. */
      readonly alsoPossible: readonly InitializerName[];
    }
  | {
      /** A shape of the catalog with a scale that is not. */
      readonly kind: 'shape';
      readonly shape: LawShape;
      readonly deviation: number;
      /** Of distribution and kurtosis together: min(1, twice the smaller one). */
      readonly pValue: number;
    }
  | {
      /** A law of the whole matrix (`identifyStructure`, which `identifyLaw` does not ask). */
      readonly kind: 'structure';
      readonly structure: KernelStructure;
      /** Its name in the catalog. */
      readonly names: readonly InitializerName[];
    }
  | { readonly kind: 'constant'; readonly value: number }
  | {
      /** One size with both signs. */
      readonly kind: 'signs';
      readonly size: number;
      /** Of the catalog, where one has this size at these fans. */
      readonly names: readonly InitializerName[];
    }
  | {
      /** Every law is contradicted: trained weights, or a law that is not known here. */
      readonly kind: 'unknown';
      /** The largest of all laws' p-values. */
      readonly pValue: number;
    }
  | { readonly kind: 'untested'; readonly reason: 'too-few' | 'not-finite' };

/** Fewer numbers contradict hardly anything. */
export const fewestTested = 20;

export interface IdentifyLawOptions {
  /** Fans of the layer; `null` tests the shapes with free scale only. */
  readonly fans: LayerShape | null;
  /**
   * A law is contradicted when its p-value is below this, > 0 and < 1; default 0.01. The true law is then called contradicted with this
   * probability, and only then are fresh weights called unknown: how many laws are tried does not matter to that. Of m tensors take
   * 0.01/m, and the chance that any of them is wronged is at most 0.01. What many laws cost is power: little changed weights may pass.
   */
  readonly level?: number;
  /** By how much of itself a number may pass a law's end: what rounding does. Default 2⁻²⁰; half precision needs 2⁻⁹, bfloat16 2⁻⁸. */
  readonly slack?: number;
}

/**
 * Tests every candidate law by its distribution (Kolmogorov-Smirnov), its variance and its kurtosis, and of those that are not contradicted takes
 * the likeliest. If there is none, the shapes with a scale of their own are tried (`testFreeScale`).
 *
 * @throws InvalidArgumentError for a level or slack out of range
 */
export function identifyLaw(
  engine: Engine,
  { sorted, notFinite }: WeightSample,
  { fans, level = 0.01, slack = 2 ** -20 }: IdentifyLawOptions,
): IdentifiedLaw {
  if (!(level > 0 && level < 1)) {
    throw new InvalidArgumentError(`identifyLaw: level is ${level}; expected a number between 0 and 1`);
  }
  if (!(slack >= 0 && slack < 1)) {
    throw new InvalidArgumentError(`identifyLaw: slack is ${slack}; expected 0 ≤ slack < 1`);
  }
  const count = sorted.length;
  const [least = Number.NaN, most = Number.NaN] = [sorted[0], sorted[count - 1]];
  if (notFinite > 0) return { kind: 'untested', reason: 'not-finite' };
  if (count > 0 && least === most) return { kind: 'constant', value: least };
  if (count < fewestTested) return { kind: 'untested', reason: 'too-few' };
  if (least === -most && sorted.every((value) => value === least || value === most)) {
    return { kind: 'signs', size: most, names: fans === null ? [] : signNames(fans, most, slack) };
  }
  const sums = sumsOf(sorted);
  const tested = (fans === null ? [] : candidateLaws(fans)).map((law) =>
    testLaw(engine, sorted, sums, law, level),
  );
  const accepted = tested
    .filter(({ pValue }) => pValue >= level)
    .map((test) => ({ ...test, likelihood: likelihoodOf(sums, test.law, slack) }))
    .filter(({ likelihood }) => likelihood > Number.NEGATIVE_INFINITY)
    .sort((a, b) => b.likelihood - a.likelihood);
  const [best, ...others] = accepted;
  if (best !== undefined) {
    const { law, likelihood: _, ...pValues } = best;
    const { names, title, shape, deviation } = law;
    const alsoPossible = others.flatMap((other) => other.law.names.slice(0, 1));
    return { kind: 'catalog', names, title, shape, deviation, ...pValues, alsoPossible };
  }
  const fits = lawShapes
    .map((shape) => {
      const fit = testFreeScale(engine, sorted, shape);
      const tails = kurtosisPValue(engine, sorted, shape);
      return { ...fit, pValue: Math.min(1, 2 * Math.min(fit.pValue, tails)) };
    })
    .map((fit) => ({ fit, likelihood: likelihoodOf(sums, fit, slack) }));
  const fitting = fits
    .filter(({ fit, likelihood }) => fit.pValue >= level && likelihood > Number.NEGATIVE_INFINITY)
    .sort((a, b) => b.likelihood - a.likelihood)[0];
  if (fitting !== undefined) return { kind: 'shape', ...fitting.fit };
  const pValue = [...tested, ...fits.map(({ fit }) => fit)].reduce(
    (largest, test) => Math.max(largest, test.pValue),
    0,
  );
  return { kind: 'unknown', pValue };
}

/** One law against a sample. */
export interface LawTest {
  readonly law: CandidateLaw;
  readonly kolmogorovPValue: number;
  readonly variancePValue: number;
  readonly kurtosisPValue: number;
  readonly pValue: number;
}

/**
 * Distribution, variance and kurtosis of a sample against one law.
 *
 * @param level below it p is told by the variance alone where that is enough
 */
export function testLaw(
  engine: Engine,
  sorted: Float64Array,
  sums: LikelihoodSums,
  law: CandidateLaw,
  level: number,
): LawTest {
  const { shape, deviation } = law;
  const count = sorted.length;
  const variance = variancePValue(sums.squares / (count * deviation * deviation), count, shape);
  // Sure of its contradiction, the cheap test spares the dear ones.
  if (3 * variance < level) {
    const rest = { kolmogorovPValue: 0, kurtosisPValue: 0, pValue: 3 * variance };
    return { law, variancePValue: variance, ...rest };
  }
  const distribution = kolmogorovPValue(kolmogorovDistance(sorted, shape, deviation), count);
  const tails = kurtosisPValue(engine, sorted, shape);
  return {
    law,
    variancePValue: variance,
    kolmogorovPValue: distribution,
    kurtosisPValue: tails,
    pValue: Math.min(1, 3 * Math.min(variance, distribution, tails)),
  };
}

/** What likelihoods ask of a sample. @param sorted ascending */
export function sumsOf(sorted: Float64Array): LikelihoodSums {
  let [squares, sizes] = [0, 0];
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i] as number;
    squares += value * value;
    sizes += Math.abs(value);
  }
  const largest = Math.max(-(sorted[0] ?? 0), sorted[sorted.length - 1] ?? 0);
  return { count: sorted.length, squares, sizes, largest };
}

/** Log-likelihood up to what all laws share. */
function likelihoodOf(
  { count, squares, sizes, largest }: LikelihoodSums,
  { shape, deviation }: { readonly shape: LawShape; readonly deviation: number },
  slack: number,
): number {
  const scaled = {
    count,
    squares: squares / (deviation * deviation),
    sizes: sizes / deviation,
    largest: largest / deviation,
  };
  return shapeLogLikelihood(shape, scaled, slack) - count * portableMath.log(deviation);
}
