/** A measurement for the terminal: what it comes to, the numbers beside theory's, and a plot of both. */
import { countOf, countText, numberText } from '@kindling/studies';
import { networkText } from '../options/network-choice.js';
import { chosenLayers } from '../output/chosen-layers.js';
import { type Fact, factsText, headlineText, remarksText } from '../output/facts-text.js';
import { lengthPlot } from '../output/length-plot.js';
import type { Output } from '../output/output.js';
import { probabilityText } from '../output/probability-text.js';
import { tableText } from '../output/table-text.js';
import { proseColumns } from '../output/wrap-text.js';
import { cellText, typicalText } from './length-text.js';
import type { NetworkMeasurement } from './measurement.js';
import { boundsText, meanLogs, plainPlotColumns, typicalLogs } from './prediction-text.js';

/** The whole answer, ending in a newline. */
export function measurementText(measurement: NetworkMeasurement, { colors, columns }: Output): string {
  const room = proseColumns(columns());
  const { prediction, statistics } = measurement;
  const { inputLength } = prediction;
  const { layers } = statistics;
  const plot = lengthPlot(
    [
      { label: 'theory, mean', logs: meanLogs(prediction), style: 'line' },
      { label: 'typical', logs: typicalLogs(prediction), style: 'dashes' },
      {
        label: 'measured, mean',
        logs: [
          Math.log10(inputLength),
          ...layers.map(({ meanLength }) => (meanLength === null ? Number.NaN : Math.log10(meanLength))),
        ],
        style: 'dots',
      },
      {
        label: 'typical',
        logs: [
          Math.log10(inputLength),
          ...layers.map((layer) => (measuredTypical(layer, statistics.trials) ?? Number.NaN) / Math.LN10),
        ],
        style: 'rings',
      },
    ],
    columns() ?? plainPlotColumns,
    colors,
  );
  const remarks = [
    ...statistics.refusals.map(refusalText),
    ...(layers.some(({ meanLogLength }) => meanLogLength !== null)
      ? ['×/÷: by this factor a typical length may be off, one standard error.']
      : []),
    ...prediction.notes,
  ];
  return [
    headlineText(headlineOf(measurement), room, colors),
    factsText(factsOf(measurement), room, colors),
    `\n${tableText(layerTable(measurement), columns() ?? Number.POSITIVE_INFINITY, colors)}`,
    plot === '' ? '' : `\n${colors.bold('Length by layer')}\n${plot}`,
    remarks.length === 0 ? '' : `\n${remarksText(remarks, room)}`,
  ].join('');
}

/** Why a number is not told, and in which layers. */
function refusalText({ layers, reason }: NetworkMeasurement['statistics']['refusals'][number]): string {
  // What is of no layer has none, or that of the input.
  const [first = 0] = layers;
  const last = layers.at(-1) ?? 0;
  if (first === 0) return `${reason}.`;
  return first === last ? `Layer ${first} – ${reason}.` : `Layers ${first} to ${last} – ${reason}.`;
}

/** A measurement this many standard errors from theory is worth a word. */
const notableDeviation = 4;

/** Of fewer nets alive the typical length is an anecdote. */
const fewestAlive = 10;

type MeasuredLayer = NetworkMeasurement['statistics']['layers'][number];

/** The typical length, where enough nets are alive. */
function measuredTypical(layer: MeasuredLayer | undefined, trials: number): number | null {
  return layer === undefined || trials - layer.deadTrials < fewestAlive ? null : layer.meanLogLength;
}

/** What a typical length is multiplied and divided by for one standard error of its logarithm. */
function errorFactor(layer: MeasuredLayer | undefined, trials: number): number | null {
  const error = layer?.meanLogLengthStandardError ?? null;
  return error === null || measuredTypical(layer, trials) === null ? null : Math.exp(error);
}

function headlineOf({ prediction, statistics }: NetworkMeasurement): string {
  const { named } = prediction;
  const { trials, layers } = statistics;
  const last = layers.at(-1);
  const theory = prediction.layers.at(-1);
  const nets = countOf(trials, 'net');
  if (last === undefined) return '';
  const start = `${named.title}: after ${countOf(layers.length, 'layer')}`;
  if (last.deadTrials === trials)
    return `${start} ${trials === 1 ? 'the only net is' : `all ${nets} are`} dead.`;
  if (last.meanLength === null) {
    const alive = trials - last.deadTrials;
    if (last.meanLogLength === null || alive < fewestAlive) {
      const left = last.deadTrials === 0 ? `${nets} are` : `${countText(alive)} of ${nets} alive are`;
      return `${start} lengths cannot be told: ${left} too few.`;
    }
    const predicted =
      theory?.meanLog === null || theory === undefined ? '' : `; theory says ${typicalText(theory.meanLog)}`;
    const factor = errorFactor(last, trials);
    const error = factor === null ? '' : ` (×/÷ ${numberText(factor)})`;
    return `${start} a typical length is ${typicalText(last.meanLogLength)}${error}${predicted}. ${nets} are too few for the mean.`;
  }
  const error = last.standardError === null ? '' : ` ± ${numberText(last.standardError, 2)}`;
  const found = `${start} the mean length of ${nets} is ${numberText(last.meanLength)}${error}`;
  const mean = theory?.mean ?? null;
  if (mean === null) return `${found}; theory has no formula.`;
  const deviation =
    (last.meanLength - mean) / (last.predictedStandardError ?? last.standardError ?? Number.NaN);
  const away =
    Math.abs(deviation) > notableDeviation
      ? `, ${numberText(Math.abs(deviation), 2)} standard errors away`
      : '';
  return `${found}; theory says ${numberText(mean)}${away}.`;
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

function layerTable({ prediction, statistics: { layers, trials } }: NetworkMeasurement) {
  const anyDead = layers.some(({ deadTrials }) => deadTrials > 0);
  const predicted = prediction.layers.some(({ mean }) => mean !== null);
  const predictedLogs = prediction.layers.some(({ meanLog }) => meanLog !== null);
  const rows = chosenLayers(layers.length).map((number) => {
    const theory = prediction.layers[number - 1];
    const found = layers[number - 1];
    return [
      countText(number),
      countText(found?.width ?? 0),
      cellText(found?.meanLength),
      found?.standardError == null ? '–' : numberText(found.standardError, 2),
      ...(predicted ? [cellText(theory?.mean)] : []),
      typicalText(measuredTypical(found, trials)),
      cellText(errorFactor(found, trials)),
      ...(predictedLogs ? [typicalText(theory?.meanLog)] : []),
      ...(anyDead ? [countText(found?.deadTrials ?? 0)] : []),
    ];
  });
  return {
    title:
      rows.length === layers.length
        ? `Layers, ${countOf(trials, 'net')}`
        : `Layers (some of ${countText(layers.length)}), ${countOf(trials, 'net')}`,
    columns: [
      ...['layer', 'width', 'mean length', '± std. error'],
      ...(predicted ? ['theory'] : []),
      ...['typical length', '×/÷'],
      ...(predictedLogs ? ['theory'] : []),
      ...(anyDead ? ['dead'] : []),
    ],
    rows,
  };
}
