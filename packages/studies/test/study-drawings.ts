/** What holds for the figures, tables, findings and the report of every study, checked on records that were made up. */
import type { JsonObject } from '@kindling/studies';
import { expect, it } from 'vitest';
import type { AnyStudy } from '../src/catalog/catalog.js';
import { frame } from '../src/figures/figure-frame.js';
import { studyReport } from '../src/report/html-report.js';
import { svgText } from '../src/report/svg-text.js';
import { summaryText } from '../src/store/summary-text.js';
import type { StudySpec } from '../src/study.js';
import { emptyDocument, tagCounts } from './figures-document.js';
import { inventRecords } from './run-in-thread.js';

/** A study with records. */
export interface DrawnStudy {
  readonly study: AnyStudy;
  readonly spec: StudySpec;
  readonly result: (cell: string, trial: number) => JsonObject;
  /** Of the figures, in order. */
  readonly names: readonly string[];
}

/** The tests, to be called in a `describe`. */
export function checkDrawings({ study, spec, result, names }: DrawnStudy): void {
  const summary = study.summarize(spec, inventRecords(study, spec, result));
  const svgs = study.figures(summary).map((figure) => svgText(figure, emptyDocument()));

  it('has its figures, each well-formed, standalone and scoped to itself', () => {
    expect(study.figures(summary).map(({ name }) => name)).toEqual(names);
    for (const [i, svg] of svgs.entries()) {
      expect(tagCounts(svg).get('svg')).toBe(1);
      expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
      expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
        /https?:|href|url\(|@import|<script|\sid=/,
      );
      const style = /<style>(.*?)<\/style>/s.exec(svg)?.[1] ?? '';
      for (const line of style.split('\n')) {
        for (const selector of (/^[^@}{]+(?={)/.exec(line)?.[0] ?? '').split(',').filter(Boolean)) {
          expect(selector).toMatch(new RegExp(`^\\.kindling-${names[i]}( |$)`));
        }
      }
    }
  });

  it('draws the same from a summary that was read back from its file', () => {
    const again = JSON.parse(summaryText(summary)) as typeof summary;
    expect(study.figures(again).map((figure) => svgText(figure, emptyDocument()))).toEqual(svgs);
    expect(study.findings(again)).toEqual(study.findings(summary));
    expect(study.tables(again)).toEqual(study.tables(summary));
  });

  it('keeps every mark on the sheet and the plotting area', () => {
    for (const svg of svgs) {
      const pixels = [...svg.matchAll(/ (?:cx|x1|x2|x)="(-?[\d.]+)"/g)].map((hit) => Number(hit[1]));
      for (const x of pixels) expect(x).toSatisfy((at: number) => at >= 0 && at <= frame.width);
      const heights = [...svg.matchAll(/ (?:cy|y1|y2)="(-?[\d.]+)"/g)].map((hit) => Number(hit[1]));
      for (const y of heights) expect(y).toSatisfy((at: number) => at >= 0 && at <= frame.height);
    }
  });

  it('has tables whose rows are as long as their heads, words and a report', () => {
    for (const { columns, rows } of study.tables(summary)) {
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toHaveLength(columns.length);
    }
    expect(study.findings(summary).length).toBeGreaterThan(1);
    for (const text of study.findings(summary)) expect(text).toMatch(/^[A-Z0-9].*\.$/s);
    const report = studyReport({
      study,
      spec: spec as StudySpec & JsonObject,
      summary,
      command: `kindling study ${study.name}`,
      provenance: { specHash: 'a', kernels: 'b', version: 'c' },
      document: emptyDocument(),
    });
    expect(report.match(/<figure>/g)).toHaveLength(names.length);
    expect(report).toContain('What the theory says');
  });
}
