/** What a study found, for the terminal. */
import type { Colors } from './output.js';
import { wrapText } from './wrap-text.js';

/** The findings, the first one set apart as the verdict. Ends in a newline. @param columns room a line */
export function findingsText(findings: readonly string[], columns: number, colors: Colors): string {
  const [verdict, ...others] = findings;
  if (verdict === undefined) return 'Nothing was measured.\n';
  const bold = wrapText(verdict, columns)
    .split('\n')
    .map((line) => colors.bold(line))
    .join('\n');
  const rest = others.map((finding) => `${wrapText(finding, columns, '• ', '  ')}\n`);
  return `${bold}\n${rest.length > 0 ? `\n${rest.join('')}` : ''}`;
}
