/** The parts of an answer: its first sentence, and facts as labels with texts. */
import type { Colors } from './output.js';
import { textWidth, wrapText } from './wrap-text.js';

/** A label and what is to be said under it. */
export type Fact = readonly [label: string, text: string];

/** The sentence an answer starts with, in bold, and an empty line. @param columns room a line */
export function headlineText(sentence: string, columns: number, colors: Colors): string {
  const lines = wrapText(sentence, columns).split('\n');
  return `${lines.map((line) => colors.bold(line)).join('\n')}\n\n`;
}

/** The facts with aligned texts, one or more lines each. Ends in a newline. @param columns room a line */
export function factsText(facts: readonly Fact[], columns: number, colors: Colors): string {
  const width = Math.max(...facts.map(([label]) => textWidth(label)));
  const indent = ' '.repeat(width + 4);
  return facts
    .map(([label, text]) => {
      const padding = ' '.repeat(width - textWidth(label));
      const wrapped = wrapText(text, columns, indent).slice(indent.length);
      return `  ${colors.dim(label)}${padding}  ${wrapped}\n`;
    })
    .join('');
}

/** Remarks behind an answer, one bullet each. Ends in a newline when there are any. @param columns room a line */
export function remarksText(remarks: readonly string[], columns: number): string {
  return remarks.map((remark) => `${wrapText(remark, columns, '• ', '  ')}\n`).join('');
}
