/**
 * The bands above the cap of a figure of epochs: one for every way a training does not start, with a symbol and a count for
 * every grid point that has runs there.
 */
import { frame, smallestGap, svgElement, type TextLine } from '../figures/figure-frame.js';
import type { SeriesStyle } from '../figures/series-style.js';
import { countOf, countText } from '../report/number-text.js';
import {
  type EpochsToAccuracy,
  type Failure,
  failureCount,
  failures,
  mainFailure,
} from './epochs-to-accuracy.js';

/** Pixels a band takes, the gap below it included. */
export const bandHeight = 30;

/** A band on the sheet. */
export interface Band {
  readonly failure: Failure;
  /** Pixel height of the symbols' row. */
  readonly y: number;
  readonly top: number;
}

/** A grid point with its place on the sheet. */
export interface PlacedCell {
  readonly cell: EpochsToAccuracy;
  readonly style: SeriesStyle;
  /** On the horizontal axis: points of one value share a count where there is no room for one each. */
  readonly at: number;
  /** Pixels. */
  readonly x: number;
}

/** A symbol, dot or count at a pixel of the sheet. */
export interface Spot {
  readonly style: SeriesStyle;
  readonly x: number;
  readonly y: number;
  readonly count: number;
}

/** The bands that have runs in them; the one nearest the epochs is the one nearest to starting. */
export function bandsOf(cells: readonly EpochsToAccuracy[]): readonly Band[] {
  const present = failures.filter((failure) => cells.some((cell) => failureCount(cell, failure) > 0));
  return present.map((failure, i) => {
    const top = frame.top + (present.length - 1 - i) * bandHeight;
    return { failure, top, y: top + 10 };
  });
}

/** The band of the cell's most frequent failure. */
export function bandOf(bands: readonly Band[], cell: EpochsToAccuracy): Band | undefined {
  const failure = mainFailure(cell);
  return bands.find((band) => band.failure === failure);
}

/** A symbol in every band for each grid point with runs there. */
export function failedSpots(placed: readonly PlacedCell[], bands: readonly Band[]): readonly Spot[] {
  return bands.flatMap((band) =>
    placed.flatMap(({ cell, style, x }) => {
      const count = failureCount(cell, band.failure);
      return count > 0 ? [{ style, x, y: band.y, count }] : [];
    }),
  );
}

/** The bands' grounds. */
export function bandGround(document: Document, bands: readonly Band[]): SVGElement {
  const group = svgElement(document, 'g', { class: 'band', 'aria-hidden': 'true' });
  for (const { top } of bands) {
    const width = frame.right - frame.left;
    group.appendChild(svgElement(document, 'rect', { x: frame.left, y: top, width, height: bandHeight - 2 }));
  }
  return group;
}

/** The bands' names, left of them. @param cap most epochs a run may take, if known */
export function bandTexts(bands: readonly Band[], cap: number | undefined): readonly TextLine[] {
  const words: Readonly<Record<Failure, readonly string[]>> = {
    censored: cap === undefined ? ['not within', 'the cap'] : ['not within', countOf(cap, 'epoch')],
    diverged: ['diverged'],
    'never-moves': ['can never', 'move again'],
  };
  return bands.flatMap(({ failure, top }) => {
    const lines = words[failure];
    return lines.map(
      (text, i): TextLine => ({
        x: frame.left - 6,
        y: top + bandHeight / 2 + 3 + (i - (lines.length - 1) / 2) * 11,
        anchor: 'end',
        size: 9.5,
        className: 'quiet',
        pieces: [{ text }],
      }),
    );
  });
}

/** How much room the counts have. */
export interface CountRoom {
  /** Pixels between the curves at one value. */
  readonly step: number;
  /** The values of the horizontal axis that have points, ascending. */
  readonly values: readonly number[];
  readonly place: (value: number) => number;
}

/** Counts under the bands' symbols: one a symbol where they fit, else one a value, else one a band. */
export function countTexts(
  placed: readonly PlacedCell[],
  bands: readonly Band[],
  failed: readonly Spot[],
  { step, values, place }: CountRoom,
): readonly TextLine[] {
  const line = (x: number, y: number, text: string): TextLine => ({
    x,
    y: y + 15,
    anchor: 'middle',
    size: 9,
    className: 'quiet count',
    pieces: [{ text }],
  });
  // A digit of 9 px type is about 5.8 px wide.
  const digits = failed.reduce((most, spot) => Math.max(most, countText(spot.count).length), 1);
  if (digits * 5.8 + 1.5 <= step) return failed.map((spot) => line(spot.x, spot.y, countText(spot.count)));
  const runs = (failure: Failure, some: readonly PlacedCell[]) => {
    const count = some.reduce((sum, { cell }) => sum + failureCount(cell, failure), 0);
    return {
      count,
      text: `${countText(count)}/${countText(some.reduce((sum, { cell }) => sum + cell.runs, 0))}`,
    };
  };
  const byValue = bands.flatMap(({ failure, y }) =>
    values
      .map((value) => ({
        ...runs(
          failure,
          placed.filter(({ at }) => at === value),
        ),
        x: place(value),
        y,
      }))
      .filter(({ count }) => count > 0),
  );
  const widest = byValue.reduce((most, { text }) => Math.max(most, text.length), 0) * 5.4 + 4;
  if (widest <= smallestGap(values, place)) return byValue.map(({ x, y, text }) => line(x, y, text));
  return bands.map(({ failure, y }) =>
    line((frame.left + frame.right) / 2, y, `${runs(failure, placed).text} runs`),
  );
}
