/** Which law with a density describes weights best, by likelihood: for weights that no initializer's law explains. */
import { portableMath } from '@kindling/core';
import { powerOfTwoNear } from '../../measure/power-of-two.js';
import type { WeightSample } from '../weight-sample.js';
import type { DensityLaw } from './density-law.js';
import { fitGeneralizedNormal } from './fit-generalized-normal.js';
import { fitLaplace, fitNormal, fitUniform } from './fit-plain-laws.js';
import { fitStudentT } from './fit-student-t.js';
import type { FittedSample, LikelyLaw } from './law-fit.js';

/** A fit with what compares it to others. */
export interface LawFit extends LikelyLaw {
  /** 2k − 2 log L of k fitted numbers (Akaike 1974). Small is good. */
  readonly aic: number;
  /** k log n − 2 log L (Schwarz 1978). */
  readonly bic: number;
  /** AIC above the best law's: below 2 as good as the best, above 10 hardly tenable (Burnham & Anderson 2002). */
  readonly deltaAic: number;
}

/** Why no law with a density was fitted. `ties`: some value makes up a tenth of the numbers, as zeros of pruned weights do. */
export type FitRefusalCode = 'not-finite' | 'too-few' | 'constant' | 'few-values' | 'ties';

/** All fits, or why there are none. */
export type LawFits =
  | {
      readonly kind: 'fitted';
      /** Numbers that were fitted. */
      readonly count: number;
      /** All five, by AIC, the best first. */
      readonly fits: readonly [LawFit, ...LawFit[]];
    }
  | { readonly kind: 'refused'; readonly code: FitRefusalCode; readonly reason: string };

/** Three fitted numbers need more than a handful. */
const fewestFitted = 20;
const fewestDistinct = 16;
const mostTied = 0.1;

const fitters = [fitNormal, fitLaplace, fitStudentT, fitGeneralizedNormal, fitUniform] as const;

/**
 * Fits normal, Laplace, Student-t, generalized normal and uniform laws by maximum likelihood, location and scale free, and orders them by AIC.
 * A density needs numbers that differ: where a value is repeated often, likelihoods of laws with a free shape have no bound or mean nothing, and
 * the sample is refused.
 *
 * What AIC can tell: of normal numbers a law with one more number wins by chance where twice its gain passes 2, in P(χ²₁ > 2) = 16 % of
 * samples, however large; read ΔAIC, not only the first name. The uniform law is not regular, and its AIC stands for contrast. Takes
 * 65,536 numbers in about a second.
 */
export function fitLaws({ sorted, notFinite }: Pick<WeightSample, 'sorted' | 'notFinite'>): LawFits {
  const refusal = refusalOf(sorted, notFinite);
  if (refusal !== null) return { kind: 'refused', ...refusal };
  const count = sorted.length;
  const unit = powerOfTwoNear(Math.max(-(sorted[0] as number), sorted[count - 1] as number));
  const sample = sampleOf(sorted.map((value) => value / unit));
  const likely = fitters.map((fit) => inUnits(fit(sample), unit, count));
  const ordered = likely
    .map((fit) => {
      const fitted = fit.law.shape === null ? 2 : 3;
      return {
        ...fit,
        aic: 2 * fitted - 2 * fit.logLikelihood,
        bic: fitted * portableMath.log(count) - 2 * fit.logLikelihood,
      };
    })
    .sort((a, b) => a.aic - b.aic);
  const least = ordered[0]?.aic ?? Number.NaN;
  const fits = ordered.map((fit) => ({ ...fit, deltaAic: fit.aic - least }));
  return { kind: 'fitted', count, fits: fits as [LawFit, ...LawFit[]] };
}

function sampleOf(sorted: Float64Array): FittedSample {
  const count = sorted.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += sorted[i] as number;
  const median =
    ((sorted[Math.floor((count - 1) / 2)] as number) + (sorted[Math.floor(count / 2)] as number)) / 2;
  return { sorted, mean: sum / count, median };
}

function inUnits(
  { law, logLikelihood, standardErrors, atEnd }: LikelyLaw,
  unit: number,
  count: number,
): LikelyLaw {
  const scaled: DensityLaw = { ...law, location: law.location * unit, scale: law.scale * unit };
  const { location, scale, shape } = standardErrors;
  return {
    law: scaled,
    logLikelihood: logLikelihood - count * portableMath.log(unit),
    standardErrors: {
      location: location === null ? null : location * unit,
      scale: scale === null ? null : scale * unit,
      shape,
    },
    atEnd,
  };
}

function refusalOf(
  sorted: Float64Array,
  notFinite: number,
): { readonly code: FitRefusalCode; readonly reason: string } | null {
  const count = sorted.length;
  if (notFinite > 0) return { code: 'not-finite', reason: `${notFinite} numbers are NaN or infinite` };
  if (count > 0 && sorted[0] === sorted[count - 1]) {
    return { code: 'constant', reason: 'all numbers are equal' };
  }
  if (count < fewestFitted) {
    return { code: 'too-few', reason: `${count} numbers; a fit needs at least ${fewestFitted}` };
  }
  let [distinct, run, longest] = [1, 1, 1];
  for (let i = 1; i < count; i++) {
    run = sorted[i] === sorted[i - 1] ? run + 1 : 1;
    if (run === 1) distinct++;
    longest = Math.max(longest, run);
  }
  if (distinct < fewestDistinct) {
    return { code: 'few-values', reason: `${distinct} different numbers only; a density needs more` };
  }
  if (longest > mostTied * count) {
    const share = Math.round((100 * longest) / count);
    return { code: 'ties', reason: `${share} % of the numbers are one value; a density has none twice` };
  }
  return null;
}
