/**
 * A table of a study for the terminal: as wide as its cells where there is room, with wrapped cells where there is
 * little, and row by row where there is none. Rows of one subject stand together and name it once.
 */
import type { SummaryTable } from '@kindling/studies';
import Table from 'cli-table3';
import type { Colors } from './output.js';
import { textWidth, wrapText } from './wrap-text.js';

/** Longer tables push the findings off the screen; the report has every row. */
const mostRows = 40;
/** Blanks between columns. */
const gap = 2;
/** A narrower cell of words is not worth reading. */
const leastColumn = 10;
const numeric = /^([+−-]?[\d,.]+( × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?|−?∞|NaN|–|[>][\d,]+)$/;

const borderless = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(gap),
};

/**
 * The table's text, ending in a newline.
 *
 * @param columns room a line
 */
export function tableText(table: SummaryTable, columns: number, colors: Colors): string {
  const { rows, note } = shownRows(table);
  const widths = fit(columnWidths(table.columns, rows), columns);
  const body =
    widths === null ? stacked(table.columns, rows, columns) : gridText(table.columns, rows, widths, colors);
  const tail = note === null ? '' : `${colors.dim(note)}\n`;
  return `${colors.bold(wrapText(table.title, columns))}\n${body}${tail}`;
}

/** All rows, or of each subject the last one: with depths in ascending order that is its deepest point. */
function shownRows({ rows }: SummaryTable): Pick<SummaryTable, 'rows'> & { readonly note: string | null } {
  if (rows.length <= mostRows) return { rows, note: null };
  const last = rows.filter((row, i) => row[0] !== rows[i + 1]?.[0]);
  if (last.length === rows.length) return { rows, note: null };
  return { rows: last, note: `(the last row of each; all ${rows.length} are in the report)` };
}

/** A column's wishes. */
interface ColumnWidths {
  /** Holds its title and its cells on one line each. */
  readonly whole: number;
  /** Holds the cells on one line, and the title broken between its words. */
  readonly cells: number;
}

function columnWidths(header: readonly string[], rows: SummaryTable['rows']): readonly ColumnWidths[] {
  return header.map((title, i) => {
    const cells = rows.map((row) => textWidth(row[i] ?? ''));
    return {
      whole: Math.max(textWidth(title), ...cells, 1),
      cells: Math.max(...title.split(' ').map(textWidth), ...cells, 1),
    };
  });
}

/** Takes room from the widest column, first from titles, then from cells; null when that leaves too little. */
function fit(wishes: readonly ColumnWidths[], columns: number): readonly number[] | null {
  const widths = wishes.map(({ whole }) => whole);
  const room = columns - gap * (widths.length - 1);
  for (let excess = widths.reduce((sum, width) => sum + width, 0) - room; excess > 0; excess--) {
    const looseTitles = widths.map((width, i) => (width > (wishes[i]?.cells ?? 0) ? width : 0));
    const title = widestOf(looseTitles);
    const chosen = (looseTitles[title] ?? 0) > 0 ? title : widestOf(widths);
    const width = widths[chosen] ?? 0;
    if ((looseTitles[title] ?? 0) === 0 && width <= leastColumn) return null;
    widths[chosen] = width - 1;
  }
  return widths;
}

function widestOf(widths: readonly number[]): number {
  return widths.indexOf(Math.max(...widths));
}

function gridText(
  header: readonly string[],
  rows: SummaryTable['rows'],
  widths: readonly number[],
  colors: Colors,
): string {
  const right = header.map((_, i) => rows.every((row) => numeric.test(row[i] ?? '')));
  const grid = new Table({
    chars: borderless,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colWidths: [...widths],
    colAligns: right.map((isNumber) => (isNumber ? 'right' : 'left')),
    wordWrap: true,
  });
  grid.push(header.map((title) => colors.dim(title)));
  for (const [r, row] of rows.entries()) {
    const repeated = row[0] === rows[r - 1]?.[0];
    grid.push(row.map((cell, i) => (i === 0 && repeated ? '' : cell)));
  }
  return trimmed(grid.toString());
}

function stacked(header: readonly string[], rows: SummaryTable['rows'], columns: number): string {
  return rows
    .map(([subject = '', ...cells]) => {
      const lines = cells.map((cell, i) => `  ${header[i + 1] ?? ''}: ${cell}`);
      return `${[wrapText(subject, columns), ...lines].join('\n')}\n`;
    })
    .join('');
}

function trimmed(text: string): string {
  return `${text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}
