/** What `kindling inspect` says of a file, as JSON and for the terminal. */
import { architectureText } from '@kindling/core';
import { mostSampled, type TensorAnswer, type TrainedAnswer } from '@kindling/diagnostics';
import { familyLevel, notFiniteText, type TensorFindings } from '@kindling/diagnostics/models';
import { type Model, printableName } from '@kindling/models';
import {
  countOf,
  countText,
  type JsonValue,
  lawPText,
  lawText,
  numberText,
  pValueOf,
} from '@kindling/studies/text';
import { bytesText } from '../output/bytes-text.js';
import { factsText, headlineText, remarksText } from '../output/facts-text.js';
import type { Colors, Output } from '../output/output.js';
import { shareText } from '../output/probability-text.js';
import { tableText } from '../output/table-text.js';
import { proseColumns, wrapText } from '../output/wrap-text.js';
import { closeJson, closeRemarks, closeTables } from './close-inspection.js';
import { inspectionHeadline } from './inspection-headline.js';
import { shareOf, statedText } from './tensor-text.js';

/** A file, looked into. */
export interface Inspection {
  readonly file: string;
  readonly formatTitle: string;
  readonly model: Model;
  readonly findings: readonly TensorFindings[];
  /** Each test's, of which all together keep `familyLevel`. */
  readonly level: number;
  /** Whether it was trained; `null` where no tensor could be asked. */
  readonly trained: TrainedAnswer | null;
  /** Whether `--tensor` chose some. */
  readonly chosen: boolean;
}

/** Standard errors of the moments of n numbers: of the variance from its kurtosis, of the kurtosis as of normal numbers. */
function momentErrors({ summary }: TensorFindings) {
  const { count, nans, infinities, variance, excessKurtosis } = summary;
  const finite = count - nans - infinities;
  return {
    variance: variance * Math.sqrt(Math.max(0, excessKurtosis + 2) / finite),
    excessKurtosis: Math.sqrt(24 / finite),
  };
}

/** The answer of `kindling inspect --json`. */
export function inspectionJson({ file, model, findings, level, trained }: Inspection): JsonValue {
  const { format, producer, notes, architecture } = model;
  const answers = answersByName(trained);
  const tensors = findings.map((found) => {
    const { tensor, summary, law, sampledOf } = found;
    const answer = answers.get(tensor.name);
    const { name, shape, dtype, quantization, role, layout, layer, fans, statedInitializer } = tensor;
    const errors = momentErrors(found);
    return {
      ...{ name, shape, dtype, quantization, role, layout, layer },
      ...{ fanIn: fans?.fanIn ?? null, fanOut: fans?.fanOut ?? null },
      ...summary,
      varianceStandardError: errors.variance,
      excessKurtosisStandardError: errors.excessKurtosis,
      varianceTimesFanIn: fans === null ? null : summary.variance * fans.fanIn,
      ...{ law, sampledOf, statedInitializer },
      ...(found.close === null ? {} : closeJson(found.close)),
      trained:
        answer === undefined
          ? null
          : { probability: answer.probability, words: answer.words, surprises: answer.surprises },
    };
  });
  const tests = { level, familyLevel, mostSampled };
  // All of it is plain JSON; interfaces cannot say so.
  return {
    ...{ file, format, producer },
    architecture: architecture?.architecture ?? null,
    trained: trained === null ? null : { probability: trained.probability, words: trained.words },
    ...{ tensors, tests, notes },
  } as unknown as JsonValue;
}

/** More rows push the rest off the screen: equal ones are put together. */
const mostRows = 24;

/** The answer for the terminal, ending in a newline. */
export function inspectionText(inspection: Inspection, { colors, columns }: Output): string {
  const { model, findings, chosen } = inspection;
  const room = columns() ?? 100;
  const prose = proseColumns(columns());
  const groups = chosen || findings.length <= mostRows ? findings.map((found) => [found]) : grouped(findings);
  const table = {
    title: groups.length < findings.length ? 'Tensors (alike ones in one row)' : 'Tensors',
    ...tableOf(groups, room, answersByName(inspection.trained)),
  };
  return [
    headlineText(inspectionHeadline(inspection), prose, colors),
    factsText([...factsOf(inspection), ...statedFacts(findings, room)], prose, colors),
    findings.length === 0 ? '' : `\n${tableText(table, room, colors)}`,
    wrongNumbersText(findings, prose, colors),
    ...closeTables(findings).map((close) => `\n${tableText(close, room, colors)}`),
    `\n${remarksText([...remarksOf(inspection), ...closeRemarks(findings), ...notesOf(model)], prose)}`,
  ].join('');
}

/** Notes speak of options of the library. */
export function notesOf({ notes }: Model): readonly string[] {
  return notes.map((note) => note.replace('with the option input', 'with diagnose --input-shape'));
}

/** Answers of tensors by their name. */
function answersByName(trained: TrainedAnswer | null): ReadonlyMap<string, TensorAnswer> {
  return new Map(trained?.tensors.map((answer) => [answer.name, answer]) ?? []);
}

function factsOf({ formatTitle, model, findings, trained }: Inspection) {
  const numbers = findings.reduce((sum, { tensor }) => sum + tensor.size, 0);
  const types = [...new Set(findings.map(({ tensor }) => tensor.quantization?.dtype ?? tensor.dtype))];
  return [
    ['format', model.producer === null ? formatTitle : `${formatTitle}, by ${model.producer}`],
    ...(model.architecture === null
      ? []
      : [['network', architectureText(model.architecture.architecture)] as const]),
    [
      'tensors',
      findings.length === 0
        ? 'none'
        : `${countOf(findings.length, 'tensor')} of ${types.join(', ')}: ${countOf(numbers, 'number')}, ${bytesText(bytesOf(findings))}`,
    ],
    ...(trained === null
      ? []
      : [['trained', `with a probability of ${shareText(trained.probability)}: ${trained.words}`] as const]),
  ] as const;
}

/** What the file states, where the table has no room to say it row by row. */
function statedFacts(findings: readonly TensorFindings[], room: number) {
  const counts = new Map<string, number>();
  for (const { tensor } of findings) {
    const text = statedText(tensor.statedInitializer);
    if (text !== '–') counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  if (counts.size === 0 || room >= wide) return [];
  const told = [...counts].map(([text, count]) => `${text} of ${countText(count)}`);
  const shown = told.length > 4 ? [...told.slice(0, 4), `${told.length - 4} others`] : told;
  return [['file says', shown.join('; ')] as const];
}

const widths: Readonly<Record<string, number>> = {
  ...{ f64: 8, i64: 8, u64: 8, f32: 4, i32: 4, u32: 4 },
  ...{ f16: 2, bf16: 2, i16: 2, u16: 2 },
};

function bytesOf(findings: readonly TensorFindings[]): number {
  return findings.reduce(
    (sum, { tensor: { size, dtype, quantization } }) =>
      sum + size * (widths[quantization?.dtype ?? dtype] ?? 1),
    0,
  );
}

/** Tensors with the same role, shape, type, stated initializer and law, in the order of the first. */
function grouped(findings: readonly TensorFindings[]): readonly (readonly TensorFindings[])[] {
  const groups = new Map<string, TensorFindings[]>();
  for (const found of findings) {
    const { role, shape, dtype, statedInitializer } = found.tensor;
    const { summary, law } = found;
    const wrong = summary.nans + summary.infinities > 0;
    const ownLaw = law?.kind === 'shape' ? law.shape : lawText(law);
    const key = JSON.stringify([role, shape, dtype, statedText(statedInitializer), ownLaw, wrong]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [found]);
    else group.push(found);
  }
  return [...groups.values()];
}

type Column = readonly [title: string, cell: (group: readonly TensorFindings[]) => string];

/** A terminal of this width has room for what can be read off other columns. */
const wide = 110;
/** And one of this for what the line above the table says of the file. */
const widest = 130;

function tableOf(
  groups: readonly (readonly TensorFindings[])[],
  room: number,
  answers: ReadonlyMap<string, TensorAnswer>,
) {
  const all = groups.flat();
  const types = new Set(all.map(({ tensor }) => tensor.dtype));
  const stated = all.some(({ tensor }) => tensor.statedInitializer !== null);
  const first = (group: readonly TensorFindings[]) => group[0] as TensorFindings;
  const columns: readonly Column[] = [
    ['tensor', nameOf],
    ['shape', (group) => first(group).tensor.shape.join('×') || 'scalar'],
    ...(types.size > 1
      ? [['type', (group: readonly TensorFindings[]) => first(group).tensor.dtype] as const]
      : []),
    ...(room >= wide
      ? [
          ['role', (group: readonly TensorFindings[]) => first(group).tensor.role] as const,
          [
            'fan-in',
            (group: readonly TensorFindings[]) => countOrDash(first(group).tensor.fans?.fanIn),
          ] as const,
          [
            'fan-out',
            (group: readonly TensorFindings[]) => countOrDash(first(group).tensor.fans?.fanOut),
          ] as const,
        ]
      : []),
    ['var × fan-in', (group) => rangeText(group, varianceTimesFanIn)],
    ['kurtosis', (group) => rangeText(group, ({ summary }) => summary.excessKurtosis, 2)],
    ['zeros', (group) => shareOf(sumOf(group, 'zeros'), sumOf(group, 'count'))],
    ['law', (group) => lawText(first(group).law)],
    ['p', (group) => (group.length === 1 ? lawPText(first(group).law) : leastP(group))],
    ...(room >= widest && answers.size > 0
      ? [
          [
            'trained',
            (group: readonly TensorFindings[]) =>
              rangeOfShares(group.flatMap(({ tensor }) => answers.get(tensor.name)?.probability ?? [])),
          ] as const,
        ]
      : []),
    ...(stated && room >= wide
      ? [
          [
            'file says',
            (group: readonly TensorFindings[]) => statedText(first(group).tensor.statedInitializer),
          ] as const,
        ]
      : []),
  ];
  return {
    columns: columns.map(([title]) => title),
    rows: groups.map((group) => columns.map(([, cell]) => cell(group))),
  };
}

function nameOf(group: readonly TensorFindings[]): string {
  const name = printableName(group[0]?.tensor.name ?? '');
  return group.length === 1 ? name : `${name} and ${group.length - 1} more`;
}

function countOrDash(count: number | undefined): string {
  return count === undefined ? '–' : countText(count);
}

function varianceTimesFanIn({ tensor, summary }: TensorFindings): number {
  return tensor.fans === null ? Number.NaN : summary.variance * tensor.fans.fanIn;
}

function sumOf(group: readonly TensorFindings[], what: 'zeros' | 'count'): number {
  return group.reduce((sum, { summary }) => sum + summary[what], 0);
}

/** One number, or the least and the largest; a dash where there is none. */
function rangeText(
  group: readonly TensorFindings[],
  number: (found: TensorFindings) => number,
  digits = 3,
): string {
  const numbers = group.map(number).filter((value) => !Number.isNaN(value));
  if (numbers.length === 0) return '–';
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const [low, high] = [numberText(least, digits), numberText(most, digits)];
  return low === high ? low : `${low} … ${high}`;
}

/** Probabilities of a row's tensors. */
function rangeOfShares(shares: readonly number[]): string {
  if (shares.length === 0) return '–';
  const [least, most] = [shareText(Math.min(...shares)), shareText(Math.max(...shares))];
  return least === most ? least : `${least} … ${most}`;
}

function leastP(group: readonly TensorFindings[]): string {
  const known = group.filter(({ law }) => pValueOf(law) !== null);
  const [least] = known.sort((a, b) => pOf(a) - pOf(b));
  return least === undefined ? '–' : `≥ ${lawPText(least.law).replace('< ', '')}`;
}

function pOf({ law }: TensorFindings): number {
  return pValueOf(law) ?? 1;
}

/** NaN and infinities, by tensor: few lines, and the most important ones. */
function wrongNumbersText(findings: readonly TensorFindings[], room: number, colors: Colors): string {
  const wrong = findings.filter(({ summary }) => summary.nans + summary.infinities > 0);
  const shown = wrong.slice(0, 8).map(({ tensor, summary }) => {
    const text = `${printableName(tensor.name)}: ${notFiniteText(summary)}.`;
    return `${colors.red('✗')} ${wrapText(text, room, '  ').slice(2)}\n`;
  });
  const more = wrong.length > 8 ? `  and ${countOf(wrong.length - 8, 'tensor')} more\n` : '';
  return shown.length === 0 ? '' : `\n${shown.join('')}${more}`;
}

function remarksOf({ findings, level }: Inspection): readonly string[] {
  const tested = findings.filter(({ law }) => pValueOf(law) !== null);
  const sampled = findings.filter(({ sampledOf, law }) => sampledOf > 1 && law !== null);
  const untested = findings.filter(({ law }) => law === null);
  return [
    ...(tested.length === 0
      ? []
      : [
          `Laws: Kolmogorov-Smirnov, variance and kurtosis tests against the catalog's laws at the layer's fans; of those not contradicted the likeliest. A law is contradicted where p < ${numberText(level, 2)}, which is ${familyLevel} over ${countOf(Math.round(familyLevel / level), 'tested tensor')}: fresh weights are said to follow no law by chance in at most 1 % of files. Trained weights that have hardly moved may follow one.`,
        ]),
    ...(findings.some(({ law }) => law?.kind === 'structure')
      ? [
          'Orthogonal, identity and sparse matrices are told by what they promise: WᵀW = gain² · 1 within rounding, and exact zeros.',
        ]
      : []),
    ...(untested.length === 0
      ? []
      : [
          `${countOf(untested.length, 'tensor')} not tested: integers, or numbers rounded to 8 bits, which no test for a smooth law is for.`,
        ]),
    ...(sampled.length === 0
      ? []
      : [
          `Of ${countOf(sampled.length, 'large tensor')} the law was told from ${countText(mostSampled)} numbers at most, one at a fixed place of every run; moments and counts are of all numbers.`,
        ]),
  ];
}
