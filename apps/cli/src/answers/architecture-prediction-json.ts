/** What theory says of a net of any architecture, as JSON. */
import { type JsonValue, listText } from '@kindling/studies/text';
import type { ArchitecturePrediction, PredictedGrowth, PredictedLayer } from './architecture-prediction.js';

/** The answer of `kindling predict --json`, for nets that are not fully connected. */
export function architecturePredictionJson(prediction: ArchitecturePrediction): JsonValue {
  const { inputLength, layers, lengthVariance, growth } = prediction;
  return {
    sumReciprocalWidths: null,
    layers: layers.map(layerJson),
    lengthVarianceAcrossLayers: lengthVariance,
    bornDead: null,
    inputLength,
    growth: growthJson(growth),
    notes: jsonNotesOf(prediction),
  };
}

/** One layer with the keys of fully connected nets first. */
function layerJson({ shape, ...layer }: PredictedLayer) {
  return {
    layer: layer.layer,
    width: shape.channels,
    meanLength: layer.mean,
    secondMoment: layer.secondMoment,
    meanLogLength: null,
    path: layer.path,
    kind: layer.kind,
    shape: { ...shape },
    ...theoryJson(layer),
  };
}

/** What theory says of a layer beside its moments; null where it says nothing. */
export function theoryJson(layer: Omit<PredictedLayer, 'shape'> | undefined) {
  return {
    scale: layer?.scale ?? null,
    keptShare: layer?.kept ?? null,
    lowerBound: layer?.lower ?? null,
    logLowerBound: layer?.logLower ?? null,
    upperBound: layer?.upper ?? null,
    logUpperBound: layer?.logUpper ?? null,
    estimate: layer?.estimate ?? null,
    logEstimate: layer?.logEstimate ?? null,
  };
}

/** Why keys are null: what the text says, and what only a program can miss. */
export function jsonNotesOf({ notes, layers, lengthVariance }: ArchitecturePrediction): readonly string[] {
  const without = layers.find(({ mean, secondMoment }) => mean !== null && secondMoment === null);
  const variance = lengthVariance === null ? 'lengthVarianceAcrossLayers' : null;
  const second = without === undefined ? null : `secondMoment from layer ${without.layer} on`;
  const missing = [second, variance].filter((what) => what !== null);
  return [
    ...notes,
    ...(missing.length === 0
      ? []
      : [
          `No formula for ${listText(missing)}: they are known of dense layers, and of residual blocks that end in a linear one, with normal weights and zero biases.`,
        ]),
    'No formula for sumReciprocalWidths, meanLogLength and bornDead: they are known of fully connected ReLU nets; measure tells meanLogLength.',
  ];
}

/** Sums of the scales as JSON. */
export function growthJson(growth: PredictedGrowth | null) {
  if (growth === null) return null;
  const { sum, sumOfSquares, decisive, limit, logBound, logSecondMomentBound } = growth;
  return {
    sum,
    sumOfSquares,
    decisive,
    limit,
    bounded: limit === null ? null : Number.isFinite(limit),
    logBound,
    logSecondMomentBound,
  };
}
