/**
 * Epochs to a test accuracy as a figure: single runs as dots, medians as symbols on a line, and a band above the cap for
 * every way a training does not start, with counts. Every run is on the sheet.
 */
import * as Plot from '@observablehq/plot';
import {
  affine,
  finishFigure,
  frame,
  gridMark,
  sheet,
  smallestGap,
  strokeGroup,
  type TextLine,
  type TextPiece,
  textGroup,
  triedAxis,
  triedAxisMarks,
} from '../figures/figure-frame.js';
import { type Series, type SeriesLabel, seriesLabelMarks } from '../figures/series-labels.js';
import { symbolOptions, symbolRadius } from '../figures/series-style.js';
import { roundTicks } from '../figures/value-axes.js';
import { countOf, countText, listText, numberText } from '../report/number-text.js';
import type { Figure } from '../study.js';
import { type EpochsToAccuracy, failureCount, failures } from './epochs-to-accuracy.js';
import { accuracyText, failureWords } from './epochs-words.js';
import {
  bandGround,
  bandHeight,
  bandOf,
  bandsOf,
  bandTexts,
  countTexts,
  failedSpots,
  type PlacedCell,
  type Spot,
} from './failure-bands.js';

/** Where epoch 0 goes on the logarithmic axis; it is labeled 0. */
const zeroPlace = 0.5;
/** Pixels between the curves at one value where values may lie as near each other as they like. */
const linearStep = 5;

/** One grid point and its value on the horizontal axis. */
export interface EpochsPoint {
  readonly at: number;
  readonly cell: EpochsToAccuracy;
}

/** A curve of the figure. */
export interface EpochsCurve {
  readonly series: Series;
  /** By ascending value. */
  readonly points: readonly EpochsPoint[];
}

/** What there is to draw. */
export interface EpochsDrawing {
  /** File name without ending; also the class, behind `kindling-`. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  /** The horizontal axis' title, without its arrow. */
  readonly axisTitle: readonly TextPiece[];
  /** `tried`: ticks where there are points, such as depths; `linear`: round ticks from 0. */
  readonly axis: 'tried' | 'linear';
  readonly curves: readonly EpochsCurve[];
  /** Most epochs a run may take, if known. */
  readonly cap: number | undefined;
  /** Test accuracy at which a training has started, if known. */
  readonly target: number | undefined;
}

/** The figure; an empty frame where there are no points. Curves stand side by side at the same value. */
export function epochsFigure(drawing: EpochsDrawing): Figure {
  const { name, title, caption } = drawing;
  return { name, title, caption, render: (document) => draw(drawing, document) };
}

/** How such a figure is to be read, and how its runs ended: the end of its caption. @param curvesAre such as `Initializers` */
export function epochsCaption(cells: readonly EpochsToAccuracy[], curvesAre: string, value: string): string {
  const missing = failures
    .map((failure) => ({
      failure,
      count: cells.reduce((sum, cell) => sum + failureCount(cell, failure), 0),
    }))
    .filter(({ count }) => count > 0)
    .map(({ failure, count }) => `${countText(count)} ${failureWords[failure]}`);
  const total = cells.reduce((sum, cell) => sum + cell.runs, 0);
  const reached = cells.reduce((sum, cell) => sum + cell.reached, 0);
  return (
    'Dots: single runs, area by how many agree. Symbols on lines: medians, runs that did not make it counted as longer than the cap; ' +
    `a dotted line leads to a median beyond it. Bands at the top: the runs that did not make it, with counts (a fraction is of all runs at that ${value}). ${curvesAre} stand side by side at the same ${value}. ` +
    `Of ${countOf(total, 'run')}, ${countText(reached)} reached the target${missing.length > 0 ? `; ${listText(missing)}` : ''}.`
  );
}

interface HorizontalAxis {
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
  readonly place: (value: number) => number;
  readonly step: number;
  readonly marks: readonly Plot.Markish[];
}

function horizontalAxis({ axis: kind, curves }: EpochsDrawing, values: readonly number[]): HorizontalAxis {
  if (kind === 'tried') {
    const step = Math.min(
      11,
      (0.92 * smallestGap(values, triedAxis(values, 0).place)) / Math.max(1, curves.length),
    );
    const axis = triedAxis(values, step * Math.max(0, curves.length - 1));
    return { ...axis, step, marks: triedAxisMarks(axis.ticks) };
  }
  const domain = [0, values.at(-1) ?? 1] as const;
  const pad = 12 + (linearStep * Math.max(0, curves.length - 1)) / 2;
  const range = [frame.left, frame.right - pad] as const;
  const place = affine(domain, range);
  return { domain, range, place, step: linearStep, marks: linearAxisMarks(roundTicks(domain[1]), place) };
}

function linearAxisMarks(ticks: readonly number[], place: (value: number) => number): Plot.Markish[] {
  return [
    (_i, _s, _v, _d, context) =>
      strokeGroup(context.document, 'stroke', [
        [frame.left, frame.bottom, frame.right, frame.bottom],
        ...ticks.map((tick) => [place(tick), frame.bottom, place(tick), frame.bottom + 5] as const),
      ]),
    (_i, _s, _v, _d, context) =>
      textGroup(
        context.document,
        ticks.map((tick) => ({
          x: place(tick),
          y: frame.bottom + 17,
          anchor: 'middle' as const,
          pieces: [{ text: String(Number(tick.toPrecision(3))) }],
        })),
      ),
  ];
}

function draw(drawing: EpochsDrawing, document: Document): SVGSVGElement {
  const { name, title, caption, curves, cap, target, axisTitle } = drawing;
  const className = `kindling-${name}`;
  const cells = curves.flatMap(({ points }) => points.map(({ cell }) => cell));
  const values = [...new Set(curves.flatMap(({ points }) => points.map(({ at }) => at)))].sort(
    (a, b) => a - b,
  );
  const axis = horizontalAxis(drawing, values);
  const { step } = axis;
  const radius = symbolRadius(step);
  const bands = bandsOf(cells);
  const top = frame.top + bands.length * bandHeight + (bands.length > 0 ? 8 : 0);
  const epochs = epochAxis(cells, cap, top);
  const placed = curves.map(({ series: { style }, points }, index) =>
    points.map(
      ({ at, cell }): PlacedCell => ({
        cell,
        style,
        at,
        x: axis.place(at) + step * (index - (curves.length - 1) / 2),
      }),
    ),
  );
  const end = ({ cell, style, x }: PlacedCell): Spot => ({
    style,
    x,
    y: cell.medianEpochs === null ? (bandOf(bands, cell)?.y ?? top) : epochs.place(cell.medianEpochs),
    count: 1,
  });
  const failed = failedSpots(placed.flat(), bands);
  const labels = placed.flatMap((curve, index): SeriesLabel[] => {
    const last = curve.at(-1);
    const series = curves[index]?.series;
    return last && series ? [{ y: end(last).y, heading: null, series: [series] }] : [];
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
      ...placed.flatMap((curve) => runMarks(curve, epochs.place)),
      ...placed.flatMap((curve) => medianMarks(curve, end, radius)),
      ...failed.map((spot) => spotMark(spot, radius)),
      ...axis.marks,
      (_i, _s, _v, _d, context) =>
        textGroup(context.document, [
          ...axisTexts(epochs, accuracyText(target), axisTitle),
          ...bandTexts(bands, cap),
          ...countTexts(placed.flat(), bands, failed, { step, values, place: axis.place }),
          ...(cells.length === 0 ? [emptyText] : []),
        ]),
      ...seriesLabelMarks(labels, frame.top, frame.bottom),
    ],
  });
  return finishFigure(document, svg as SVGSVGElement, {
    className,
    title,
    description: caption,
    styles: curves.map(({ series }) => series.style),
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
function epochAxis(cells: readonly EpochsToAccuracy[], known: number | undefined, top: number): EpochAxis {
  const seen = cells.flatMap((cell) => [...cell.epochs, cell.medianEpochs]).filter((value) => value !== null);
  const cap = seen.reduce((most, value) => Math.max(most, value), Math.max(2, known ?? 0));
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
function runMarks(curve: readonly PlacedCell[], y: (epochs: number) => number): Plot.Markish[] {
  const [first] = curve;
  if (first === undefined) return [];
  const spots: Spot[] = [];
  for (const { cell, style, x } of curve) {
    const counts = new Map<number, number>();
    for (const epochs of cell.epochs) if (epochs !== null) counts.set(epochs, (counts.get(epochs) ?? 0) + 1);
    const sorted = [...counts].sort(([a], [b]) => a - b);
    for (const [epochs, count] of sorted) spots.push({ style, x, y: y(epochs), count });
  }
  return [
    Plot.dot(spots, {
      x: { value: spots.map((spot) => spot.x), scale: null },
      y: { value: spots.map((spot) => spot.y), scale: null },
      r: { value: spots.map((spot) => Math.min(8, 1.9 * Math.sqrt(spot.count))), scale: null },
      fill: 'currentColor',
      fillOpacity: 0.38,
      className: first.style.className,
    }),
  ];
}

/** Medians: a line through those within the cap, dotted toward those beyond it, symbols on the former. */
function medianMarks(
  curve: readonly PlacedCell[],
  end: (cell: PlacedCell) => Spot,
  radius: number,
): Plot.Markish[] {
  const [first] = curve;
  if (first === undefined) return [];
  const solid: (Spot | null)[] = [];
  const dotted: (Spot | null)[] = [];
  for (const [i, placed] of curve.entries()) {
    const { medianEpochs } = placed.cell;
    solid.push(medianEpochs === null ? null : end(placed));
    const next = curve[i + 1];
    if (next && (medianEpochs === null) !== (next.cell.medianEpochs === null))
      dotted.push(end(placed), end(next), null);
  }
  const line = (spots: readonly (Spot | null)[], options: Plot.LineOptions) =>
    Plot.line(spots, {
      x: { value: spots.map((spot) => spot?.x ?? Number.NaN), scale: null },
      y: { value: spots.map((spot) => spot?.y ?? Number.NaN), scale: null },
      stroke: 'currentColor',
      className: first.style.className,
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
    ...symbolOptions(spot.style),
  });
}

function axisTexts(epochs: EpochAxis, goal: string, axisTitle: readonly TextPiece[]): readonly TextLine[] {
  return [
    { x: 14, y: 20, size: 12, pieces: [{ text: `↑ epochs to ${goal}` }] },
    {
      x: frame.right,
      y: frame.bottom + 38,
      size: 12,
      anchor: 'end',
      pieces: axisTitle.map((piece, i) =>
        i === axisTitle.length - 1 ? { ...piece, text: `${piece.text} →` } : piece,
      ),
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
