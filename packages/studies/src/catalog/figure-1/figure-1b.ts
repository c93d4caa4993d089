/**
 * Figure 1b: epochs to the target accuracy against depth. Single runs as dots, medians as symbols on a line, and a
 * band above the cap for every way a training does not start, with counts. Every run of the summary is on the sheet.
 */
import * as Plot from '@observablehq/plot';
import {
  finishFigure,
  frame,
  gridMark,
  sheet,
  smallestGap,
  type TextLine,
  textGroup,
  triedAxis,
  triedAxisMarks,
} from '../../figures/figure-frame.js';
import { type SeriesLabel, seriesLabelMarks } from '../../figures/series-labels.js';
import { symbolOptions, symbolRadius } from '../../figures/series-style.js';
import { countOf, countText, listText, numberText, percentText } from '../../report/number-text.js';
import type { Figure } from '../../study.js';
import { curveSeries, curveStyle } from './curve-style.js';
import {
  bandGround,
  bandHeight,
  bandOf,
  bandsOf,
  bandTexts,
  countTexts,
  failedSpots,
  type Spot,
} from './failure-bands.js';
import { curveOf, depthsOf, type Failure, failureCount, failures, initializersOf } from './reading.js';
import type { Figure1Summary, TrainingCell } from './summary.js';

/** Where epoch 0 goes on the logarithmic axis; it is labeled 0. */
const zeroPlace = 0.5;
const className = 'kindling-figure-1b';

/**
 * Figure 1b of a summary. Draws an empty frame when the summary has no trainings.
 *
 * @param summary may hold any choice of initializers and depths
 */
export function figure1b(summary: Figure1Summary): Figure {
  const target = summary.spec.training?.targetAccuracy;
  const goal = target === undefined ? 'the target test accuracy' : `${percentText(target)} test accuracy`;
  const title = `Epochs to ${goal} against depth`;
  const caption = captionOf(summary, goal);
  return {
    name: 'figure-1b',
    title,
    caption,
    render: (document) => draw(summary, document, { title, caption, goal }),
  };
}

function captionOf({ training, spec }: Figure1Summary, goal: string): string {
  if (training.length === 0) return 'This study trained no nets.';
  const part = spec.training;
  const runs = [...new Set(training.map((cell) => cell.runs))].sort((a, b) => a - b);
  const settings =
    part === null
      ? ''
      : ` ReLU nets with width = depth and zero biases on ${part.data.name} (${countText(part.data.trainCount)} training, ${countText(part.data.testCount)} test images); ` +
        `SGD, learning rate ${part.learningRate}, batches of ${countText(part.batchSize)}, at most ${countOf(part.maxEpochs, 'epoch')}.`;
  const missing = failures
    .map((failure) => ({
      failure,
      count: training.reduce((sum, cell) => sum + failureCount(cell, failure), 0),
    }))
    .filter(({ count }) => count > 0)
    .map(({ failure, count }) => `${countText(count)} ${failureWords[failure]}`);
  const total = training.reduce((sum, cell) => sum + cell.runs, 0);
  const reached = training.reduce((sum, cell) => sum + cell.reached, 0);
  return (
    `Epochs to ${goal}, ${runs.map(countText).join(' or ')} runs a point.${settings} ` +
    'Dots: single runs, area by how many agree. Symbols on lines: medians, runs that did not make it counted as longer than the cap; ' +
    'a dotted line leads to a median beyond it. Bands at the top: the runs that did not make it, with counts (a fraction is of all runs at that depth). Initializers stand side by side at the same depth. ' +
    `Of ${countOf(total, 'run')}, ${countText(reached)} reached the target${missing.length > 0 ? `; ${listText(missing)}` : ''}.`
  );
}

const failureWords: Readonly<Record<Failure, string>> = {
  censored: 'had not when the epochs ran out',
  diverged: 'diverged',
  'never-moves': 'can provably never move again',
};

interface Texts {
  readonly title: string;
  readonly caption: string;
  readonly goal: string;
}

function draw(summary: Figure1Summary, document: Document, { title, caption, goal }: Texts): SVGSVGElement {
  const cells = summary.training;
  const initializers = initializersOf(cells);
  const depths = depthsOf(cells);
  const step = Math.min(
    11,
    (0.92 * smallestGap(depths, triedAxis(depths, 0).place)) / Math.max(1, initializers.length),
  );
  const axis = triedAxis(depths, step * Math.max(0, initializers.length - 1));
  const radius = symbolRadius(step);
  const bands = bandsOf(cells);
  const top = frame.top + bands.length * bandHeight + (bands.length > 0 ? 8 : 0);
  const epochs = epochAxis(summary, top);
  const x = (cell: TrainingCell) =>
    axis.place(cell.depth) + step * (initializers.indexOf(cell.initializer) - (initializers.length - 1) / 2);
  const end = (cell: TrainingCell): Spot => ({
    initializer: cell.initializer,
    x: x(cell),
    y: cell.medianEpochs === null ? (bandOf(bands, cell)?.y ?? top) : epochs.place(cell.medianEpochs),
    count: 1,
  });
  const failed = failedSpots(cells, bands, x);
  const labels = initializers.flatMap((initializer): SeriesLabel[] => {
    const last = curveOf(cells, initializer).at(-1);
    return last ? [{ y: end(last).y, heading: null, series: [curveSeries(initializer)] }] : [];
  });
  const svg = Plot.plot({
    document,
    className,
    ...sheet,
    x: { type: 'linear', domain: axis.domain, range: axis.range, axis: null },
    y: { type: 'linear', domain: [frame.bottom, frame.top], range: [frame.bottom, frame.top], axis: null },
    marks: [
      (_i, _s, _v, _d, context) => bandGround(context.document, bands),
      gridMark(epochs.ticks.map(epochs.place)),
      ...initializers.flatMap((initializer) => runMarks(curveOf(cells, initializer), x, epochs.place)),
      ...initializers.flatMap((initializer) => medianMarks(curveOf(cells, initializer), end, radius)),
      ...failed.map((spot) => spotMark(spot, radius)),
      ...triedAxisMarks(axis.ticks),
      (_i, _s, _v, _d, context) =>
        textGroup(context.document, [
          ...axisTexts(epochs, goal),
          ...bandTexts(bands, summary),
          ...countTexts(cells, bands, failed, { step, depths, place: axis.place }),
          ...(cells.length === 0 ? [emptyText] : []),
        ]),
      ...seriesLabelMarks(labels, frame.top, frame.bottom),
    ],
  });
  return finishFigure(document, svg as SVGSVGElement, {
    className,
    title,
    description: caption,
    styles: initializers.map(curveStyle),
  });
}

const emptyText: TextLine = {
  x: frame.right,
  y: 20,
  anchor: 'end',
  className: 'quiet',
  size: 10,
  pieces: [{ text: 'no nets trained' }],
};

interface EpochAxis {
  readonly ticks: readonly number[];
  readonly place: (epochs: number) => number;
}

/** Logarithmic: what matters is 4 epochs against 8 as much as 40 against 80. */
function epochAxis({ training, spec }: Figure1Summary, top: number): EpochAxis {
  const seen = training
    .flatMap((cell) => [...cell.epochs, cell.medianEpochs])
    .filter((value) => value !== null);
  const cap = seen.reduce((most, value) => Math.max(most, value), Math.max(2, spec.training?.maxEpochs ?? 0));
  const zero = seen.some((value) => value < 1);
  const low = Math.log((zero ? zeroPlace : 1) * 0.88);
  const high = Math.log(cap);
  const place = (value: number) =>
    frame.bottom + ((Math.log(Math.max(zeroPlace, value)) - low) / (high - low)) * (top - frame.bottom);
  const ticks: number[] = zero ? [0] : [];
  for (let decade = 1; decade <= cap; decade *= 10) {
    for (const digit of [1, 2, 5]) {
      // A tick that all but touches the cap's gives way to it.
      if (digit * decade < cap && place(digit * decade) - place(cap) > 16) ticks.push(digit * decade);
    }
  }
  return { ticks: [...ticks, cap], place };
}

/** Single runs that reached the target; runs that agree share a dot of their joint area. */
function runMarks(
  curve: readonly TrainingCell[],
  x: (cell: TrainingCell) => number,
  y: (epochs: number) => number,
): Plot.Markish[] {
  const spots: Spot[] = [];
  for (const cell of curve) {
    const counts = new Map<number, number>();
    for (const epochs of cell.epochs) if (epochs !== null) counts.set(epochs, (counts.get(epochs) ?? 0) + 1);
    const sorted = [...counts].sort(([a], [b]) => a - b);
    for (const [epochs, count] of sorted)
      spots.push({ initializer: cell.initializer, x: x(cell), y: y(epochs), count });
  }
  const initializer = curve[0]?.initializer ?? '';
  return [
    Plot.dot(spots, {
      x: { value: spots.map((spot) => spot.x), scale: null },
      y: { value: spots.map((spot) => spot.y), scale: null },
      r: { value: spots.map((spot) => Math.min(8, 1.9 * Math.sqrt(spot.count))), scale: null },
      fill: 'currentColor',
      fillOpacity: 0.38,
      className: curveStyle(initializer).className,
    }),
  ];
}

/** Medians: a line through those within the cap, dotted toward those beyond it, symbols on the former. */
function medianMarks(
  curve: readonly TrainingCell[],
  end: (cell: TrainingCell) => Spot,
  radius: number,
): Plot.Markish[] {
  const solid: (Spot | null)[] = [];
  const dotted: (Spot | null)[] = [];
  for (const [i, cell] of curve.entries()) {
    solid.push(cell.medianEpochs === null ? null : end(cell));
    const next = curve[i + 1];
    if (next && (cell.medianEpochs === null) !== (next.medianEpochs === null))
      dotted.push(end(cell), end(next), null);
  }
  const initializer = curve[0]?.initializer ?? '';
  const line = (spots: readonly (Spot | null)[], options: Plot.LineOptions) =>
    Plot.line(spots, {
      x: { value: spots.map((spot) => spot?.x ?? Number.NaN), scale: null },
      y: { value: spots.map((spot) => spot?.y ?? Number.NaN), scale: null },
      stroke: 'currentColor',
      className: curveStyle(initializer).className,
      ...options,
    });
  return [
    line(dotted, { strokeWidth: 1.4, strokeOpacity: 0.6, strokeDasharray: '1 4', strokeLinecap: 'round' }),
    line(solid, { strokeWidth: 1.8, strokeOpacity: 0.8 }),
    ...solid.flatMap((spot) => (spot ? [spotMark(spot, radius)] : [])),
  ];
}

function spotMark(spot: Spot, radius: number): Plot.Markish {
  return Plot.dot([spot], {
    x: { value: [spot.x], scale: null },
    y: { value: [spot.y], scale: null },
    r: radius,
    ...symbolOptions(curveStyle(spot.initializer)),
  });
}

function axisTexts(epochs: EpochAxis, goal: string): readonly TextLine[] {
  return [
    { x: 14, y: 20, size: 12, pieces: [{ text: `↑ epochs to ${goal}` }] },
    {
      x: frame.right,
      y: frame.bottom + 38,
      size: 12,
      anchor: 'end',
      pieces: [
        { text: 'depth ' },
        { text: 'd', italic: true },
        { text: ' (hidden layers; width = depth) →' },
      ],
    },
    ...epochs.ticks.map(
      (tick): TextLine => ({
        x: frame.left - 8,
        y: epochs.place(tick) + 4,
        anchor: 'end',
        pieces: [{ text: numberText(tick) }],
      }),
    ),
  ];
}
