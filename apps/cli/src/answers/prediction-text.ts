/** Theory's answer for the terminal: what it comes to, the numbers, a table of layers and a plot. */
import type { BornDeadBounds, LengthPrediction } from '@kindling/diagnostics';
import { commandLine, countText, numberText } from '@kindling/studies/text';
import { networkText } from '../options/network-choice.js';
import { widthsText } from '../options/widths.js';
import { chosenLayers } from '../output/chosen-layers.js';
import { type Fact, factsText, headlineText, remarksText } from '../output/facts-text.js';
import { lengthPlot } from '../output/length-plot.js';
import type { Colors, Output } from '../output/output.js';
import { probabilityText } from '../output/probability-text.js';
import { tableText } from '../output/table-text.js';
import { proseColumns } from '../output/wrap-text.js';
import { cellText, typicalText } from './length-text.js';
import type { NetworkPrediction } from './prediction.js';
import { predictionHeadline } from './prediction-headline.js';

/** Columns of a plot where the output is no terminal. */
export const plainPlotColumns = 80;

/** The whole answer, ending in a newline. */
export function predictionText(prediction: NetworkPrediction, { colors, columns }: Output): string {
  const room = proseColumns(columns());
  const { named, widths, notes } = prediction;
  const ask = commandLine(['kindling', 'diagnose', '--widths', widthsText(widths), '--init', named.name]);
  const remarks = [
    ...notes,
    ...(hasLogs(prediction)
      ? [
          'Lengths are mean squares of activations. A typical net is the geometric mean over nets that are not dead; the ' +
            'mean is carried by few nets where it is far above.',
        ]
      : ['Lengths are mean squares of activations.']),
  ];
  return [
    headlineText(predictionHeadline(prediction), room, colors),
    factsText(factsOf(prediction), room, colors),
    prediction.layers[0]?.mean === null
      ? ''
      : `\n${tableText(layerTable(prediction), columns() ?? Number.POSITIVE_INFINITY, colors)}`,
    predictionPlot(prediction, columns(), colors),
    `\n${remarksText(remarks, room)}`,
    `\nWill it start training, and what would help?\n  $ ${ask}\n`,
  ].join('');
}

/** Mean and typical lengths by layer, after an empty line; an empty text where there is nothing to draw. */
export function predictionPlot(
  prediction: NetworkPrediction,
  columns: number | undefined,
  colors: Colors,
): string {
  const curves = [
    { label: 'mean over nets', logs: meanLogs(prediction), style: 'line' },
    { label: 'typical net', logs: typicalLogs(prediction), style: 'dashes' },
  ] as const;
  const plot = lengthPlot(curves, columns ?? plainPlotColumns, colors);
  return plot === '' ? '' : `\n${colors.bold('Length by layer')}\n${plot}`;
}

function factsOf(prediction: NetworkPrediction): readonly Fact[] {
  const { named, widths, sumReciprocalWidths, lengthVariance, bornDead, inputLength } = prediction;
  return [
    ['net', networkText(widths)],
    ['initializer', named.title],
    ...(inputLength === 1 ? [] : [['input length', numberText(inputLength)] as const]),
    ['S = Σ 1/width', `${numberText(sumReciprocalWidths)} over the hidden layers; above 1, lengths scatter`],
    [
      'across layers',
      lengthVariance === null
        ? 'no formula for the variance of the lengths'
        : `the lengths of one net have variance ${numberText(lengthVariance)} on average`,
    ],
    ['born dead', boundsText(bornDead)],
  ];
}

/** Bounds on a probability in words. */
export function boundsText({ lower, upper }: BornDeadBounds): string {
  if (lower === undefined) return upper === 1 ? 'no bound' : `at most ${probabilityText(upper)} of nets`;
  if (lower === upper) return `${probabilityText(upper)} of nets`;
  return `${probabilityText(lower)} to ${probabilityText(upper)} of nets`;
}

function hasLogs({ layers }: NetworkPrediction): boolean {
  return layers.some(({ meanLog }) => meanLog !== null);
}

function layerTable(prediction: NetworkPrediction) {
  const { layers } = prediction;
  const logs = hasLogs(prediction);
  const rows = chosenLayers(layers.length).map((number) => {
    const layer = layers[number - 1];
    return [
      countText(number),
      countText(layer?.width ?? 0),
      cellText(layer?.mean),
      ...(logs ? [typicalText(layer?.meanLog)] : []),
      cellText(tailOf(layer)),
    ];
  });
  return {
    title: rows.length === layers.length ? 'Layers' : `Layers (some of ${countText(layers.length)})`,
    columns: ['layer', 'width', 'mean length', ...(logs ? ['typical length'] : []), 'E[M²] / E[M]²'],
    rows,
  };
}

/** E[M²] / E[M]², which says nothing of lengths that are all zero. */
function tailOf(layer: LengthPrediction | undefined): number | null {
  return layer === undefined || layer.mean === 0 ? null : layer.relativeSecondMoment;
}

/** log₁₀ of the mean lengths, the input's first. */
export function meanLogs({ inputLength, layers }: NetworkPrediction): readonly number[] {
  return [inputLength, ...layers.map(({ mean }) => mean ?? Number.NaN)].map(Math.log10);
}

/** log₁₀ of the typical lengths, the input's first. */
export function typicalLogs({ inputLength, layers }: NetworkPrediction): readonly number[] {
  return [Math.log10(inputLength), ...layers.map(({ meanLog }) => (meanLog ?? Number.NaN) / Math.LN10)];
}
