/**
 * A figure whose study has placed everything in pixels: grid, marks, a horizontal and a vertical axis with titles, labels in
 * the right margin. Observable Plot draws the marks; what they show is the study's business.
 */
import * as Plot from '@observablehq/plot';
import type { Figure } from '../study.js';
import {
  finishFigure,
  frame,
  gridMark,
  sheet,
  strokeGroup,
  type TextLine,
  type TextPiece,
  textGroup,
} from './figure-frame.js';
import { type SeriesLabel, seriesLabelMarks } from './series-labels.js';
import type { SeriesStyle } from './series-style.js';

/** A tick of an axis at a pixel. */
export interface PixelTick {
  readonly at: number;
  readonly text: string;
  /** A second line below the text, for a horizontal axis. */
  readonly note?: string;
}

/** An axis: its title, set with an arrow, and its ticks. */
export interface PixelAxis {
  readonly title: readonly TextPiece[];
  readonly ticks: readonly PixelTick[];
}

/** All of a figure. */
export interface PixelDrawing {
  /** File name without ending; also the class, behind `kindling-`. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly x: PixelAxis;
  readonly y: PixelAxis;
  /** In pixels of the sheet, back to front. */
  readonly marks: readonly Plot.Markish[];
  readonly texts: readonly TextLine[];
  readonly labels: readonly SeriesLabel[];
  /** Looks of every mark and label. */
  readonly styles: readonly SeriesStyle[];
}

/** The figure. @param drawing made when the figure is drawn, not before */
export function pixelFigure(
  { name, title, caption }: Pick<PixelDrawing, 'name' | 'title' | 'caption'>,
  drawing: () => Omit<PixelDrawing, 'name' | 'title' | 'caption'>,
): Figure {
  return {
    name,
    title,
    caption,
    render: (document) => draw({ name, title, caption, ...drawing() }, document),
  };
}

function draw(drawing: PixelDrawing, document: Document): SVGSVGElement {
  const { name, title, caption, x, y, marks, texts, labels, styles } = drawing;
  const className = `kindling-${name}`;
  const svg = Plot.plot({
    document,
    className,
    ...sheet,
    x: { type: 'linear', domain: [frame.left, frame.right], range: [frame.left, frame.right], axis: null },
    y: { type: 'linear', domain: [frame.bottom, frame.top], range: [frame.bottom, frame.top], axis: null },
    marks: [
      gridMark(y.ticks.map((tick) => tick.at)),
      ...marks,
      (_i, _s, _v, _d, context) =>
        strokeGroup(context.document, 'stroke', [
          [frame.left, frame.bottom, frame.right, frame.bottom],
          ...x.ticks.map(({ at }) => [at, frame.bottom, at, frame.bottom + 5] as const),
        ]),
      (_i, _s, _v, _d, context) => textGroup(context.document, [...axisTexts(x, y), ...texts]),
      ...seriesLabelMarks(labels, frame.top, frame.bottom),
    ],
  });
  return finishFigure(document, svg as SVGSVGElement, {
    className,
    title,
    description: caption,
    styles,
  });
}

function axisTexts(x: PixelAxis, y: PixelAxis): readonly TextLine[] {
  const titleDrop = x.ticks.some((tick) => tick.note !== undefined) ? 47 : 38;
  return [
    { x: 14, y: 20, size: 12, pieces: [{ text: '↑ ' }, ...y.title] },
    {
      x: frame.right,
      y: frame.bottom + titleDrop,
      size: 12,
      anchor: 'end',
      pieces: [...x.title, { text: ' →' }],
    },
    ...y.ticks.map(
      ({ at, text }): TextLine => ({ x: frame.left - 8, y: at + 4, anchor: 'end', pieces: [{ text }] }),
    ),
    ...x.ticks.flatMap(({ at, text, note }): TextLine[] => [
      { x: at, y: frame.bottom + 17, anchor: 'middle', pieces: [{ text }] },
      ...(note === undefined
        ? []
        : [
            {
              x: at,
              y: frame.bottom + 30,
              anchor: 'middle' as const,
              size: 10,
              className: 'quiet',
              pieces: [{ text: note }],
            },
          ]),
    ]),
  ];
}
