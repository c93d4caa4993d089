/**
 * Labels of the curves, set in the right margin at the height where each curve ends, moved apart where they would
 * touch, and tied to their curves by thin strokes.
 */
import * as Plot from '@observablehq/plot';
import { curveStyle, curveTitle } from './curve-style.js';
import { frame, round, strokeGroup, type TextLine, type TextPiece, textGroup } from './figure-frame.js';

/** One block of labels. */
export interface CurveLabel {
  /** Pixel height where the curve ends. */
  readonly y: number;
  /** A line above the names, such as the theory's factor; null for none. */
  readonly heading: readonly TextPiece[] | null;
  readonly initializers: readonly string[];
}

const lineHeight = 14;
const blockGap = 7;
const textLeft = frame.right + 42;
/** Characters of an 11 px line that fit between `textLeft` and the sheet's edge; a wide letter takes about 7 px. */
const lineCharacters = 24;

interface Block {
  readonly label: CurveLabel;
  readonly names: readonly (readonly string[])[];
  readonly height: number;
  top: number;
}

/**
 * The labels as marks.
 *
 * @param labels in any order
 * @param top highest and `bottom` lowest pixel the blocks may use; they run over the bottom when there are too many
 */
export function curveLabelMarks(labels: readonly CurveLabel[], top: number, bottom: number): Plot.Markish[] {
  const blocks = layOut(labels, top, bottom);
  const lines: TextLine[] = [];
  const strokes: [number, number, number, number][] = [];
  const symbols: Plot.Markish[] = [];
  for (const block of blocks) {
    const middle = block.top + block.height / 2;
    strokes.push([frame.right + 3, block.label.y, frame.right + 20, middle]);
    if (block.height > lineHeight) {
      strokes.push([frame.right + 20, block.top + 2, frame.right + 20, block.top + block.height - 2]);
    }
    let y = block.top + lineHeight / 2;
    if (block.label.heading) {
      lines.push({ x: frame.right + 27, y: y + 4, pieces: block.label.heading });
      y += lineHeight;
    }
    for (const [i, name] of block.names.entries()) {
      symbols.push(symbolMark(block.label.initializers[i] ?? '', round(frame.right + 32), round(y)));
      for (const text of name) {
        lines.push({ x: textLeft, y: y + 4, pieces: [{ text }] });
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

/** The symbol of a curve at a pixel in the right margin. */
function symbolMark(initializer: string, x: number, y: number): Plot.Markish {
  const style = curveStyle(initializer);
  return Plot.dot([0], {
    x: { value: [x], scale: null },
    y: { value: [y], scale: null },
    ...symbolOptions(initializer),
    r: 4.2,
    className: style.filled ? style.className : `${style.className} hollow`,
  });
}

/** Radius of symbols that stand `step` pixels apart: they may overlap a little, and never shrink out of sight. */
export function symbolRadius(step: number): number {
  return round(Math.min(4.3, Math.max(2.6, step * 0.62)));
}

/** Symbol, fill and stroke of a curve's points, as Plot's options. Hollow ones get their fill from the style sheet. */
export function symbolOptions(initializer: string) {
  const style = curveStyle(initializer);
  return {
    symbol: style.symbol,
    fill: style.filled ? 'currentColor' : 'white',
    stroke: 'currentColor',
    strokeWidth: style.filled ? 0.6 : 1.5,
    className: style.filled ? style.className : `${style.className} hollow`,
  } as const;
}

function layOut(labels: readonly CurveLabel[], top: number, bottom: number): readonly Block[] {
  const blocks = labels
    .map((label): Block => {
      const names = label.initializers.map((initializer) => wrap(curveTitle(initializer), lineCharacters));
      const rows = names.reduce((sum, name) => sum + name.length, label.heading ? 1 : 0);
      return { label, names, height: rows * lineHeight, top: 0 };
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
