/**
 * A study's report as one HTML file that needs nothing else: no scripts, no fonts, no network. Verdict first, then the
 * figures, what theory says, the numbers, and how to get them again. All text is escaped; figures are inlined as SVG.
 */
import { InvalidArgumentError } from '@kindling/core';
import type { JsonObject, JsonValue } from '../spec/canonical-json.js';
import type { Figure, StudyDefinition, StudySpec, SummaryTable } from '../study.js';
import { escapeMarkup } from './escape-markup.js';
import type { ReportSection } from './report-section.js';
import { reportStyle } from './report-style.js';
import { svgText } from './svg-text.js';

/** A figure ready for the page. */
export interface ReportFigure extends Pick<Figure, 'name' | 'title' | 'caption'> {
  /** Text of an `<svg>` element, as `svgText` returns it. It is inlined as it is, so it must come from `svgText`. */
  readonly svg: string;
}

/** Where the numbers come from. */
export interface ReportProvenance {
  /** Full hash of the spec, hex. */
  readonly specHash: string;
  /** Kernel build and hash, as in the records. */
  readonly kernels: string;
  /** Version of @kindling/studies. */
  readonly version: string;
  /** Anything else worth printing, such as `['data', '…']`. Nothing that differs between two runs of one spec. */
  readonly more?: readonly (readonly [label: string, value: string])[];
}

/** What `htmlReport` prints, in its order. */
export interface ReportContent {
  /** Name in the catalog. */
  readonly name: string;
  readonly title: string;
  readonly question: string;
  /** Most important first; the first is set as the verdict. */
  readonly findings: readonly string[];
  readonly figures: readonly ReportFigure[];
  /** The study's own text, after the figures. */
  readonly sections: readonly ReportSection[];
  readonly tables: readonly SummaryTable[];
  /** The command that makes this report, as typed. */
  readonly command: string;
  readonly spec: JsonValue;
  readonly provenance: ReportProvenance;
}

/**
 * The report as the text of an HTML file. The same content gives the same bytes.
 *
 * @throws InvalidArgumentError when a figure's `svg` is not the text of one `<svg>` element
 */
export function htmlReport(content: ReportContent): string {
  const [verdict, ...others] = content.findings;
  const anchor = uniqueIds();
  const parts = [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<meta name="description" content="${escapeMarkup(content.question)}">`,
    `<title>${escapeMarkup(content.title)} – Kindling</title>`,
    `<style>${reportStyle}</style>`,
    '</head>',
    '<body>',
    '<header>',
    `<p class="kicker">Kindling study · ${escapeMarkup(content.name)}</p>`,
    `<h1>${escapeMarkup(content.title)}</h1>`,
    `<p class="question">${escapeMarkup(content.question)}</p>`,
    '</header>',
    '<main>',
    '<section class="found" aria-labelledby="found">',
    '<h2 id="found">What we found</h2>',
    `<p class="verdict">${prose(verdict ?? 'Nothing: this study measured nothing.')}</p>`,
    ...(others.length > 0 ? ['<ul>', ...others.map((finding) => `<li>${prose(finding)}</li>`), '</ul>'] : []),
    '</section>',
    ...(content.figures.length > 0
      ? ['<section>', '<h2>Figures</h2>', ...content.figures.map(figureMarkup), '</section>']
      : []),
    ...content.sections.flatMap((section) => [
      '<section>',
      `<h2>${escapeMarkup(section.title)}</h2>`,
      ...section.paragraphs.map(paragraphMarkup),
      ...section.tables.map((table) => tableMarkup(table, anchor())),
      '</section>',
    ]),
    ...(content.tables.length > 0
      ? [
          '<section>',
          '<h2>The numbers</h2>',
          ...content.tables.map((table) => tableMarkup(table, anchor())),
          '</section>',
        ]
      : []),
    '<section>',
    '<h2>How to reproduce</h2>',
    '<p>The same command gives the same numbers, byte for byte, on any machine and with any number of workers.</p>',
    `<pre tabindex="0" aria-label="Command"><code>${escapeMarkup(content.command)}</code></pre>`,
    '<details>',
    '<summary>The spec: everything that decides the numbers</summary>',
    `<pre tabindex="0" aria-label="Spec"><code>${escapeMarkup(JSON.stringify(content.spec, null, 2))}</code></pre>`,
    '</details>',
    '<h3>Provenance</h3>',
    provenanceMarkup(content.provenance),
    '</section>',
    '</main>',
    '<footer>Made by Kindling. This file is self-contained: it can be mailed, printed and archived as it is.</footer>',
    '</body>',
    '</html>',
  ];
  return `${parts.join('\n')}\n`;
}

/** What `studyReport` needs beside the study and its results. */
export interface StudyReportOptions<Spec extends StudySpec, Summary extends JsonObject> {
  readonly study: StudyDefinition<Spec, Summary>;
  readonly spec: Spec & JsonObject;
  readonly summary: Summary;
  /** The command that makes this report, as typed. */
  readonly command: string;
  readonly provenance: ReportProvenance;
  /** Draws the figures: the page's own document, or linkedom's. */
  readonly document: Document;
}

/** The report of any study of the catalog: draws its figures and asks it for findings, text and tables. */
export function studyReport<Spec extends StudySpec, Summary extends JsonObject>(
  options: StudyReportOptions<Spec, Summary>,
): string {
  const { study, spec, summary, command, provenance, document } = options;
  return htmlReport({
    name: study.name,
    title: study.title,
    question: study.question,
    findings: study.findings(summary),
    figures: study.figures(summary).map((figure) => ({
      name: figure.name,
      title: figure.title,
      caption: figure.caption,
      svg: svgText(figure, document),
    })),
    sections: study.sections(summary),
    tables: study.tables(summary),
    command,
    spec,
    provenance,
  });
}

function figureMarkup({ name, title, caption, svg }: ReportFigure): string {
  const drawing = svg.trim();
  if (!/^<svg[\s>]/.test(drawing) || !drawing.endsWith('</svg>') || /<script/i.test(drawing)) {
    throw new InvalidArgumentError(
      `htmlReport: figure ${name} is not one <svg> element; expected the text that svgText returns, got "${drawing.slice(0, 40)}" — draw it with svgText`,
    );
  }
  return [
    '<figure>',
    `<div class="drawing" tabindex="0" role="group" aria-label="${escapeMarkup(title)}">${drawing}</div>`,
    `<figcaption><strong>${escapeMarkup(figureTitle(name, title))}</strong> ${prose(caption)}</figcaption>`,
    '</figure>',
  ].join('\n');
}

/** Escaped text with the glossary's quantities set as mathematics: `M_d`, `n_j`, `act_j` and a power `^d`. */
function prose(text: string): string {
  return escapeMarkup(text)
    .replace(/(?<![\w-])(M|n|act)_([a-z0-9](?:−1)?)(?!\w)/g, '<i>$1</i><sub>$2</sub>')
    .replace(/\^d(?!\w)/g, '<sup><i>d</i></sup>');
}

/** `figure-1a` is a file's name; people say "Figure 1a". */
function figureTitle(name: string, title: string): string {
  const number = /^figure-(\w+)$/.exec(name)?.[1];
  return number === undefined ? title : `Figure ${number}. ${title}`;
}

/** A paragraph that is an equation from end to end is set as one. */
function paragraphMarkup(paragraph: string): string {
  const formula = / [=≤] /.test(paragraph) && !/[.:]$/.test(paragraph);
  return `<p${formula ? ' class="formula"' : ''}>${prose(paragraph)}</p>`;
}

const numeric = /^([+−-]?[\d,.]+( × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?|−?∞|NaN|–)$/;

function tableMarkup({ title, columns, rows }: SummaryTable, id: string): string {
  const right = columns.map((_, i) => rows.length > 0 && rows.every((row) => numeric.test(row[i] ?? '')));
  // Columns of short cells keep them on one line; long ones wrap.
  const short = columns.map((_, i) => rows.every((row) => /^[^(]{0,16}$/.test(row[i] ?? '')));
  const mark = (i: number) => {
    if (i === 0) return '';
    return right[i] ? ' class="number"' : short[i] ? ' class="short"' : '';
  };
  const head = columns
    .map(
      (column, i) =>
        `<th scope="col"${mark(i)}>${prose(column.length <= 12 ? column.replaceAll(' ', '\u00a0') : column)}</th>`,
    )
    .join('');
  const body = rows.map((row, r) => {
    // Rows of one subject keep together: a firmer rule where the first column changes, in tables that repeat it.
    const first = repeats(rows) && row[0] !== rows[r - 1]?.[0] ? ' class="first"' : '';
    const cells = row.map((cell, i) =>
      i === 0
        ? `<th scope="row">${escapeMarkup(cell)}</th>`
        : `<td${mark(i)}>${escapeMarkup(together(cell))}</td>`,
    );
    return `<tr${first}>${cells.join('')}</tr>`;
  });
  return [
    `<h3 id="${id}">${prose(title)}</h3>`,
    `<div class="scroll" role="region" tabindex="0" aria-labelledby="${id}"><table>`,
    `<thead><tr>${head}</tr></thead>`,
    `<tbody>\n${body.join('\n')}\n</tbody></table></div>`,
  ].join('\n');
}

/** A remark in brackets goes to the next line whole or not at all. */
function together(cell: string): string {
  return cell.replace(/\([^()]{1,24}\)/g, (remark) => remark.replaceAll(' ', '\u00a0'));
}

function repeats(rows: SummaryTable['rows']): boolean {
  return rows.some((row, i) => i > 0 && row[0] === rows[i - 1]?.[0]);
}

function uniqueIds(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `table-${count}`;
  };
}

function provenanceMarkup({ specHash, kernels, version, more = [] }: ReportProvenance): string {
  const facts: readonly (readonly [string, string])[] = [
    ['spec hash', specHash],
    ['kernels', kernels],
    ['@kindling/studies', version],
    ...more,
  ];
  const items = facts.map(
    ([label, value]) => `<dt>${escapeMarkup(label)}</dt><dd>${escapeMarkup(value)}</dd>`,
  );
  return `<dl>${items.join('')}</dl>`;
}
