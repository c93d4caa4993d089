/**
 * Lengths by layer on the terminal, the lengths on a logarithmic scale: curves as lines, measurements as points. Lines and
 * points differ in shape, so that the plot can be read without colors too.
 */
import { countText, numberText, powerOfTenText } from '@kindling/studies/text';
import asciichart from 'asciichart';
import type { Colors } from './output.js';
import { textWidth } from './wrap-text.js';

/** One curve. */
export interface LengthCurve {
  /** In the legend; empty for a curve that shares the entry of another. */
  readonly label: string;
  /** log₁₀ of the length of layer 0 (the input), 1, 2, … What is not finite is not drawn. */
  readonly logs: readonly number[];
  readonly style: CurveStyle;
}

/** Lines for theory, points for what was measured; the first of each for means, the second for typical nets. */
export type CurveStyle = 'line' | 'dashes' | 'dots' | 'rings';

/** asciichart's ten characters, in its order. */
const lineSymbols: Readonly<Record<'line' | 'dashes', readonly string[]>> = {
  line: ['┤', '┤', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│'],
  dashes: ['┤', '┤', '╶', '╴', '╌', '╰', '╭', '╮', '╯', '╎'],
};
const pointSymbols: Readonly<Record<'dots' | 'rings', string>> = { dots: '●', rings: '○' };
/** What is drawn later lies on top. */
const drawingOrder: readonly CurveStyle[] = ['dashes', 'line', 'rings', 'dots'];

const mostRows = 10;
/** A plot wider than this is no easier to read. */
const mostColumns = 96;
/** In fewer columns there is no curve to see. */
const leastColumns = 16;
/** Columns between two points, and between two labels of layers. */
const pointGap = 4;
const tickGap = 9;

interface Cell {
  readonly character: string;
  readonly style: CurveStyle | null;
}

/** Rows of the plot: `rows + 1` of them, `step` decades apart, the lowest at `low · step`. */
interface Scale {
  readonly step: number;
  readonly low: number;
  readonly rows: number;
}

/**
 * The plot with its legend, ending in a newline; an empty text when there is nothing to draw or no room.
 *
 * @param columns room a line
 * @param unit what the axis counts
 */
export function lengthPlot(
  curves: readonly LengthCurve[],
  columns: number,
  colors: Colors,
  unit: 'layer' | 'module' = 'layer',
): string {
  const shown = curves
    .map((curve) => ({ ...curve, logs: finiteStart(curve) }))
    .filter(({ logs }) => logs.slice(1).some(Number.isFinite));
  const drawn = drawingOrder.flatMap((style) => shown.filter((curve) => curve.style === style));
  const layers = Math.max(0, ...curves.map(({ logs }) => logs.length - 1));
  const scale = scaleOf(drawn.flatMap(({ logs }) => logs.filter(Number.isFinite)));
  if (scale === null || layers < 1) return '';
  const labels = Array.from({ length: scale.rows + 1 }, (_, row) => rowLabel(scale, row));
  const margin = Math.max(...labels.map(textWidth), unit.length);
  const room = Math.min(columns, mostColumns) - margin - 3;
  if (room < leastColumns) return '';

  const grid: Cell[][] = labels.map(() =>
    Array.from({ length: room }, () => ({ character: ' ', style: null })),
  );
  for (const curve of drawn) draw(grid, curve, layers, scale);
  const lines = grid.map((row, i) =>
    `${(labels[i] ?? '').padStart(margin)} ┤${painted(row, colors)}`.trimEnd(),
  );
  const axis = layerAxis(layers, room, margin, unit);
  return [...lines, ...axis, legendText(shown, margin, columns, colors), ''].join('\n');
}

/** The values up to the first that cannot be drawn; points may have gaps. */
function finiteStart({ logs, style }: LengthCurve): readonly number[] {
  if (style === 'dots' || style === 'rings') return logs;
  const end = logs.findIndex((value) => !Number.isFinite(value));
  return end === -1 ? logs : logs.slice(0, end);
}

/** The finest of 0.1, 0.2, 0.5, 1, 2, 5, … decades a row that needs no more than `mostRows`. */
function scaleOf(values: readonly number[]): Scale | null {
  if (values.length === 0) return null;
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  for (let unit = 1; ; unit *= 10) {
    for (const factor of [1, 2, 5]) {
      const step = (unit * factor) / 10;
      const low = Math.floor(least / step + 1e-9);
      const high = Math.ceil(most / step - 1e-9);
      if (high - low > mostRows) continue;
      // A flat curve lies in the middle of a plot of its own.
      return high - low >= 2 ? { step, low, rows: high - low } : { step, low: low - 1, rows: high - low + 2 };
    }
  }
}

/** Row 0 is the highest. */
function rowLabel({ step, low, rows }: Scale, row: number): string {
  const index = low + rows - row;
  const decades = index * step;
  if (step < 1) return numberText(10 ** decades, 2);
  return powerOfTenText(Math.round(decades));
}

function draw(grid: Cell[][], { logs, style }: LengthCurve, layers: number, scale: Scale): void {
  const room = grid[0]?.length ?? 0;
  const { step, low, rows } = scale;
  if (style === 'dots' || style === 'rings') {
    const every = Math.max(1, Math.ceil((pointGap * layers) / room));
    for (let layer = style === 'dots' ? every : Math.ceil(every / 2); layer <= layers; layer += every) {
      const value = logs[layer] ?? Number.NaN;
      const row = low + rows - Math.round(value / step);
      put(grid, row, columnOf(layer, layers, room), { character: pointSymbols[style], style });
    }
    return;
  }
  const last = columnOf(logs.length - 1, layers, room);
  const resampled = Array.from({ length: last + 1 }, (_, x) => valueAt(logs, (x * layers) / (room - 1)));
  if (logs.length < 2) return;
  const text = asciichart.plot([resampled], {
    min: low * step,
    max: (low + rows) * step,
    height: rows,
    offset: 1,
    // A label of one blank lies under the axis; of none it would take the first column away.
    format: () => ' ',
    symbols: lineSymbols[style],
  });
  for (const [row, line] of text.split('\n').entries()) {
    // The first column is the axis.
    for (const [x, character] of [...line].slice(1).entries()) {
      if (character !== ' ') put(grid, row, x, { character, style });
    }
  }
}

function put(grid: Cell[][], row: number, column: number, cell: Cell): void {
  const line = grid[row];
  if (line !== undefined && column < line.length) line[column] = cell;
}

function columnOf(layer: number, layers: number, room: number): number {
  return Math.round((layer * (room - 1)) / layers);
}

/** Between two layers the line goes straight. */
function valueAt(logs: readonly number[], layer: number): number {
  const before = Math.min(Math.floor(layer), logs.length - 1);
  const left = logs[before] ?? Number.NaN;
  const right = logs[before + 1] ?? left;
  return left + (right - left) * Math.min(1, layer - before);
}

/** A row of cells as text, each stretch of one curve painted at once. */
function painted(row: readonly Cell[], colors: Colors): string {
  let text = '';
  for (let i = 0; i < row.length; ) {
    const style = row[i]?.style ?? null;
    let stretch = '';
    while (i < row.length && (row[i]?.style ?? null) === style) stretch += row[i++]?.character ?? '';
    text += style === null ? stretch : paint(style, stretch, colors);
  }
  return colors.isColorSupported ? text : text.trimEnd();
}

function paint(style: CurveStyle, text: string, colors: Colors): string {
  switch (style) {
    case 'line':
      return colors.cyan(text);
    case 'dashes':
      return colors.magenta(text);
    case 'dots':
      return colors.yellow(text);
    case 'rings':
      return colors.yellow(text);
  }
}

function sample(style: CurveStyle): string {
  if (style === 'dots' || style === 'rings') return pointSymbols[style];
  return (lineSymbols[style][4] ?? '').repeat(2);
}

/** The axis and the numbers of layers below it; the input is layer 0. */
function layerAxis(layers: number, room: number, margin: number, unit: string): readonly string[] {
  const step = tickStep(layers, room);
  const axis = Array.from({ length: room }, () => '─');
  const labels = Array.from({ length: room + 8 }, () => ' ');
  for (let layer = 0; layer <= layers; layer += step) {
    const column = columnOf(layer, layers, room);
    axis[column] = '┬';
    const text = countText(layer);
    const start = Math.max(0, column - Math.floor((text.length - 1) / 2));
    for (const [i, character] of [...text].entries()) {
      // The last number ends with the axis: the line must not grow.
      labels[Math.min(start, room - text.length) + i] = character;
    }
  }
  return [
    `${' '.repeat(margin)} └${axis.join('')}`,
    `${unit.padStart(margin)}  ${labels.join('').trimEnd()}`,
  ];
}

function tickStep(layers: number, room: number): number {
  for (let unit = 1; ; unit *= 10) {
    for (const factor of [1, 2, 5]) {
      const step = unit * factor;
      if ((step * room) / layers >= tickGap || step >= layers) return step;
    }
  }
}

/** Side by side where there is room, else one below the other. */
function legendText(curves: readonly LengthCurve[], margin: number, columns: number, colors: Colors): string {
  const indent = ' '.repeat(margin + 2);
  const told = curves.filter(({ label }) => label !== '');
  const entries = told.map(
    ({ label, style }) => `${paint(style, sample(style), colors)} ${colors.dim(label)}`,
  );
  const width = told.reduce((sum, { label, style }) => sum + textWidth(`${sample(style)} ${label}`), 0);
  const inLine = margin + 2 + width + 3 * (told.length - 1) <= columns;
  return `${indent}${entries.join(inLine ? '   ' : `\n${indent}`)}`;
}
