/**
 * Mean length of the last layer against depth, theory as lines, simulation as points with one
 * standard error to either side. Dead nets are counted under the points; points that a logarithmic axis cannot show
 * are counted in a note, never left out silently.
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
  svgElement,
  type TextLine,
  type TextPiece,
  textGroup,
  triedAxis,
  triedAxisMarks,
} from '../figures/figure-frame.js';
import { type Series, type SeriesLabel, seriesLabelMarks } from '../figures/series-labels.js';
import { symbolOptions, symbolRadius, theoryStyle } from '../figures/series-style.js';
import { countOf, countText, powerOfTenText } from '../report/number-text.js';
import { readNumber } from '../report/read-number.js';
import type { Figure } from '../study.js';
import { curveSeries, curveStyle } from './curve-style.js';
import type { LengthPoint } from './length-point.js';
import {
  type CurveGroup,
  curveGroups,
  curveOf,
  depthsOf,
  factorText,
  fateOf,
  initializersOf,
} from './reading.js';

/** Pixels between the floor of the length axis and the depth axis, for the counts of dead nets. */
const stripHeight = 26;

/** What there is to draw. */
export interface LengthsDrawing {
  /** File name without ending; also the class, behind `kindling-`. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  /** What the depth counts, in brackets behind it, such as `hidden layers; width = depth`. */
  readonly depthMeans: string;
  readonly points: readonly LengthPoint[];
  /** What is wrong with a point whose mean is not finite, behind its count. Default `not a finite number`. */
  readonly untold?: string;
  /** What the points are, in the key to the symbols, where they are not all means over the nets. */
  readonly pointsAre?: string | readonly TextPiece[] | undefined;
}

/** Mean length against depth, a curve an initializer; an empty frame where there are no points. */
export function lengthsFigure(drawing: LengthsDrawing): Figure {
  const { name, title, caption } = drawing;
  return { name, title, caption, render: (document) => draw(drawing, document) };
}

interface Point {
  readonly depth: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

function draw(
  {
    name,
    title,
    caption,
    depthMeans,
    points: cells,
    untold = 'not a finite number',
    pointsAre,
  }: LengthsDrawing,
  document: Document,
): SVGSVGElement {
  const className = `kindling-${name}`;
  const depths = depthsOf(cells);
  const groups = curveGroups(cells);
  const widest = groups.reduce((most, group) => Math.max(most, group.initializers.length), 1);
  const rough = triedAxis(depths, 0);
  const step = Math.min(9, (0.9 * smallestGap(depths, rough.place)) / widest);
  const axis = triedAxis(depths, step * (widest - 1));
  const radius = symbolRadius(step);
  const decades = decadesOf(cells);
  const dead = cells.some((cell) => cell.deadTrials > 0);
  const floor = frame.bottom - (dead ? stripHeight : 0);
  const place = affine(decades, [floor, frame.top]);
  const ticks = decadeTicks(decades);
  const ceiling = 10 ** decades[1];
  const ground = 10 ** decades[0];
  const labels = groups.map(
    (group): SeriesLabel => ({
      y: place(clamp(Math.log10(group.end), decades)),
      heading: headingOf(group),
      series: group.initializers.map(curveSeries),
    }),
  );
  const typical = cells.some(({ typicalLength }) => typicalLength != null);
  const keys: readonly Series[] = [
    ...(pointsAre === undefined ? [] : [{ title: pointsAre, style: theoryStyle }]),
    ...(typical
      ? [
          {
            title: 'short strokes: typical net (geometric mean)',
            style: theoryStyle,
            sample: 'line' as const,
          },
        ]
      : []),
  ];
  if (keys.length > 0) labels.push({ y: frame.bottom, heading: null, tied: false, series: keys });
  const styles = [...initializersOf(cells).map(curveStyle), ...(keys.length > 0 ? [theoryStyle] : [])];
  const svg = Plot.plot({
    document,
    className,
    ...sheet,
    x: { type: 'linear', domain: axis.domain, range: axis.range, axis: null },
    y: { type: 'log', domain: [ground, ceiling], range: [floor, frame.top], axis: null, clamp: true },
    marks: [
      gridMark(ticks.map(place)),
      ...groups.flatMap((group) => lineMarks(cells, group, axis.domain, [ground, ceiling])),
      ...(typical ? groups.map((group) => typicalMark(cells, group, step, [axis.place, place])) : []),
      ...groups.flatMap((group) => pointMarks(cells, group, { step, radius }, [ground, ceiling])),
      ...triedAxisMarks(axis.ticks),
      (_i, _s, _v, _d, context) =>
        strokeGroup(context.document, 'grid stroke', dead ? [[frame.left, floor, frame.right, floor]] : []),
      (_i, _s, _v, _d, context) =>
        textGroup(context.document, [
          ...axisTexts(ticks, place, depthMeans),
          ...(dead ? deadTexts(cells, depths, axis.place, floor) : []),
          ...noteTexts(cells, untold),
        ]),
      ...seriesLabelMarks(labels, frame.top - 8, frame.bottom),
    ],
  });
  return finishFigure(document, svg as SVGSVGElement, {
    className,
    title,
    description: caption,
    styles,
  });
}

function clamp(value: number, [low, high]: readonly [number, number]): number {
  return Number.isNaN(value) ? low : Math.min(high, Math.max(low, value));
}

function pointOf(cell: LengthPoint): Point {
  const mean = readNumber(cell.meanLength);
  const error = readNumber(cell.predictedStandardError);
  const spread = Number.isFinite(error) ? error : 0;
  return { depth: cell.depth, mean, low: mean - spread, high: mean + spread };
}

function drawable(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}

/** Whole decades that hold every line, point and upper bar, at least one to either side of 1. */
function decadesOf(cells: readonly LengthPoint[]): [number, number] {
  const values = [0.1, 10];
  for (const cell of cells) {
    const point = pointOf(cell);
    values.push(readNumber(cell.predictedLength), point.mean, readNumber(cell.typicalLength ?? null));
    // An open bar must not stretch the axis downward; a closed one should be seen whole.
    if (drawable(point.mean)) values.push(point.low, point.high);
  }
  const logs = values.filter(drawable).map(Math.log10);
  // The hundredth keeps a point that lies on a decade up to rounding from adding another decade.
  return [Math.floor(Math.min(...logs) + 0.01), Math.ceil(Math.max(...logs) - 0.01)];
}

/** At most about nine labeled decades, in steps of 1, 2, 5, 10, … and always at 10⁰. */
function decadeTicks([low, high]: readonly [number, number]): readonly number[] {
  let step = 1;
  for (const candidate of [1, 2, 5, 10, 20, 50, 100, 200]) {
    step = candidate;
    if ((high - low) / candidate <= 8.5) break;
  }
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) ticks.push(tick === 0 ? 0 : tick);
  return ticks;
}

/** Theory. Curves that coincide share one line, in dashes of their families' colors in turn. */
function lineMarks(
  cells: readonly LengthPoint[],
  group: CurveGroup,
  [first, last]: readonly [number, number],
  [ground, ceiling]: readonly [number, number],
): Plot.Markish[] {
  const leader = group.initializers[0] ?? '';
  const curve = curveOf(cells, leader)
    .map((cell) => ({ depth: cell.depth, length: readNumber(cell.predictedLength) }))
    .filter(({ length }) => drawable(length));
  const only = curve.length === 1 ? curve[0] : undefined;
  if (only) {
    // One depth makes no line: draw the stretch of the curve about it.
    const factor = only.length ** (1 / only.depth);
    curve.splice(0, 1, ...[first, last].map((depth) => ({ depth, length: factor ** depth })));
  }
  const families = new Map(group.initializers.map((name) => [curveStyle(name).light, curveStyle(name)]));
  const dash = 9;
  return [...families.values()].map((style, i) =>
    Plot.line(curve, {
      x: 'depth',
      y: ({ length }: { length: number }) => Math.min(ceiling, Math.max(ground, length)),
      className: style.className,
      stroke: 'currentColor',
      strokeWidth: 2,
      strokeOpacity: 0.75,
      ...(families.size > 1
        ? { strokeDasharray: `${dash} ${dash * (families.size - 1)}`, strokeDashoffset: -dash * i }
        : {}),
    }),
  );
}

/** A typical living net, the geometric mean: short strokes, where the points tell it. */
function typicalMark(
  cells: readonly LengthPoint[],
  group: CurveGroup,
  step: number,
  [x, y]: readonly [x: (depth: number) => number, y: (decade: number) => number],
): Plot.RenderFunction {
  return (_i, _s, _v, _d, { document }) => {
    const strokes = svgElement(document, 'g', {});
    for (const [i, initializer] of group.initializers.entries()) {
      const dx = step * (i - (group.initializers.length - 1) / 2);
      const own = curveOf(cells, initializer)
        .map(({ depth, typicalLength }) => ({ depth, typical: readNumber(typicalLength ?? null) }))
        .filter(({ typical }) => drawable(typical))
        .map(({ depth, typical }) => [x(depth) + dx, y(Math.log10(typical))] as const);
      strokes.appendChild(
        strokeGroup(
          document,
          `${curveStyle(initializer).className} stroke`,
          own.map(([at, height]) => [at - 4, height, at + 4, height]),
        ),
      );
    }
    return strokes;
  };
}

/** Simulation: bars first, so that no bar crosses a point. */
function pointMarks(
  cells: readonly LengthPoint[],
  group: CurveGroup,
  { step, radius }: { readonly step: number; readonly radius: number },
  [ground, ceiling]: readonly [number, number],
): Plot.Markish[] {
  const bars: Plot.Markish[] = [];
  const points: Plot.Markish[] = [];
  for (const [i, initializer] of group.initializers.entries()) {
    const dx = step * (i - (group.initializers.length - 1) / 2);
    const style = curveStyle(initializer);
    const data = curveOf(cells, initializer)
      .map(pointOf)
      .filter(({ mean }) => drawable(mean));
    const bar = (
      some: readonly Point[],
      low: (point: Point) => number,
      high: (point: Point) => number,
      options: Plot.RuleXOptions,
    ) =>
      Plot.ruleX(some, {
        x: 'depth',
        y1: (point: Point) => Math.max(ground, low(point)),
        y2: (point: Point) => Math.min(ceiling, high(point)),
        dx,
        className: style.className,
        stroke: 'currentColor',
        ...options,
      });
    // A bar that goes down to zero has no end on this axis: dotted to the floor, so that it does not pass for a closed one.
    const open = data.filter(({ low }) => low <= 0);
    bars.push(
      bar(
        data,
        ({ low, mean }) => (low > 0 ? low : mean),
        ({ high }) => high,
        { strokeWidth: 1.4 },
      ),
      bar(
        open,
        () => ground,
        ({ mean }) => mean,
        { strokeWidth: 1.2, strokeOpacity: 0.55, strokeDasharray: '1 3' },
      ),
    );
    points.push(
      Plot.dot(data, {
        x: 'depth',
        y: 'mean',
        dx,
        r: radius,
        ...symbolOptions(curveStyle(initializer)),
      }),
    );
  }
  return [...bars, ...points];
}

function headingOf({ factor }: CurveGroup): readonly TextPiece[] | null {
  if (factor === null || !Number.isFinite(factor)) return null;
  if (fateOf(factor) === 'keeps') return [{ text: '1', bold: true }, { text: ' · keeps its length' }];
  return [
    { text: factorText(factor, 3), bold: true },
    { text: 'd', shift: 'super', italic: true },
    { text: factor < 1 ? ' · vanishes' : ' · explodes' },
  ];
}

function axisTexts(
  ticks: readonly number[],
  place: (tick: number) => number,
  depthMeans: string,
): readonly TextLine[] {
  return [
    {
      x: 14,
      y: 20,
      size: 12,
      pieces: [
        { text: '↑ mean length, ' },
        { text: 'M', italic: true },
        { text: 'd', italic: true, shift: 'sub' },
        { text: ' / ' },
        { text: 'M', italic: true },
        { text: '0', shift: 'sub' },
      ],
    },
    {
      x: frame.right,
      y: frame.bottom + 38,
      size: 12,
      anchor: 'end',
      pieces: [{ text: 'depth ' }, { text: 'd', italic: true }, { text: ` (${depthMeans}) →` }],
    },
    ...ticks.map(
      (tick): TextLine => ({
        x: frame.left - 8,
        y: place(tick) + 4,
        anchor: 'end',
        pieces: [{ text: powerOfTenText(tick) }],
      }),
    ),
  ];
}

/** Dead nets of every depth, over all curves; one sentence where the depths are too close for numbers. */
function deadTexts(
  cells: readonly LengthPoint[],
  depths: readonly number[],
  place: (depth: number) => number,
  floor: number,
): readonly TextLine[] {
  const y = floor + stripHeight / 2 + 5;
  const counts = depths.map((depth) =>
    cells.filter((cell) => cell.depth === depth).reduce((sum, cell) => sum + cell.deadTrials, 0),
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  const nets = cells.reduce((sum, cell) => sum + cell.trials, 0);
  const lines: TextLine[] = [
    { x: frame.left - 8, y, anchor: 'end', className: 'quiet', size: 10, pieces: [{ text: 'dead nets' }] },
  ];
  // A digit of 10 px type is about 6.4 px wide.
  const widest = Math.max(...counts.map((count) => countText(count).length)) * 6.4 + 6;
  if (smallestGap(depths, place) < widest) {
    const deepest = depths.filter((_, i) => (counts[i] ?? 0) > 0).at(-1) ?? 0;
    const text = `${countText(total)} of ${countText(nets)}, all at depth ${deepest} or less`;
    return [...lines, { x: frame.left + 8, y, className: 'quiet', size: 10, pieces: [{ text }] }];
  }
  for (const [i, depth] of depths.entries()) {
    const pieces = [{ text: countText(counts[i] ?? 0) }];
    lines.push({ x: place(depth), y, anchor: 'middle', className: 'quiet', size: 10, pieces });
  }
  return lines;
}

/** What a logarithmic axis cannot show. */
function noteTexts(cells: readonly LengthPoint[], untold: string): readonly TextLine[] {
  const means = cells.map((cell) => readNumber(cell.meanLength));
  const zero = means.filter((mean) => mean === 0).length;
  const lost = means.filter((mean) => !Number.isFinite(mean)).length;
  const notes = [
    ...(zero > 0 ? [`${countOf(zero, 'point')} at exactly 0`] : []),
    ...(lost > 0 ? [`${countOf(lost, 'point')} ${untold}`] : []),
  ];
  if (cells.length === 0) notes.push('no nets measured');
  if (notes.length === 0) return [];
  const text = cells.length === 0 ? 'no nets measured' : `not drawn: ${notes.join(', ')}`;
  return [{ x: frame.right, y: 20, anchor: 'end', className: 'quiet', size: 10, pieces: [{ text }] }];
}
