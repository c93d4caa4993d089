/** A measurement for the terminal: what it comes to, the numbers beside theory's, and a plot of both. */
import type { LengthMeans, MeasurementRefusal } from '@kindling/diagnostics';
import { countOf, countText, listText, numberText } from '@kindling/studies/text';
import { chosenLayers } from '../output/chosen-layers.js';
import { factsText, headlineText, remarksText } from '../output/facts-text.js';
import { layerRanges } from '../output/layer-ranges.js';
import { type LengthCurve, lengthPlot } from '../output/length-plot.js';
import type { Output } from '../output/output.js';
import { tableText } from '../output/table-text.js';
import { proseColumns } from '../output/wrap-text.js';
import { cellText, typicalText } from './length-text.js';
import type { MeasurementView } from './measurement-view.js';
import { plainPlotColumns } from './prediction-text.js';

/** The whole answer, ending in a newline. */
export function measurementText(view: MeasurementView, { colors, columns }: Output): string {
  const room = proseColumns(columns());
  const { layers, unit } = view;
  const curves = [...view.curves, ...measuredCurves(view)];
  const plot = lengthPlot(curves, columns() ?? plainPlotColumns, colors, unit);
  const remarks = [
    ...view.refusals.map((refusal) => refusalText(refusal, unit)),
    ...(layers.some(({ found }) => found.meanLogLength !== null)
      ? ['×/÷: by this factor a typical length may be off, one standard error.']
      : []),
    ...view.remarks,
  ];
  return [
    headlineText(headlineOf(view), room, colors),
    factsText(view.facts, room, colors),
    `\n${tableText(layerTable(view), columns() ?? Number.POSITIVE_INFINITY, colors)}`,
    plot === '' ? '' : `\n${colors.bold(`Length by ${unit}`)}\n${plot}`,
    remarks.length === 0 ? '' : `\n${remarksText(remarks, room)}`,
  ].join('');
}

/** log₁₀ of what was measured, the input's first. */
function measuredCurves({ inputLength, layers, trials }: MeasurementView): readonly LengthCurve[] {
  const start = Math.log10(inputLength);
  const means = layers.map(({ found }) => Math.log10(found.meanLength ?? Number.NaN));
  const typical = layers.map(({ found }) => (measuredTypical(found, trials) ?? Number.NaN) / Math.LN10);
  return [
    { label: 'measured, mean', logs: [start, ...means], style: 'dots' },
    { label: 'typical', logs: [start, ...typical], style: 'rings' },
  ];
}

/** Why a number is not told, and in which layers. */
function refusalText({ layers, reason }: MeasurementRefusal, unit: MeasurementView['unit']): string {
  // What is of no layer has none, or that of the input.
  const [first = 0] = layers;
  if (first === 0) return `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}.`;
  const name = unit === 'layer' ? 'Layer' : 'Module';
  const ranges = layerRanges(layers).map(([from, to]) =>
    from === to ? countText(from) : `${countText(from)} to ${countText(to)}`,
  );
  return `${name}${layers.length === 1 ? '' : 's'} ${listText(ranges)} – ${reason}.`;
}

/** A measurement this many standard errors from theory is worth a word. */
const notableDeviation = 4;

/** Of fewer nets alive the typical length is an anecdote. */
const fewestAlive = 10;

/** The typical length, where enough nets are alive. */
function measuredTypical(found: LengthMeans | undefined, trials: number): number | null {
  return found === undefined || trials - found.deadTrials < fewestAlive ? null : found.meanLogLength;
}

/** What a typical length is multiplied and divided by for one standard error of its logarithm. */
function errorFactor(found: LengthMeans | undefined, trials: number): number | null {
  const error = found?.meanLogLengthStandardError ?? null;
  return error === null || measuredTypical(found, trials) === null ? null : Math.exp(error);
}

function headlineOf({ title, unit, trials, layers }: MeasurementView): string {
  const last = layers.at(-1);
  const nets = countOf(trials, 'net');
  if (last === undefined) return '';
  const { found, theory } = last;
  const start = `${title}: after ${countOf(layers.length, unit)}`;
  if (found.deadTrials === trials) {
    return `${start} ${trials === 1 ? 'the only net is' : `all ${nets} are`} dead.`;
  }
  if (found.meanLength === null) {
    const alive = trials - found.deadTrials;
    if (found.meanLogLength === null || alive < fewestAlive) {
      const left =
        found.deadTrials === 0
          ? `${nets} ${areText(trials)}`
          : `${countText(alive)} of ${nets} alive ${areText(alive)}`;
      return `${start} lengths cannot be told: ${left} too few.`;
    }
    const predicted = theory.meanLog === null ? '' : `; theory says ${typicalText(theory.meanLog)}`;
    const factor = errorFactor(found, trials);
    const error = factor === null ? '' : ` (×/÷ ${numberText(factor)})`;
    return `${start} a typical length is ${typicalText(found.meanLogLength)}${error}${predicted}. ${nets} ${areText(trials)} too few for the mean.`;
  }
  const error = found.standardError === null ? '' : ` ± ${numberText(found.standardError, 2)}`;
  const measured = `${start} the mean length of ${nets} is ${numberText(found.meanLength)}${error}`;
  if (theory.logBounds !== null) return `${measured}; ${boundedText(found, theory.logBounds, theory.mean)}.`;
  if (theory.mean === null) return `${measured}; theory has no formula.`;
  const deviation =
    (found.meanLength - theory.mean) / (found.predictedStandardError ?? found.standardError ?? Number.NaN);
  return `${measured}; theory says ${typicalText(theory.logMean)}${awayText(deviation)}.`;
}

/** The verb of a count. */
function areText(count: number): string {
  return count === 1 ? 'is' : 'are';
}

/** Where theory has bounds only, what lies between them agrees. */
function boundedText(
  { meanLength, standardError }: LengthMeans,
  [logLower, logUpper]: readonly [number, number],
  estimate: number | null,
): string {
  const [lower, upper] = [Math.exp(logLower), Math.exp(logUpper)];
  const mean = meanLength ?? Number.NaN;
  const deviation = (mean < lower ? mean - lower : Math.max(0, mean - upper)) / (standardError ?? Number.NaN);
  const about = estimate === null ? '' : `about ${numberText(estimate)}, `;
  return `theory says ${about}between ${typicalText(logLower)} and ${typicalText(logUpper)}${awayText(deviation)}`;
}

function awayText(deviation: number): string {
  return Math.abs(deviation) > notableDeviation
    ? `, ${numberText(Math.abs(deviation), 2)} standard errors away`
    : '';
}

function layerTable({ unit, layers, trials, leadingColumns }: MeasurementView) {
  const anyDead = layers.some(({ found }) => found.deadTrials > 0);
  const predicted = layers.some(({ theory }) => theory.mean !== null);
  const estimated = layers.some(({ theory }) => theory.logBounds !== null);
  const predictedLogs = layers.some(({ theory }) => theory.meanLog !== null);
  const rows = chosenLayers(layers.length).flatMap((number) => {
    const layer = layers[number - 1];
    if (layer === undefined) return [];
    const { found, theory, leading } = layer;
    return [
      [
        countText(number),
        ...leading,
        cellText(found.meanLength),
        found.standardError === null ? '–' : numberText(found.standardError, 2),
        ...(predicted ? [typicalText(theory.logMean)] : []),
        typicalText(measuredTypical(found, trials)),
        cellText(errorFactor(found, trials)),
        ...(predictedLogs ? [typicalText(theory.meanLog)] : []),
        ...(anyDead ? [countText(found.deadTrials)] : []),
      ],
    ];
  });
  const title = unit === 'layer' ? 'Layers' : 'Modules';
  const some = rows.length === layers.length ? '' : ` (some of ${countText(layers.length)})`;
  return {
    title: `${title}${some}, ${countOf(trials, 'net')}`,
    columns: [
      ...[unit, ...leadingColumns, 'mean length', '± std. error'],
      ...(predicted ? [estimated ? 'theory, about' : 'theory'] : []),
      ...['typical length', '×/÷'],
      ...(predictedLogs ? ['theory'] : []),
      ...(anyDead ? ['dead'] : []),
    ],
    rows,
  };
}
