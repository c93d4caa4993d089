/** What was measured on random nets, beside what theory says, and as JSON. */
import type { LengthStatistics } from '@kindling/diagnostics';
import type { JsonValue } from '@kindling/studies';
import { boundsJson, type NetworkPrediction } from './prediction.js';

/** A probability that was measured. */
export interface MeasuredProbability {
  readonly probability: number;
  readonly standardError: number;
}

/** A measurement and its theory. */
export interface NetworkMeasurement {
  readonly prediction: NetworkPrediction;
  readonly statistics: LengthStatistics;
  /** Share of nets that are constant functions; null where none was looked for. */
  readonly bornDead: MeasuredProbability | null;
  readonly seed: number;
  /** Where the inputs come from; null where they are random directions. */
  readonly data: string | null;
}

function whyNoDead(method: LengthStatistics['method']): string {
  return method === 'exact-law'
    ? 'the exact law draws no nets'
    : 'not looked for: data decide over the net, or theory leaves no room for a dead one';
}

/** The answer of `kindling measure --json`. */
export function measurementJson({ prediction, statistics, bornDead, seed }: NetworkMeasurement): JsonValue {
  const { layers, trials, deadTrials, method, refusals } = statistics;
  return {
    sumReciprocalWidths: prediction.sumReciprocalWidths,
    layers: layers.map((layer) => ({
      layer: layer.layer,
      width: layer.width,
      meanLength: layer.meanLength,
      standardError: layer.standardError,
      secondMoment: layer.secondMoment,
      secondMomentStandardError: layer.secondMomentStandardError,
      meanLogLength: layer.meanLogLength,
      meanLogLengthStandardError: layer.meanLogLengthStandardError,
      deadTrials: layer.deadTrials,
    })),
    lengthVarianceAcrossLayers: statistics.lengthVarianceAcrossLayers,
    lengthVarianceStandardError: statistics.lengthVarianceStandardError,
    bornDead: { ...boundsJson(prediction.bornDead), measured: bornDead === null ? null : { ...bornDead } },
    trials,
    deadTrials,
    method,
    seed,
    refusals: [
      ...refusals.map(({ quantity, layers: refused, reason }) => ({
        quantity,
        // Of the net as a whole: of no layer.
        layers: refused.filter((layer) => layer > 0),
        reason,
      })),
      ...(bornDead === null ? [{ quantity: 'bornDead', layers: [], reason: whyNoDead(method) }] : []),
    ],
    notes: prediction.notes,
  };
}
