/** A stretch of a report that is its study's own, such as what the theory says. */
import type { SummaryTable } from '../study.js';

/** A headed piece of text with tables. Plain text throughout: the report escapes it. */
export interface ReportSection {
  readonly title: string;
  /** One string a paragraph. */
  readonly paragraphs: readonly string[];
  readonly tables: readonly SummaryTable[];
}
