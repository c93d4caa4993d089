/** What `kindling bits` says of a file, as JSON and for the terminal. */
import { printableText } from '@kindling/core';
import { type BitColumn, type BitTableRow, bitColumns, bitTable, testOfColumn } from '@kindling/diagnostics';
import { type Model, printableName } from '@kindling/models';
import { countOf, countText, type JsonValue, numberText } from '@kindling/studies/text';
import type { BitFindings } from '../model/bit-findings.js';
import { type Fact, factsText, headlineText, remarksText } from '../output/facts-text.js';
import type { Output } from '../output/output.js';
import { tableText } from '../output/table-text.js';
import { proseColumns } from '../output/wrap-text.js';

/** A file, tested. */
export interface BitAnswer {
  readonly file: string;
  readonly formatTitle: string;
  readonly model: Model;
  readonly findings: readonly BitFindings[];
  /** Whether every tensor gets a line. */
  readonly everyTensor: boolean;
}

/** Chance that any part of any type is wrongly said not to be in random order. */
const familyLevel = 0.01;

/** The table, and the level of each of its p-values such that all together keep `familyLevel` (Bonferroni). */
function tableOf({ findings }: BitAnswer) {
  const rows = bitTable(findings);
  const tests = rows.flatMap(({ columns }) => bitColumns.filter((column) => columns[column] !== null)).length;
  return { rows, tests, level: familyLevel / Math.max(1, tests) };
}

/** The answer of `kindling bits --json`. */
export function bitsJson(answer: BitAnswer): JsonValue {
  const { file, model, findings } = answer;
  const { rows, level } = tableOf(answer);
  const table = rows.map(({ type, layers, refused, columns }) => ({
    ...{ type, layers, refused },
    parts: Object.fromEntries(
      bitColumns.map((column) => {
        const largest = columns[column];
        if (largest === null) return [column, null];
        const { z, pValue, index } = largest;
        return [column, { z, pValue, layers: largest.layers, tensor: findings[index]?.tensor.name ?? null }];
      }),
    ),
  }));
  const tensors = findings.map(({ tensor, type, test }) => {
    const { name, shape, dtype, quantization } = tensor;
    const { size, refusal, bits, shares, groups, values } = test;
    return {
      ...{ name, shape, dtype, quantization, type, size, refusal },
      ...(refusal === null ? { parts: { ...groups, values }, bits, shares } : {}),
    };
  });
  const { format, producer, notes } = model;
  // All of it is plain JSON; interfaces cannot say so.
  return {
    ...{ file, format, producer, table, tests: { familyLevel, level }, tensors, notes },
  } as unknown as JsonValue;
}

/** The answer for the terminal, ending in a newline. */
export function bitsText(answer: BitAnswer, { colors, columns }: Output): string {
  const room = columns() ?? 100;
  const prose = proseColumns(columns());
  const { rows, tests, level } = tableOf(answer);
  const tested = rows.filter(({ layers }) => layers > 0);
  const table = tested.length === 0 ? '' : `\n${tableText(layerTable(tested), room, colors)}`;
  const each = answer.everyTensor ? `\n${tableText(tensorTable(answer.findings), room, colors)}` : '';
  const refused = refusalsOf(answer);
  return [
    headlineText(headlineOf(rows, level), prose, colors),
    factsText(factsOf(answer), prose, colors),
    table,
    each,
    refused.length === 0 ? '' : `\n${colors.bold('Not tested')}\n${remarksText(refused, prose)}`,
    tests === 0 ? '' : `\n${remarksText(remarksOf(tests), prose)}`,
  ].join('');
}

function headlineOf(rows: readonly BitTableRow[], level: number): string {
  const tested = rows.filter(({ layers }) => layers > 0);
  if (tested.length === 0) return 'No tensor of this file has float32 bits that could be tested.';
  const found = tested.flatMap(({ type, columns }) => {
    const parts = bitColumns.filter((column) => (columns[column]?.pValue ?? 1) < level);
    return parts.length === 0 ? [] : [`${type} (${parts.map(partName).join(', ')})`];
  });
  return found.length === 0
    ? 'No order in the bits: the largest |Z| are as chance makes them.'
    : `Not in random order: ${found.join('; ')}.`;
}

function factsOf({ file, formatTitle, model, findings }: BitAnswer): readonly Fact[] {
  const tested = findings.filter(({ test }) => test.refusal === null);
  const numbers = tested.reduce((sum, { test }) => sum + test.size, 0);
  return [
    ['file', `${printableText(file)}, ${formatTitle}`],
    ...(model.producer === null ? [] : [['written by', model.producer] as const]),
    [
      'tested',
      `${countText(tested.length)} of ${countOf(findings.length, 'tensor')}, ${countOf(numbers, 'number')}`,
    ],
  ];
}

/** The deck's table: a type's layers, the largest |Z| of each part over them, and its p-value as a maximum. */
function layerTable(rows: readonly BitTableRow[]) {
  return {
    title: 'Largest |Z| of the runs test over the layers of a type, and the chance of one as large',
    columns: ['type', 'layers', '', ...bitColumns.map(partName)],
    rows: rows.flatMap(({ type, layers, columns }) => {
      const cells = (text: (column: BitColumn) => string) => bitColumns.map(text);
      return [
        [type, countText(layers), 'max |Z|', ...cells((column) => zText(columns[column]?.z))],
        [type, '', 'p', ...cells((column) => pText(columns[column]?.pValue))],
      ];
    }),
  };
}

function tensorTable(findings: readonly BitFindings[]) {
  return {
    title: 'Z of every tensor (negative: neighbors are alike)',
    columns: ['tensor', 'numbers', ...bitColumns.map(partName)],
    rows: findings
      .filter(({ test }) => test.refusal === null)
      .map(({ tensor, test }) => [
        printableName(tensor.name),
        countText(test.size),
        ...bitColumns.map((column) => zText(testOfColumn(test, column)?.z)),
      ]),
  };
}

/** One line a reason, with the tensors it holds for. */
function refusalsOf({ findings, everyTensor }: BitAnswer): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { tensor, test } of findings) {
    if (test.refusal === null) continue;
    const { reason } = test.refusal;
    byReason.set(reason, [...(byReason.get(reason) ?? []), printableName(tensor.name)]);
  }
  const shown = everyTensor ? Number.POSITIVE_INFINITY : 3;
  return [...byReason].map(([reason, names]) => {
    const more = names.length > shown ? ` and ${countText(names.length - shown)} more` : '';
    return `${names.slice(0, shown).join(', ')}${more}: ${reason}.`;
  });
}

function remarksOf(tests: number): readonly string[] {
  return [
    'The numbers of a tensor are read in the order of the file. A group of bits is an integer that is split at its median, ties dropped; Z is (runs − mean)/deviation, ' +
      'near a standard normal if every order is equally likely. The test sees order only, not the law.',
    `p: the chance that the largest of as many independent layers is as large, 1 − (1 − q)^layers, where q is that of one layer. The first line ` +
      `counts as found what is below ${familyLevel}/${countText(tests)}: the table has ${countOf(tests, 'test')}.`,
  ];
}

function partName(column: BitColumn): string {
  return column.replace('fraction ', 'bits ').replace('values', 'numbers');
}

function zText(z: number | undefined): string {
  if (z === undefined) return '–';
  return z.toFixed(3).replace('-', '−');
}

/** p-values below this are 0 in f64. */
const smallest = '< 10⁻³⁰⁰';

function pText(p: number | undefined): string {
  if (p === undefined) return '–';
  if (p < 1e-300) return smallest;
  return p > 0.001 ? p.toFixed(3) : numberText(p, 2);
}
