import { describe, expect, it } from 'vitest';
import { figures } from '../src/catalog/figure-1/figures.js';
import { findings } from '../src/catalog/figure-1/findings.js';
import { tables } from '../src/catalog/figure-1/tables.js';
import { theorySection } from '../src/catalog/figure-1/theory-section.js';
import { escapeMarkup } from '../src/report/escape-markup.js';
import { htmlReport, type ReportContent } from '../src/report/html-report.js';
import { countText, listText, numberText, percentText, powerOfTenText } from '../src/report/number-text.js';
import { svgText } from '../src/report/svg-text.js';
import { emptyDocument, tagCounts } from './figures-document.js';
import { fixtureSummary } from './figures-fixture.js';

const summary = fixtureSummary();

function content(changes: Partial<ReportContent> = {}): ReportContent {
  return {
    name: 'figure-1',
    title: 'How to start',
    question: 'Which networks start?',
    findings: findings(summary),
    figures: figures(summary).map((figure) => ({ ...figure, svg: svgText(figure, emptyDocument()) })),
    sections: [theorySection(summary)],
    tables: tables(summary),
    command: 'kindling study figure-1 --seed 1',
    spec: summary.spec,
    provenance: summary,
    ...changes,
  };
}

/** The page without what HTML lets stand unclosed, for a check of nesting. */
const closed = (html: string) =>
  html
    .replace('<!doctype html>', '')
    .replace(/<meta [^>]*>/g, '')
    .replace(/<style>.*?<\/style>/gs, '');

describe('htmlReport', () => {
  it('is one self-contained, well-formed page', () => {
    const html = htmlReport(content());
    expect(html.startsWith('<!doctype html>\n<html lang="en">')).toBe(true);
    const tags = tagCounts(closed(html));
    expect(tags.get('h1')).toBe(1);
    expect(tags.get('figure')).toBe(2);
    expect(tags.get('figcaption')).toBe(2);
    expect(tags.get('table')).toBe(4);
    expect(tags.has('script')).toBe(false);
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|src=|href=|url\(|@import/);
    expect(htmlReport(content())).toBe(html);
  });

  it('puts the verdict before the figures, and those before theory and numbers', () => {
    const html = htmlReport(content({ findings: ['FIRST', 'SECOND'] }));
    const order = [
      'FIRST',
      'SECOND',
      '<figure>',
      'What the theory says',
      'The numbers',
      'How to reproduce',
      'spec hash',
    ];
    const places = order.map((text) => html.indexOf(text));
    expect(places.every((place) => place > 0)).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
  });

  it('gives table heads a scope, and every row a head', () => {
    const html = htmlReport(content());
    const heads = html.match(/<th /g)?.length ?? 0;
    expect(heads).toBeGreaterThan(0);
    expect(html.match(/<th scope="(col|row)"/g)).toHaveLength(heads);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map((hit) => hit[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of html.matchAll(/aria-labelledby="([^"]*)"/g)) expect(ids).toContain(id);
  });

  it('escapes whatever it is given', () => {
    const evil = '</style></title><script>alert("1")</script><img src=x onerror=\'a()\'>&amp;';
    const html = htmlReport(
      content({
        name: evil,
        title: evil,
        question: evil,
        findings: [evil, evil],
        figures: content().figures.map((figure) => ({ ...figure, name: evil, title: evil, caption: evil })),
        sections: [
          { title: evil, paragraphs: [evil], tables: [{ title: evil, columns: [evil], rows: [[evil]] }] },
        ],
        tables: [{ title: evil, columns: [evil, evil], rows: [[evil, evil]] }],
        command: evil,
        spec: { [evil]: evil },
        provenance: { specHash: evil, kernels: evil, version: evil, more: [[evil, evil]] },
      }),
    );
    const tags = tagCounts(closed(html));
    expect(tags.has('script')).toBe(false);
    expect(tags.has('img')).toBe(false);
    expect(html).toContain('&lt;/style&gt;&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    expect(html).toContain('&amp;amp;');
  });

  it('sets the quantities of the glossary as mathematics and leaves file names alone', () => {
    const html = htmlReport(content({ findings: ['E[M_j−1] and (s²/2)^d', 'run_d in MM_d_x, data_0.bin'] }));
    expect(html).toContain('E[<i>M</i><sub>j−1</sub>] and (s²/2)<sup><i>d</i></sup>');
    expect(html).toContain('run_d in MM_d_x, data_0.bin');
  });

  it('stands without figures, tables and findings', () => {
    const html = htmlReport(content({ findings: [], figures: [], sections: [], tables: [] }));
    expect(tagCounts(closed(html)).get('h2')).toBe(2);
    expect(html).toContain('this study measured nothing');
  });

  it.each(['', '<p>no</p>', '<svg><script>1</script></svg>', '<svg/><p></p>'])(
    'refuses %j as a figure',
    (svg) => {
      const figure = { name: 'figure-1a', title: 't', caption: 'c', svg };
      expect(() => htmlReport(content({ figures: [figure] }))).toThrow(/htmlReport: figure figure-1a/);
    },
  );
});

describe('numbers for people', () => {
  it.each([
    [0, '0'],
    [1, '1'],
    [100, '100'],
    [2.5, '2.50'],
    [0.0769, '0.0769'],
    [0.00123, '0.00123'],
    [0.000123, '1.23 × 10⁻⁴'],
    [-1.5e-12, '−1.50 × 10⁻¹²'],
    [12345, '12345'],
    [999.9, '1000'],
    [1.13e15, '1.13 × 10¹⁵'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('print %d as %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });

  it('print powers, counts, shares and lists', () => {
    expect([-30, 0, 15].map(powerOfTenText)).toEqual(['10⁻³⁰', '1', '10¹⁵']);
    expect([0, 999, 1000, 1234567].map(countText)).toEqual(['0', '999', '1,000', '1,234,567']);
    expect([0.2, 0.125, 1].map(percentText)).toEqual(['20 %', '12.5 %', '100 %']);
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listText)).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });

  it('replace what XML cannot hold', () => {
    expect(escapeMarkup('a\u0000\u001f\ud800b\n')).toBe('a\ufffd\ufffd\ufffdb\n');
  });
});
