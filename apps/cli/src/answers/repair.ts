/** What `kindling repair` says, for the terminal and as JSON. */
import { printableText } from '@kindling/core';
import type { KernelsDiagnosis, WeightsDiagnosis } from '@kindling/diagnostics';
import { fileHeadline, type ModelDiagnosis } from '@kindling/diagnostics/models';
import { countOf, countText, type JsonValue, numberText } from '@kindling/studies/text';
import type { RepairedTensors } from '../model/repair-model.js';
import { bytesText } from '../output/bytes-text.js';
import { factsText, headlineText, remarksText } from '../output/facts-text.js';
import type { Output } from '../output/output.js';
import { tableText } from '../output/table-text.js';
import { proseColumns } from '../output/wrap-text.js';
import { stateJson } from './model-diagnosis.js';

/** What was done. */
export interface RepairAnswer {
  /** As typed. */
  readonly file: string;
  readonly formatTitle: string;
  /** Paths of what was written, the one to open first. */
  readonly written: readonly { readonly path: string; readonly bytes: number }[];
  readonly format: 'safetensors' | 'tfjs';
  readonly sameFormat: boolean;
  /** Whether one file stands in place of shards and their index. */
  readonly fromShards: boolean;
  readonly change: 'redraw' | 'scale-only';
  /** Of the initializer; `null` where weights were rescaled. */
  readonly initializer: { readonly name: string; readonly title: string } | null;
  readonly seed: number;
  readonly repaired: RepairedTensors;
  /** `null` where the weights were not finite. */
  readonly before: ModelDiagnosis | null;
  readonly after: ModelDiagnosis;
  readonly notes: readonly string[];
}

/** The answer of `kindling repair --json`. */
export function repairJson(answer: RepairAnswer): JsonValue {
  const { file, written, format, sameFormat, change, initializer, seed, repaired, before, after } = answer;
  const { changed, zeroed, drawnBiases, unscaled, tensors } = repaired;
  const state = (found: ModelDiagnosis) =>
    found.kind === 'network' ? stateJson(found.diagnosis) : kernelsJson(found.diagnosis);
  return {
    ...{ file, written, format, sameFormat, change, seed },
    initializer: initializer?.name ?? null,
    ...{ changed, zeroed, drawnBiases, unscaled },
    left: tensors.length - changed.length - zeroed.length - drawnBiases.length,
    before: before === null ? null : state(before),
    after: state(after),
    notes: answer.notes,
  } as unknown as JsonValue;
}

function kernelsJson({ verdict, verdicts, headline, meanDecades, lengthFactor }: KernelsDiagnosis) {
  return { verdict, verdicts, headline, log10Mean: meanDecades, lengthFactor };
}

/** The answer for the terminal, ending in a newline. */
export function repairText(answer: RepairAnswer, { colors, columns }: Output): string {
  const room = proseColumns(columns());
  const { after, notes } = answer;
  const { verdict } = after.diagnosis;
  const headline = fileHeadline(after);
  const starts = verdict === 'starts';
  const paint = starts ? colors.green : colors.yellow;
  const sentence = starts
    ? `✓ Repaired. ${headline}`
    : `✗ Repaired as asked, but that is not enough. ${headline}`;
  return [
    headlineText(sentence, room, { ...colors, bold: (text) => colors.bold(paint(text)) }),
    factsText(factsOf(answer), room, colors),
    `\n${tableText({ title: 'Before and after', columns: ['', 'before', 'after'], rows: rowsOf(answer) }, columns() ?? 100, colors)}`,
    notes.length === 0 ? '' : `\n${remarksText(notes, room)}`,
  ].join('');
}

function factsOf(answer: RepairAnswer) {
  const { file, formatTitle, written, sameFormat, format, change, initializer, seed, repaired } = answer;
  const { changed, zeroed, drawnBiases, unscaled, tensors } = repaired;
  const bytes = written.reduce((sum, part) => sum + part.bytes, 0);
  const matrices = countOf(changed.length, 'matrix', 'matrices');
  const left = tensors.length - changed.length - zeroed.length - drawnBiases.length;
  const name = format === 'tfjs' ? 'TensorFlow.js' : 'safetensors';
  return [
    ['read', `${printableText(file)}: ${formatTitle}`],
    [
      'written',
      `${printableText(written[0]?.path ?? '')} (${bytesText(bytes)}), ${sameFormat ? `in the same format${answer.fromShards ? ', one file in place of its shards' : ''}` : `as ${name}: ${formatTitle} is not written`}`,
    ],
    [
      'weights',
      initializer === null
        ? `${matrices} rescaled to variance 2/fan-in${unscaled.length === 0 ? '' : `; ${countText(unscaled.length)} of zeros left, which no scale helps`}`
        : `${matrices} drawn anew: ${initializer.title}, seed ${seed}`,
    ],
    [
      'biases',
      change === 'scale-only'
        ? 'kept'
        : [
            ...(zeroed.length > 0 || drawnBiases.length === 0
              ? [`${countText(zeroed.length)} set to zero`]
              : []),
            ...(drawnBiases.length > 0 ? [`${countText(drawnBiases.length)} drawn with the weights`] : []),
          ].join(', '),
    ],
    ...(left - unscaled.length > 0
      ? [['untouched', `${countOf(left - unscaled.length, 'other tensor')}`] as const]
      : []),
  ] as const;
}

function rowsOf({ before, after }: RepairAnswer): readonly (readonly string[])[] {
  const of = (tell: (found: ModelDiagnosis) => string) => [
    before === null ? 'not finite' : tell(before),
    tell(after),
  ];
  const network =
    after.kind === 'network'
      ? [
          [
            'gradient at the first layer',
            ...of((found) => passed(found, ({ gradientDecades }) => powerText(gradientDecades))),
          ],
          ['dead units', ...of((found) => passed(found, deadText))],
        ]
      : [];
  return [
    ['verdict', ...of(({ diagnosis }) => diagnosis.verdict)],
    [
      'length of the last hidden layer',
      ...of((found) =>
        powerText(found.kind === 'network' ? found.diagnosis.lengthDecades : found.diagnosis.meanDecades),
      ),
    ],
    [
      'factor a layer',
      ...of(({ diagnosis: { lengthFactor } }) => (lengthFactor === null ? '–' : numberText(lengthFactor))),
    ],
    ...network,
  ];
}

function passed(found: ModelDiagnosis, tell: (diagnosis: WeightsDiagnosis) => string): string {
  return found.kind === 'network' ? tell(found.diagnosis) : '–';
}

function powerText(decades: number): string {
  if (decades === Number.NEGATIVE_INFINITY) return '0';
  return Number.isFinite(decades) ? numberText(10 ** decades) : '∞';
}

function deadText({ measurement }: WeightsDiagnosis): string {
  const units = measurement.layers.flatMap(({ dead }) => dead ?? []);
  const dead = units.reduce((sum, { width, active }) => sum + width - active, 0);
  return `${countText(dead)} of ${countText(units.reduce((sum, { width }) => sum + width, 0))}`;
}
