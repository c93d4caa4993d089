/** What theory says of the lengths of figure 2: E[M_L] or its bounds, the error of a mean, and where the lengths level off. */
import { portableMath, residualScales } from '@kindling/core';
import { predictResidualLengths, type ResidualPrediction } from '@kindling/diagnostics';
import { predictedNet } from './nets.js';
import type { Figure2Spec } from './spec.js';

/** A mean length's logarithm: exact, or between bounds. */
export interface PredictedLength {
  readonly modules: number;
  readonly exact: boolean;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  /** E[M²]/E[M]²; null for ReLU modules, which have no closed form. */
  readonly relativeSecondMoment: number | null;
}

/** Behind 0 … `modules` modules. */
export function predictedCurve(spec: Figure2Spec, base: number, modules: number): readonly PredictedLength[] {
  const predictions = predictResidualLengths(predictedNet(spec, scalesOf(base, modules)));
  return [
    { modules: 0, exact: true, estimate: 0, lower: 0, upper: 0, relativeSecondMoment: 1 },
    ...predictions.map((prediction) => ({ modules: prediction.module, ...logsOf(prediction) })),
  ];
}

/** η_1 … η_L. */
export function scalesOf(base: number, modules: number): readonly number[] {
  return residualScales({ rule: 'power', base }, modules);
}

function logsOf({ logMean, logEstimate, logLower, logUpper, relativeSecondMoment }: ResidualPrediction) {
  return {
    exact: logMean !== null,
    // He weights have all three.
    estimate: logEstimate ?? Number.NaN,
    lower: logLower ?? Number.NaN,
    upper: logUpper ?? Number.NaN,
    relativeSecondMoment,
  };
}

/** √((E[M²]/E[M]² − 1)/trials), exact, of linear-ending modules; null for ReLU modules, whose second moment has no closed form. */
export function predictedRelativeError(
  { relativeSecondMoment }: PredictedLength,
  trials: number,
): number | null {
  return relativeSecondMoment === null ? null : Math.sqrt(Math.max(0, relativeSecondMoment - 1) / trials);
}

/** Most modules that are walked for a limit; the scales of bases that need more are as good as constant. */
const mostModulesForLimit = 20_000;
/** Scales below it add less than that to a logarithm, all together some 1/(1 − b) times as much. */
const negligibleScale = 1e-9;

/** The lengths for L → ∞; null where they grow without end, or nearly so. */
export function predictedLimit(spec: Figure2Spec, base: number): PredictedLength | null {
  if (base >= 1) return null;
  const modules = Math.ceil(portableMath.log(negligibleScale) / portableMath.log(base));
  return modules > mostModulesForLimit ? null : (predictedCurve(spec, base, modules).at(-1) ?? null);
}
