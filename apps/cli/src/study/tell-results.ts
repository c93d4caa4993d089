/** The end of a study on the terminal: findings first, then the tables, then where the report lies. */
import { type JsonObject, type StudyDefinition, type StudySpec, summaryText } from '@kindling/studies';
import { findingsText } from '../output/findings-text.js';
import { tableText } from '../output/table-text.js';
import { proseColumns } from '../output/wrap-text.js';
import type { Surroundings } from '../surroundings.js';

/** What there is to tell. */
export interface StudyResults<Spec extends StudySpec, Summary extends JsonObject> {
  readonly study: StudyDefinition<Spec, Summary>;
  readonly summary: Summary;
  /** Absolute path. */
  readonly report: string;
  /** stdout gets the bytes of `summary.json` and nothing else; findings go to stderr, tables nowhere. */
  readonly json: boolean;
}

/** Writes the results to the streams. */
export function tellResults<Spec extends StudySpec, Summary extends JsonObject>(
  { study, summary, report, json }: StudyResults<Spec, Summary>,
  { stdout, stderr }: Surroundings,
): void {
  const output = json ? stderr : stdout;
  const { colors } = output;
  const columns = output.columns();
  output.write(`\n${findingsText(study.findings(summary), proseColumns(columns), colors)}`);
  if (!json) {
    const room = columns ?? Number.POSITIVE_INFINITY;
    for (const table of study.tables(summary)) output.write(`\n${tableText(table, room, colors)}`);
  }
  output.write(`\nReport: ${colors.cyan(report)}\n`);
  if (json) stdout.write(summaryText(summary));
}
