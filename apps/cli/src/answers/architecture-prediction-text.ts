/** Theory's answer on a net of any architecture for the terminal: what it comes to, the numbers, a table and a plot. */
import { describeShape } from '@kindling/core';
import { commandLine, countOf, countText, numberText } from '@kindling/studies/text';
import { questionText } from '../options/network-question.js';
import { chosenLayers } from '../output/chosen-layers.js';
import { type Fact, factsText, headlineText, remarksText } from '../output/facts-text.js';
import { type LengthCurve, lengthPlot } from '../output/length-plot.js';
import type { Colors, Output } from '../output/output.js';
import { tableText } from '../output/table-text.js';
import { proseColumns } from '../output/wrap-text.js';
import { architectureHeadline, sumName, unitOf } from './architecture-headline.js';
import type { ArchitecturePrediction, PredictedLayer } from './architecture-prediction.js';
import { cellText, sumText, typicalText } from './length-text.js';
import { plainPlotColumns } from './prediction-text.js';

/** The whole answer, ending in a newline. */
export function architecturePredictionText(
  prediction: ArchitecturePrediction,
  { colors, columns }: Output,
): string {
  const room = proseColumns(columns());
  const { named, source, layers, notes } = prediction;
  const ask = commandLine(['kindling', 'diagnose', ...source.words, '--init', named.name]);
  const known = layers.some(({ lower }) => lower !== null);
  return [
    headlineText(architectureHeadline(prediction), room, colors),
    factsText(factsOf(prediction), room, colors),
    known ? `\n${tableText(layerTable(prediction), columns() ?? Number.POSITIVE_INFINITY, colors)}` : '',
    architecturePlot(prediction, columns(), colors),
    `\n${remarksText([...notes, meaningOf(prediction)], room)}`,
    `\nWill it start training, and what would help?\n  $ ${ask}\n`,
  ].join('');
}

/** What the lengths of this net are. */
export function meaningOf({ family }: Pick<ArchitecturePrediction, 'family'>): string {
  switch (family) {
    case 'residual':
      return 'Lengths are squared norms ‖f_l‖² behind every module, not divided by the width.';
    case 'convolutional':
      return 'Lengths are mean squares of activations over pixels and channels.';
    case 'general':
      return 'Lengths are mean squares of what comes out of a layer, over pixels and channels; a residual block is one layer.';
  }
}

/** Lengths by layer, after an empty line; an empty text where there is nothing to draw. */
export function architecturePlot(
  prediction: ArchitecturePrediction,
  columns: number | undefined,
  colors: Colors,
): string {
  const unit = unitOf(prediction);
  const plot = lengthPlot(theoryCurves(prediction), columns ?? plainPlotColumns, colors, unit);
  return plot === '' ? '' : `\n${colors.bold(`Length by ${unit}`)}\n${plot}`;
}

/** The mean where it is exact, else the estimate between its bounds. */
export function theoryCurves(
  prediction: ArchitecturePrediction,
  labels: readonly [exact: string, estimated: string] = ['mean over nets', 'mean, estimated'],
): readonly LengthCurve[] {
  const { layers, inputLength } = prediction;
  const curve = (
    label: string,
    style: LengthCurve['style'],
    log: (layer: PredictedLayer) => number | null,
  ) => ({
    label,
    style,
    logs: [Math.log10(inputLength), ...layers.map((layer) => (log(layer) ?? Number.NaN) / Math.LN10)],
  });
  if (isExact(prediction)) return [curve(labels[0], 'line', ({ logMean }) => logMean)];
  return [
    curve(labels[1], 'line', ({ logEstimate }) => logEstimate),
    curve('proved bounds', 'dashes', ({ logUpper }) => logUpper),
    curve('', 'dashes', ({ logLower }) => logLower),
  ];
}

/** Whether every layer has its exact mean. */
export function isExact({ layers }: Pick<ArchitecturePrediction, 'layers'>): boolean {
  return layers.every(({ mean }) => mean !== null);
}

function factsOf(prediction: ArchitecturePrediction): readonly Fact[] {
  return [
    ['net', questionText(prediction)],
    ['initializer', prediction.named.title],
    ['input', inputText(prediction)],
    ...growthFacts(prediction),
    ...acrossFacts(prediction),
    ...paddingFacts(prediction),
  ];
}

/** What the net reads. */
export function inputText({ family, givenInput, inputLength }: ArchitecturePrediction): string {
  if (family === 'residual') {
    return givenInput ? `as given, ‖x‖² = ${numberText(inputLength)}` : 'a random direction, ‖x‖ = 1';
  }
  if (givenInput) return `as given, mean square ${numberText(inputLength)}`;
  return family === 'convolutional' ? 'of energy 1 at every pixel' : 'a random one of mean square 1';
}

/** The sum that decides, what becomes of it, and what that means for the second moment. */
export function growthFacts({ growth, layers, inputLength }: ArchitecturePrediction): readonly Fact[] {
  if (growth === null) {
    return layers.some(({ scale }) => scale !== null && scale < 0)
      ? [['Σ η_l', 'decides nothing here: some η_l are negative, and what they subtract has no theorem']]
      : [];
  }
  const { decisive, sum, sumOfSquares, limit, logSecondMomentBound } = growth;
  const value = sumText(decisive === 'sum' ? sum : sumOfSquares);
  const fact = [
    sumName(growth),
    `${value} over ${countOf(layers.length, 'module')}${limitText(limit)}`,
  ] as const;
  if (logSecondMomentBound === null || !Number.isFinite(limit ?? Number.NaN)) return [fact];
  const bound = typicalText(logSecondMomentBound + 2 * Math.log(inputLength));
  return [fact, ['scatter', `E[M²] is at most ${bound} behind every module: no second failure mode`]];
}

function limitText(limit: number | null): string {
  if (limit === null || limit === 0) return '';
  return Number.isFinite(limit)
    ? `; at most ${sumText(limit)} for any number of modules`
    : '; grows without bound as modules are added';
}

function acrossFacts(prediction: ArchitecturePrediction): readonly Fact[] {
  const { lengthVariance } = prediction;
  if (lengthVariance === null) return [];
  const text = `the lengths of one net have variance ${numberText(lengthVariance)} on average`;
  return [[`across ${unitOf(prediction)}s`, text]];
}

function paddingFacts({ keptInTheEnd, layers }: ArchitecturePrediction): readonly Fact[] {
  const last = layers.at(-1)?.kept ?? null;
  if (keptInTheEnd === null || last === null) return [];
  const share = (kept: number) => numberText(kept, 5);
  return [
    [
      'zero padding',
      `the last layer keeps ${share(last)} of the mean; many layers tend to ${share(keptInTheEnd)}`,
    ],
  ];
}

function layerTable(prediction: ArchitecturePrediction) {
  const { layers, family } = prediction;
  const columns: readonly (readonly [
    title: string,
    cell: (layer: PredictedLayer) => string,
    shown: boolean,
  ])[] = [
    [unitOf(prediction), ({ layer }) => countText(layer), true],
    ['kind', ({ kind }) => kind, family === 'general'],
    ['η', ({ scale }) => cellText(scale), layers.some(({ scale }) => scale !== null)],
    ['output', ({ shape }) => describeShape(shape), family !== 'residual'],
    ['mean length', ({ logMean }) => typicalText(logMean), isExact(prediction)],
    ['at least', ({ logLower }) => typicalText(logLower), !isExact(prediction)],
    ['mean, about', ({ logEstimate }) => typicalText(logEstimate), hasEstimates(prediction)],
    ['at most', ({ logUpper }) => typicalText(logUpper), !isExact(prediction)],
    ['kept', ({ kept }) => (kept === null ? '–' : numberText(kept, 4)), leaks(prediction)],
    [
      'E[M²] / E[M]²',
      ({ relativeSecondMoment }) => cellText(relativeSecondMoment),
      layers.some(hasSecondMoment),
    ],
  ];
  const shown = columns.filter(([, , told]) => told);
  const rows = chosenLayers(layers.length).flatMap((number) => {
    const layer = layers[number - 1];
    return layer === undefined ? [] : [shown.map(([, cell]) => cell(layer))];
  });
  const unit = unitOf(prediction) === 'module' ? 'Modules' : 'Layers';
  return {
    title: rows.length === layers.length ? unit : `${unit} (some of ${countText(layers.length)})`,
    columns: shown.map(([title]) => title),
    rows,
  };
}

function hasEstimates(prediction: ArchitecturePrediction): boolean {
  return !isExact(prediction) && prediction.layers.some(({ logEstimate }) => logEstimate !== null);
}

function hasSecondMoment({ relativeSecondMoment }: PredictedLayer): boolean {
  return relativeSecondMoment !== null;
}

/** Where every layer keeps all of it, nobody needs to be told so. */
function leaks({ layers }: ArchitecturePrediction): boolean {
  return layers.some(({ kept }) => kept !== null && Math.abs(kept - 1) > 1e-9);
}
