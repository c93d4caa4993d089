/** Prose in lines of a terminal's width. */

/** Prose is hard to read in lines longer than this, whatever the terminal holds. */
const mostColumns = 100;
const leastColumns = 24;
/** For output that goes to a file or a pipe. */
const plainColumns = 100;

/** Columns to write prose in. @param columns the terminal's, undefined without one */
export function proseColumns(columns: number | undefined): number {
  return Math.max(leastColumns, Math.min(columns ?? plainColumns, mostColumns));
}

/** Blanks between words; a number stays in one line with its power of ten, its error and its percent sign. */
const breakable = / (?![×±%])(?<![×±] )/;

/** Length of `text` on a terminal; right for what Kindling prints (no wide or combining characters, no colors). */
export function textWidth(text: string): number {
  return [...text].length;
}

/**
 * Breaks `text` between words into lines of at most `columns`; a longer word has a line of its own.
 *
 * @param first what the first line starts with, and `rest` what the others do; both count in the width
 */
export function wrapText(text: string, columns: number, first = '', rest = first): string {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(breakable)) {
    if (!empty && textWidth(line) + 1 + textWidth(word) > columns) {
      lines.push(line);
      line = rest;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  lines.push(line);
  return lines.join('\n');
}
