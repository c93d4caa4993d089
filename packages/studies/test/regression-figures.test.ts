/** The figures, tables and words of the studies of small regressions, from records that were made up. */
import {
  dataDependent,
  dataDependentSpec,
  dyingRelu,
  dyingReluSpec,
  type JsonObject,
  trainability,
  trainabilitySpec,
} from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import type { AnyStudy } from '../src/catalog/catalog.js';
import { frame } from '../src/figures/figure-frame.js';
import { logAxis, shareAxis } from '../src/figures/value-axes.js';
import { studyReport } from '../src/report/html-report.js';
import { deviationText, shareText } from '../src/report/number-text.js';
import { svgText } from '../src/report/svg-text.js';
import { summaryText } from '../src/store/summary-text.js';
import type { StudySpec } from '../src/study.js';
import { emptyDocument, tagCounts } from './figures-document.js';
import { inventRecords } from './run-in-thread.js';

/** With spaces at which no line is broken. */
const unbroken = (text: string) => text.replaceAll(' ', '\u00a0');

/** Half of the runs succeed; every third has too few neurons. */
const trainabilityResult = (_: string, trial: number): JsonObject => ({
  active: trial % 3 === 0 ? 1 : 6,
  outcome: trial % 2 === 0 ? 'reached' : 'censored',
  steps: 1000 + trial,
  loss: 0.001,
});
const dyingResult = (cell: string, trial: number): JsonObject => ({
  bornDeadLayer: trial < (cell.includes('he-normal') ? 8 : cell.includes('rai') ? 2 : 0) ? 3 : null,
  deadLayer: null,
  outcome: 'censored',
  steps: 2500,
  loss: 0.2,
  variation: trial < (cell.includes('he-normal') ? 9 : 4) ? 0 : 0.8,
});
const dataDependentResult = (cell: string, trial: number): JsonObject => ({
  bornDead: cell.includes('biases') ? 12 : 0,
  deadAtEnd: 3,
  outcome: trial === 0 && cell.includes('uniform') ? 'diverged' : 'censored',
  losses:
    trial === 0 && cell.includes('uniform')
      ? [2, 'Infinity']
      : [2, 0.3, 0.04 / (1 + (trial % 5)), 0.01 / (1 + (trial % 5)), 0.001 / (1 + (trial % 5))],
});

const cases: readonly {
  readonly study: AnyStudy;
  readonly spec: StudySpec;
  readonly result: (cell: string, trial: number) => JsonObject;
  readonly names: readonly string[];
}[] = [
  {
    study: trainability,
    spec: trainabilitySpec({ quick: true, runs: 30 }),
    result: trainabilityResult,
    names: ['trainability-absolute', 'trainability-folded'],
  },
  {
    study: dyingRelu,
    spec: dyingReluSpec({ quick: true, runs: 10 }),
    result: dyingResult,
    names: ['dying-relu'],
  },
  {
    study: dataDependent,
    spec: dataDependentSpec({ quick: true, runs: 10, epochs: 4 }),
    result: dataDependentResult,
    names: ['data-dependent-x-sin-5x', 'data-dependent-step-sine', 'data-dependent-absolute-pair'],
  },
];

describe.each(cases.map((entry) => [entry.study.name, entry] as const))(
  '%s',
  (_, { study, spec, result, names }) => {
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
  },
);

describe('the points', () => {
  it('of a success rate lie where the axis says', () => {
    const spec = trainabilitySpec({ quick: true, targets: ['absolute'], runs: 30 });
    const summary = trainability.summarize(spec, inventRecords(trainability, spec, trainabilityResult));
    const [figure] = trainability.figures(summary);
    const svg = figure === undefined ? '' : svgText(figure, emptyDocument());
    const group = /<g aria-label="dot" class="series-success"[^>]*>(.*?)<\/g>/.exec(svg)?.[1] ?? '';
    const heights = [...group.matchAll(/<circle cx="[\d.]+" cy="([\d.]+)"/g)].map((hit) => Number(hit[1]));
    expect(heights).toHaveLength(6);
    for (const y of heights) expect(y).toBeCloseTo((frame.top + frame.bottom) / 2, 1);
    expect(figure?.caption).toContain('30 a width');
  });

  it('of collapse and birth are there for every target and initializer', () => {
    const spec = dyingReluSpec({ quick: true, runs: 10 });
    const summary = dyingRelu.summarize(spec, inventRecords(dyingRelu, spec, dyingResult));
    const [figure] = dyingRelu.figures(summary);
    const svg = figure === undefined ? '' : svgText(figure, emptyDocument());
    for (const name of ['he-normal', 'he-normal-biases', 'rai', 'data-dependent']) {
      // Two groups of four points, and the symbol of the label.
      const groups = [...svg.matchAll(/<g aria-label="dot" class="([^"]*)"[^>]*>(.*?)<\/g>/g)];
      const own = groups.filter((group) => (group[1] ?? '').split(' ').includes(`series-${name}`));
      const marks = own.map((group) => (group[2] ?? '').match(/<(?:circle|path)/g)?.length ?? 0);
      expect(marks.sort()).toEqual([1, 4, 4]);
    }
  });
});

describe('axes', () => {
  it('place shares', () => {
    const { place, ticks } = shareAxis();
    expect([place(0), place(1)]).toEqual([frame.bottom, frame.top]);
    expect(ticks.map(({ text }) => text)).toEqual(['0 %', '20 %', '40 %', '60 %', '80 %', '100 %']);
  });

  it('place positive numbers by decades, and what is beyond at the ends', () => {
    const { place, ticks } = logAxis([0.003, 20, 0, Number.POSITIVE_INFINITY, Number.NaN]);
    expect(ticks.map(({ text }) => text)).toEqual(['10⁻³', '10⁻²', '10⁻¹', '1', '10¹', '10²']);
    expect(place(1)).toBeCloseTo(ticks[3]?.at ?? 0, 9);
    expect(place(0)).toBe(frame.bottom);
    expect(place(Number.POSITIVE_INFINITY)).toBe(frame.top);
  });

  it('have room for a single decade, and for nothing at all', () => {
    expect(logAxis([1]).ticks.map(({ text }) => text)).toEqual(['1', '10¹']);
    expect(logAxis([]).ticks).toHaveLength(2);
  });
});

describe('numbers in words', () => {
  it('say shares to a tenth of a percent, and never call certain what is not', () => {
    const texts = [0, 0.0001, 0.6944, 0.9996, 1].map(shareText);
    expect(texts).toEqual(['0 %', '< 0.1 %', '69.4 %', '> 99.9 %', '100 %'].map(unbroken));
  });

  it('say deviations with their sign', () => {
    expect([0.94, -1.26, 0.01, -0.01, Number.NEGATIVE_INFINITY].map(deviationText)).toEqual([
      '+0.9',
      '−1.3',
      '0.0',
      '0.0',
      '−∞',
    ]);
  });
});
