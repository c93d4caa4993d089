/** A measured fully connected net as it is told. */
import { countOf, countText, numberText } from '@kindling/studies/text';
import { networkText } from '../options/network-choice.js';
import type { Fact } from '../output/facts-text.js';
import { probabilityText } from '../output/probability-text.js';
import type { NetworkMeasurement } from './measurement.js';
import type { MeasurementView } from './measurement-view.js';
import { boundsText, meanLogs, typicalLogs } from './prediction-text.js';

/** Everything that is told of it. */
export function denseMeasurementView(measurement: NetworkMeasurement): MeasurementView {
  const { prediction, statistics } = measurement;
  return {
    title: prediction.named.title,
    unit: 'layer',
    inputLength: prediction.inputLength,
    trials: statistics.trials,
    layers: statistics.layers.map((found, index) => {
      const theory = prediction.layers[index];
      return {
        leading: [countText(found.width)],
        found,
        theory: {
          mean: theory?.mean ?? null,
          logMean: theory?.mean == null ? null : Math.log(theory.mean),
          logBounds: null,
          meanLog: theory?.meanLog ?? null,
        },
      };
    }),
    leadingColumns: ['width'],
    facts: factsOf(measurement),
    curves: [
      { label: 'theory, mean', logs: meanLogs(prediction), style: 'line' },
      { label: 'typical', logs: typicalLogs(prediction), style: 'dashes' },
    ],
    refusals: statistics.refusals,
    remarks: prediction.notes,
  };
}

function factsOf({ prediction, statistics, bornDead, seed, data }: NetworkMeasurement): readonly Fact[] {
  const { named, widths, sumReciprocalWidths, lengthVariance, inputLength } = prediction;
  const { trials, deadTrials, method, lengthVarianceAcrossLayers: measured } = statistics;
  const inputs =
    data ??
    `random directions${Math.abs(inputLength - 1) < 1e-6 ? '' : ` of length ${numberText(inputLength)}`}`;
  return [
    ['net', networkText(widths)],
    ['initializer', named.title],
    ['trials', `${countOf(trials, 'net')} by ${methodTexts[method]}, seed ${seed}`],
    ['inputs', inputs],
    ['S = Σ 1/width', numberText(sumReciprocalWidths)],
    [
      'across layers',
      `variance of lengths ${measured === null ? 'not told, see below' : numberText(measured)}${lengthVariance === null ? '' : `; theory ${numberText(lengthVariance)}`}`,
    ],
    ['dead', `${countText(deadTrials)} of ${countOf(trials, 'net')} end at 0 for their input`],
    [
      'born dead',
      `${bornDead === null ? '' : `${probabilityText(bornDead.probability)} measured; theory: `}${boundsText(prediction.bornDead)}`,
    ],
  ];
}

const methodTexts = {
  matrices: 'drawing their matrices',
  'exact-law': 'the exact law, without matrices',
} as const;
