/**
 * Labels of the series, set in the right margin at the height where each ends, moved apart where they would touch, and
 * tied to their series by thin strokes.
 */
import * as Plot from '@observablehq/plot';
import { frame, strokeGroup, type TextLine, type TextPiece, textGroup } from './figure-frame.js';
import { round } from './rounding.js';
import { type SeriesStyle, symbolOptions } from './series-style.js';

/** What a label says and shows of one series. */
export interface Series {
  /** Plain, or typeset where it has a raised or lowered letter. */
  readonly title: string | readonly TextPiece[];
  readonly style: SeriesStyle;
  /** What stands before the title: the symbol of its points (the default), or a piece of its line. */
  readonly sample?: 'symbol' | 'line';
}

/** One block of labels. */
export interface SeriesLabel {
  /** Pixel height where the series end. */
  readonly y: number;
  /** A line above the titles, such as the theory's factor; null for none. */
  readonly heading: readonly TextPiece[] | null;
  readonly series: readonly Series[];
  /** False for a key to symbols, which belongs to no height: it has no stroke to one. Default true. */
  readonly tied?: boolean;
}

const lineHeight = 14;
const blockGap = 7;
const textLeft = frame.right + 42;
/** Characters of an 11 px line that fit between `textLeft` and the sheet's edge; a wide letter takes about 7 px. */
const lineCharacters = 24;

interface Block {
  readonly label: SeriesLabel;
  readonly series: readonly (Omit<Series, 'title'> & { readonly title: readonly (readonly TextPiece[])[] })[];
  readonly height: number;
  top: number;
}

/**
 * The labels as marks.
 *
 * @param labels in any order
 * @param top highest and `bottom` lowest pixel the blocks may use; they run over the bottom when there are too many
 */
export function seriesLabelMarks(
  labels: readonly SeriesLabel[],
  top: number,
  bottom: number,
): Plot.Markish[] {
  const blocks = layOut(labels, top, bottom);
  const lines: TextLine[] = [];
  const strokes: [number, number, number, number][] = [];
  const symbols: Plot.Markish[] = [];
  for (const block of blocks) {
    const middle = block.top + block.height / 2;
    const tied = block.label.tied ?? true;
    if (tied) strokes.push([frame.right + 3, block.label.y, frame.right + 20, middle]);
    if (tied && block.height > lineHeight) {
      strokes.push([frame.right + 20, block.top + 2, frame.right + 20, block.top + block.height - 2]);
    }
    let y = block.top + lineHeight / 2;
    if (block.label.heading) {
      lines.push({ x: frame.right + 27, y: y + 4, pieces: block.label.heading });
      y += lineHeight;
    }
    for (const { style, title, sample } of block.series) {
      const mark = sample === 'line' ? lineSample : symbolMark;
      symbols.push(mark(style, round(frame.right + 32), round(y)));
      for (const pieces of title) {
        lines.push({ x: textLeft, y: y + 4, pieces });
        y += lineHeight;
      }
    }
  }
  return [
    (_index, _scales, _values, _dimensions, context) =>
      strokeGroup(context.document, 'quiet stroke', strokes),
    ...symbols,
    (_index, _scales, _values, _dimensions, context) => textGroup(context.document, lines),
  ];
}

/** The symbol of a series at a pixel in the right margin. */
function symbolMark(style: SeriesStyle, x: number, y: number): Plot.Markish {
  return Plot.dot([0], {
    x: { value: [x], scale: null },
    y: { value: [y], scale: null },
    ...symbolOptions(style),
    r: 4.2,
  });
}

/** A short stroke in the color of a series at a pixel in the right margin. */
function lineSample({ className }: SeriesStyle, x: number, y: number): Plot.Markish {
  return (_index, _scales, _values, _dimensions, context) =>
    strokeGroup(context.document, `${className} stroke`, [[x - 7, y, x + 5, y]]);
}

function layOut(labels: readonly SeriesLabel[], top: number, bottom: number): readonly Block[] {
  const blocks = labels
    .map((label): Block => {
      const series = label.series.map((one) => ({ ...one, title: wrapPieces(one.title, lineCharacters) }));
      const rows = series.reduce((sum, { title }) => sum + title.length, label.heading ? 1 : 0);
      return { label, series, height: rows * lineHeight, top: 0 };
    })
    .sort((a, b) => a.label.y - b.label.y);
  // Down: nobody above the one before. Up: nobody below the bottom. Down again in case that left the top.
  let free = top;
  for (const block of blocks) {
    block.top = Math.max(free, block.label.y - block.height / 2);
    free = block.top + block.height + blockGap;
  }
  let limit = bottom;
  for (const block of [...blocks].reverse()) {
    block.top = Math.min(block.top, limit - block.height);
    limit = block.top - blockGap;
  }
  free = top;
  for (const block of blocks) {
    block.top = Math.max(free, block.top);
    free = block.top + block.height + blockGap;
  }
  return blocks;
}

/** Breaks a title between words into lines of at most `length` characters; a longer word stands alone. */
function wrap(title: string, length: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of title.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > length) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** The same for a title in pieces: it breaks where its letters, set in one line, would. */
function wrapPieces(title: string | readonly TextPiece[], length: number): readonly (readonly TextPiece[])[] {
  const pieces = typeof title === 'string' ? [{ text: title }] : title;
  let start = 0;
  return wrap(pieces.map(({ text }) => text).join(''), length).map((line) => {
    const found = slicePieces(pieces, start, start + line.length);
    start += line.length + 1;
    return found;
  });
}

/** The letters from `start` up to `end`, with their looks. */
function slicePieces(pieces: readonly TextPiece[], start: number, end: number): readonly TextPiece[] {
  let before = 0;
  return pieces.flatMap((piece) => {
    const text = piece.text.slice(Math.max(0, start - before), Math.max(0, end - before));
    before += piece.text.length;
    return text === '' ? [] : [{ ...piece, text }];
  });
}
