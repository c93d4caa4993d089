/** Marks of series placed in pixels of the sheet. */
import * as Plot from '@observablehq/plot';
import { round } from './rounding.js';
import { type SeriesStyle, symbolOptions } from './series-style.js';

/** A point. */
export interface PixelPoint {
  readonly x: number;
  readonly y: number;
}

/** A point with the ends of its interval. */
export interface PixelInterval extends PixelPoint {
  /** y of the interval's ends, in either order. */
  readonly from: number;
  readonly to: number;
}

/** A line through points. */
export function lineMark(
  points: readonly PixelPoint[],
  style: SeriesStyle,
  options: Plot.LineOptions = {},
): Plot.Markish {
  return Plot.line(points.map(rounded), {
    x: 'x',
    y: 'y',
    stroke: 'currentColor',
    strokeWidth: 1.8,
    className: style.className,
    ...options,
  });
}

/** The area between the ends of the intervals. */
export function bandMark(intervals: readonly PixelInterval[], style: SeriesStyle): Plot.Markish {
  return Plot.areaY(
    intervals.map(({ x, from, to }) => ({ x: round(x), from: round(from), to: round(to) })),
    { x: 'x', y1: 'from', y2: 'to', fill: 'currentColor', fillOpacity: 0.14, className: style.className },
  );
}

/** Intervals as bars, then points as symbols: no bar crosses a point. */
export function intervalMarks(
  intervals: readonly PixelInterval[],
  style: SeriesStyle,
  radius = 4.2,
): readonly Plot.Markish[] {
  return [
    Plot.ruleX(
      intervals.map(({ x, from, to }) => ({ x: round(x), from: round(from), to: round(to) })),
      { x: 'x', y1: 'from', y2: 'to', stroke: 'currentColor', strokeWidth: 1.4, className: style.className },
    ),
    pointMark(intervals, style, radius),
  ];
}

/** Points as symbols. */
export function pointMark(points: readonly PixelPoint[], style: SeriesStyle, radius = 4.2): Plot.Markish {
  return Plot.dot(points.map(rounded), { x: 'x', y: 'y', r: radius, ...symbolOptions(style) });
}

function rounded({ x, y }: PixelPoint): PixelPoint {
  return { x: round(x), y: round(y) };
}

/** A bar from one x to another, standing on a line. */
export interface PixelBar {
  readonly from: number;
  readonly to: number;
  /** Its top. */
  readonly y: number;
}

/** Bars that stand on `bottom`, as of a histogram. */
export function barMark(bars: readonly PixelBar[], bottom: number, style: SeriesStyle): Plot.Markish {
  return Plot.rect(
    bars.map(({ from, to, y }) => ({ from: round(from), to: round(to), y: round(y) })),
    {
      ...{ x1: 'from', x2: 'to', y1: bottom, y2: 'y', fill: 'currentColor', fillOpacity: 0.45 },
      className: style.className,
    },
  );
}
