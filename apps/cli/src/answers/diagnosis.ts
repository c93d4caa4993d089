/** A diagnosis for the terminal, and as JSON: the verdict in words, the evidence, and what to change. */
import type { Change, Diagnosis, DiagnosisNumbers, Evidence, Remedy } from '@kindling/diagnostics';
import { commandLine, countOf, type JsonValue } from '@kindling/studies/text';
import type { MeasuredData } from '../options/measured-data.js';
import { factsText, headlineText, remarksText } from '../output/facts-text.js';
import type { Colors, Output } from '../output/output.js';
import { probabilityText, sampledShareText, shareText } from '../output/probability-text.js';
import { proseColumns, wrapText } from '../output/wrap-text.js';
import { cellText, sumText } from './length-text.js';

/** What was found, and what of it depends on the kind of net. */
export interface DiagnosisAnswer {
  readonly diagnosis: Diagnosis;
  /** The net in words. */
  readonly net: string;
  /** What the initializer is called. */
  readonly title: string;
  /** What was measured on; null for random inputs. */
  readonly data: MeasuredData | null;
  /** Whether the signal of the net, changed or not, has a formula. */
  readonly hasTheory: (change: Change) => boolean;
  /** What depth is counted by. */
  readonly unit: 'layer' | 'module';
  /** The words of a command that asks about the changed net; null where no words can. */
  readonly commandFor: (change: Change) => readonly string[] | null;
  /** Theory's lengths, drawn. */
  readonly plot: (columns: number | undefined, colors: Colors) => string;
}

/** The answer of `kindling diagnose --json`. */
export function diagnosisJson(diagnosis: Diagnosis): JsonValue {
  const { verdict, verdicts, numbers, evidence, remedy, method, trials, notes } = diagnosis;
  const { startingShare } = numbers;
  // All of it is plain JSON; interfaces cannot say so.
  return {
    ...{ verdict, verdicts, startingShare, evidence, remedy },
    ...{ method, trials, notes },
  } as unknown as JsonValue;
}

/** The answer for the terminal, ending in a newline. */
export function diagnosisText(answer: DiagnosisAnswer, { colors, columns }: Output): string {
  const room = proseColumns(columns());
  const { diagnosis } = answer;
  const { verdict, evidence, remedy, notes } = diagnosis;
  const paint = verdict === 'starts' ? colors.green : colors.red;
  return [
    headlineText(headlineOf(diagnosis), room, { ...colors, bold: (text) => colors.bold(paint(text)) }),
    factsText(factsOf(answer), room, colors),
    `\n${colors.bold('Why')}\n${evidence.map((item) => evidenceText(item, verdict, room, colors)).join('')}`,
    answer.plot(columns(), colors),
    remedy.length === 0 ? '' : `\n${colors.bold('What to change')}\n`,
    remedy.map((item, i) => remedyText(item, i + 1, answer, room, colors)).join(''),
    notes.length === 0 ? '' : `\n${remarksText(notes, room)}`,
  ].join('');
}

function headlineOf({ verdict, headline }: Diagnosis): string {
  return `${verdict === 'starts' ? '✓' : '✗'} ${headline}`;
}

function factsOf({ net, title, data, diagnosis, hasTheory }: DiagnosisAnswer) {
  const { verdicts, numbers, method, trials } = diagnosis;
  const share = startingShareText(numbers, hasTheory({}));
  const nets = countOf(trials, 'random net');
  return [
    ['net', net],
    ['initializer', title],
    ...(data === null ? [] : [['data', data.description] as const]),
    ['verdict', verdicts.join(', ')],
    [
      'nets that start in time',
      `${share}, ${method === 'theory' ? 'by theory alone' : hasTheory({}) ? `by theory and ${nets}` : `by ${nets}`}`,
    ],
  ] as const;
}

/** What speaks for a failure is marked; beside one, what does not is no praise either. */
function evidenceText(
  { code, text }: Evidence,
  verdict: Diagnosis['verdict'],
  room: number,
  colors: Colors,
): string {
  const wrapped = wrapText(text, room, '    ').slice(4);
  if (code !== 'starts') return `  ${colors.red('✗')} ${wrapped}\n`;
  return verdict === 'starts' ? `  ${colors.green('✓')} ${wrapped}\n` : `  · ${wrapped}\n`;
}

function remedyText(
  remedy: Remedy,
  number: number,
  answer: DiagnosisAnswer,
  room: number,
  colors: Colors,
): string {
  const { text, change, starts } = remedy;
  const label = `  ${number}. `;
  const indent = ' '.repeat(label.length);
  const effect = wrapText(
    `${starts ? 'Then it starts' : 'That helps, but is not enough'}: ${effectOf(remedy, answer)}.`,
    room,
    indent,
  );
  const command = answer.commandFor(change);
  return [
    `${wrapText(sentence(text), room, label, indent)}\n`,
    `${starts ? colors.green(effect) : colors.yellow(effect)}\n`,
    command === null ? '' : `${indent}${colors.dim(`$ ${commandLine(command)}`)}\n`,
  ].join('');
}

/** With a capital and a full stop. */
function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}

/** A share of nets born dead that is worth a word. */
const leastBornDead = 0.001;

/** The share, as far as the random nets that were drawn for it can tell. */
function startingShareText({ startingShare, trials }: DiagnosisNumbers, hasTheory: boolean): string {
  if (trials === 0) return shareText(startingShare);
  // Where theory knows the signal, nets only told how many are alive: too small a signal is as sure as theory.
  const sure = startingShare < 0.5 && hasTheory;
  return sure ? shareText(startingShare) : sampledShareText(startingShare, trials);
}

/** The numbers that changed, before and after. */
function effectOf({ before, after, change }: Remedy, { hasTheory, unit }: DiagnosisAnswer): string {
  const changes = [
    [
      'nets that start in time',
      startingShareText(before, hasTheory({})),
      startingShareText(after, hasTheory(change)),
    ],
    // Beside what the eye takes for none, a change is noise.
    ...(Math.max(before.bornDeadProbability, after.bornDeadProbability) > leastBornDead
      ? [
          [
            'born dead',
            probabilityText(before.bornDeadProbability),
            probabilityText(after.bornDeadProbability),
          ] as const,
        ]
      : []),
    [`factor a ${unit}`, cellText(before.lengthFactor), cellText(after.lengthFactor)],
    // Of another kind of modules it would be another sum.
    ...(before.scalesModule === after.scalesModule
      ? [['decisive sum', sumText(before.sumScales), sumText(after.sumScales)] as const]
      : []),
    ['S', cellText(before.sumReciprocalWidths), cellText(after.sumReciprocalWidths)],
  ] as const;
  const told = changes.filter(([, from, to]) => from !== to && from !== '–' && to !== '–');
  return told.map(([what, from, to]) => `${what} ${from} → ${to}`).join(', ');
}
