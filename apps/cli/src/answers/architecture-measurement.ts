/** What was measured on random nets of any architecture, beside what theory says: as it is told, and as JSON. */
import type { Engine, RandomKey } from '@kindling/core';
import { describeShape } from '@kindling/core';
import { type LengthMeans, measureNetworkStatistics, type NetworkStatistics } from '@kindling/diagnostics';
import { countOf, countText, type JsonValue, numberText } from '@kindling/studies/text';
import type { ArchitectureQuestion } from '../options/network-question.js';
import { questionText } from '../options/network-question.js';
import { bytesText } from '../output/bytes-text.js';
import { layerRanges } from '../output/layer-ranges.js';
import type { StepProgress } from '../progress/run-steps.js';
import { unitOf } from './architecture-headline.js';
import { type ArchitecturePrediction, predictArchitecture } from './architecture-prediction.js';
import { growthJson, jsonNotesOf, theoryJson } from './architecture-prediction-json.js';
import { growthFacts, inputText, meaningOf, theoryCurves } from './architecture-prediction-text.js';
import type { MeasurementView, TheoryView } from './measurement-view.js';

/** What is to be measured. */
export interface ArchitectureMeasurementRequest {
  readonly question: ArchitectureQuestion;
  readonly trials: number;
  readonly seed: number;
  readonly key: RandomKey;
  /** As many numbers as the net reads; null for random directions. */
  readonly input: readonly number[] | null;
}

/** A measurement and its theory. */
export interface ArchitectureMeasurement {
  readonly prediction: ArchitecturePrediction;
  /** Its lengths are relative to the input's. */
  readonly statistics: NetworkStatistics;
  readonly seed: number;
}

/** Runs the measurement. Yields how far it is. */
export function* measureArchitecture(
  engine: Engine,
  { question, trials, seed, key, input }: ArchitectureMeasurementRequest,
): Generator<StepProgress, ArchitectureMeasurement> {
  const prediction = predictArchitecture(question, input);
  const statistics = yield* measureNetworkStatistics(engine, {
    architecture: question.architecture,
    initializer: question.named.initializer,
    trials,
    key,
    ...(input === null ? { inputLength: prediction.meanSquare } : { input }),
  });
  return { prediction, statistics, seed };
}

/** Lengths for the input that was passed: means times M₀, their squares times its square, logarithms shifted. */
function absolute<Layer extends LengthMeans>(layer: Layer, inputLength: number): Layer {
  const times = (value: number | null, factor: number) => (value === null ? null : value * factor);
  const square = inputLength * inputLength;
  return {
    ...layer,
    meanLength: times(layer.meanLength, inputLength),
    standardError: times(layer.standardError, inputLength),
    predictedStandardError: times(layer.predictedStandardError, inputLength),
    secondMoment: times(layer.secondMoment, square),
    secondMomentStandardError: times(layer.secondMomentStandardError, square),
    predictedSecondMomentStandardError: times(layer.predictedSecondMomentStandardError, square),
    meanLogLength: layer.meanLogLength === null ? null : layer.meanLogLength + Math.log(inputLength),
  };
}

/** Everything that is told of it. */
export function architectureMeasurementView(measurement: ArchitectureMeasurement): MeasurementView {
  const { prediction, statistics, seed } = measurement;
  const { trials, deadTrials, memoryBytes, lengthVarianceAcrossLayers: across } = statistics;
  const { inputLength, named, family } = prediction;
  const unit = unitOf(prediction);
  const residual = family === 'residual';
  return {
    title: named.title,
    unit,
    inputLength,
    trials,
    layers: statistics.layers.map((layer, index) => ({
      leading: residual
        ? [numberText(prediction.layers[index]?.scale ?? 0)]
        : [...(family === 'general' ? [layer.kind] : []), describeShape(layer.shape)],
      found: absolute(layer, inputLength),
      theory: theoryOf(prediction, index),
    })),
    leadingColumns: residual ? ['η'] : [...(family === 'general' ? ['kind'] : []), 'output'],
    facts: [
      ['net', questionText(prediction)],
      ['initializer', named.title],
      ['trials', `${countOf(trials, 'net')}, seed ${seed}`],
      ['input', inputText(prediction)],
      ...growthFacts(prediction),
      [
        `across ${unit}s`,
        `variance of lengths ${across === null ? 'not told, see below' : numberText(across * inputLength * inputLength)}${prediction.lengthVariance === null ? '' : `; theory ${numberText(prediction.lengthVariance)}`}`,
      ],
      ...(deadTrials === 0
        ? []
        : [
            [
              'dead',
              `${countText(deadTrials)} of ${countOf(trials, 'net')} end at 0 for their input`,
            ] as const,
          ]),
      ['memory', `${bytesText(memoryBytes)}: one ${unit} at a time, whatever the depth`],
    ],
    curves: theoryCurves(prediction, ['theory, mean', 'theory, about']),
    refusals: statistics.refusals,
    remarks: [...prediction.notes, meaningOf(prediction)],
  };
}

function theoryOf(prediction: ArchitecturePrediction, index: number): TheoryView {
  const layer = prediction.layers[index];
  const bounded = layer?.mean === null && layer.logLower !== null && layer.logUpper !== null;
  return {
    mean: layer?.mean ?? layer?.estimate ?? null,
    logMean: layer?.logMean ?? layer?.logEstimate ?? null,
    logBounds: bounded ? [layer.logLower, layer.logUpper] : null,
    meanLog: null,
  };
}

/** The answer of `kindling measure --json`, for nets that are not fully connected. */
export function architectureMeasurementJson({
  prediction,
  statistics,
  seed,
}: ArchitectureMeasurement): JsonValue {
  const { inputLength, growth } = prediction;
  const square = inputLength * inputLength;
  const { layers, trials, deadTrials, refusals, memoryBytes } = statistics;
  const across = statistics.lengthVarianceAcrossLayers;
  const acrossError = statistics.lengthVarianceStandardError;
  return {
    sumReciprocalWidths: null,
    layers: layers.map((layer, index) => {
      const found = absolute(layer, inputLength);
      return {
        layer: layer.layer,
        width: layer.shape.channels,
        meanLength: found.meanLength,
        standardError: found.standardError,
        secondMoment: found.secondMoment,
        secondMomentStandardError: found.secondMomentStandardError,
        meanLogLength: found.meanLogLength,
        meanLogLengthStandardError: found.meanLogLengthStandardError,
        deadTrials: layer.deadTrials,
        path: layer.path,
        kind: layer.kind,
        shape: { ...layer.shape },
        ...theoryJson(prediction.layers[index]),
      };
    }),
    lengthVarianceAcrossLayers: across === null ? null : across * square,
    lengthVarianceStandardError: acrossError === null ? null : acrossError * square,
    bornDead: null,
    trials,
    deadTrials,
    method: 'matrices',
    seed,
    refusals: refusals.map(({ quantity, layers: refused, reason }) => ({
      quantity,
      // Of the net as a whole: of no layer.
      layers: layerRanges(refused.filter((layer) => layer > 0)),
      reason,
    })),
    inputLength,
    growth: growthJson(growth),
    notes: jsonNotesOf(prediction),
    memoryBytes,
  };
}
