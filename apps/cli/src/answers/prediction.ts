/** What theory says of a net, gathered from the formulas, and as JSON. */
import {
  type BornDeadBounds,
  bornDeadBounds,
  type LengthPrediction,
  lengthTheory,
  predictLengths,
  predictLengthVariance,
  sumReciprocalWidths,
} from '@kindling/diagnostics';
import { effectiveVariance, type Initializer, needsData } from '@kindling/initializers';
import { type JsonValue, listText } from '@kindling/studies/text';
import type { NetworkChoice } from '../options/network-choice.js';

/** Theory's numbers for one net. */
export interface NetworkPrediction extends NetworkChoice {
  /** M₀, the mean square of the input. */
  readonly inputLength: number;
  readonly sumReciprocalWidths: number;
  readonly layers: readonly LengthPrediction[];
  /** E[V̂]; null where there is no formula. */
  readonly lengthVariance: number | null;
  readonly bornDead: BornDeadBounds;
  /** What has no formula, and why. */
  readonly notes: readonly string[];
}

/** Gathers them. @param inputLength M₀ > 0 */
export function predictNetwork(choice: NetworkChoice, inputLength: number): NetworkPrediction {
  const { widths, named } = choice;
  const { initializer } = named;
  const layers = predictLengths({ widths, initializer, inputLength });
  const lengthVariance = predictLengthVariance({ widths, initializer, inputLength });
  return {
    ...choice,
    inputLength,
    sumReciprocalWidths: sumReciprocalWidths(widths),
    layers,
    lengthVariance,
    bornDead: bornDeadBounds(initializer, widths),
    notes: notesOf(initializer, widths, lengthVariance),
  };
}

function notesOf(
  initializer: Initializer,
  widths: readonly number[],
  lengthVariance: number | null,
): readonly string[] {
  const theory = lengthTheory(initializer, widths);
  const missing: readonly (readonly [what: string, reason: true | string])[] = [
    ['formula for meanLength', theory.mean],
    ['formula for secondMoment', theory.secondMoment],
    ['formula for meanLogLength', theory.logLength],
    ['formula for lengthVarianceAcrossLayers', lengthVariance === null ? theory.secondMoment : true],
    ['bound on bornDead', theory.deadProbability],
  ];
  const byReason = new Map<string, string[]>();
  for (const [what, reason] of missing) {
    if (reason !== true) byReason.set(reason, [...(byReason.get(reason) ?? []), `no ${what}`]);
  }
  const reasons = [...byReason].map(([reason, what]) => {
    const text = listText(what).replaceAll(/(, | and )no formula for /g, '$1');
    return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}: ${reason}.`;
  });
  const assumed = theory.secondMoment === true && dependsOnDirection(initializer, widths);
  return assumed
    ? [
        ...reasons,
        'Second moments are for an input in a random direction: for weights that are not normal they depend on it.',
      ]
    : reasons;
}

/** True when more than the input's length matters: for independent weights with excess kurtosis. */
function dependsOnDirection(initializer: Initializer, [fanIn = 1, fanOut = 1]: readonly number[]): boolean {
  if (needsData(initializer)) return false;
  const { variance, excessKurtosis, dependence } = effectiveVariance(initializer, { fanIn, fanOut });
  return variance > 0 && dependence === 'independent' && excessKurtosis !== 0;
}

/** The answer of `kindling predict --json`. */
export function predictionJson(prediction: NetworkPrediction): JsonValue {
  const { layers, lengthVariance, bornDead, notes } = prediction;
  return {
    sumReciprocalWidths: prediction.sumReciprocalWidths,
    layers: layers.map(({ layer, width, mean, secondMoment, meanLog }) => ({
      layer,
      width,
      meanLength: mean,
      secondMoment,
      meanLogLength: meanLog,
    })),
    lengthVarianceAcrossLayers: lengthVariance,
    bornDead: boundsJson(bornDead),
    notes,
  };
}

/** Bounds as JSON; a missing one has no key. */
export function boundsJson({ lower, upper }: BornDeadBounds) {
  return lower === undefined ? { upper } : { lower, upper };
}
