/** A diagnosis for the terminal, and as JSON: the verdict in words, the evidence, and what to change. */
import {
  type Diagnosis,
  type DiagnosisNumbers,
  type Evidence,
  lengthTheory,
  type Remedy,
} from '@kindling/diagnostics';
import { type Initializer, needsData } from '@kindling/initializers';
import { countOf, type JsonValue, numberText } from '@kindling/studies';
import { commandLine } from '../options/command-line.js';
import type { MeasuredData } from '../options/measured-data.js';
import { type NetworkChoice, networkText } from '../options/network-choice.js';
import { widthsText } from '../options/widths.js';
import { factsText, headlineText, remarksText } from '../output/facts-text.js';
import type { Colors, Output } from '../output/output.js';
import { probabilityText, sampledShareText, shareText } from '../output/probability-text.js';
import { proseColumns, wrapText } from '../output/wrap-text.js';
import { predictNetwork } from './prediction.js';
import { predictionPlot } from './prediction-text.js';

/** What was asked, and what was found. */
export interface DiagnosisAnswer {
  readonly choice: NetworkChoice;
  /** Units of the linear output layer. */
  readonly outputs: number;
  /** What was measured on; null for random inputs. */
  readonly data: MeasuredData | null;
  readonly diagnosis: Diagnosis;
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
    predictionPlot(predictNetwork(answer.choice, 1), columns(), colors),
    remedy.length === 0 ? '' : `\n${colors.bold('What to change')}\n`,
    remedy.map((item, i) => remedyText(item, i + 1, answer, room, colors)).join(''),
    notes.length === 0 ? '' : `\n${remarksText(notes, room)}`,
  ].join('');
}

function headlineOf({ verdict, headline }: Diagnosis): string {
  return `${verdict === 'starts' ? '✓' : '✗'} ${headline}`;
}

function factsOf({ choice, outputs, data, diagnosis }: DiagnosisAnswer) {
  const { widths, named } = choice;
  const { verdicts, numbers, method, trials } = diagnosis;
  return [
    ['net', `${networkText(widths)} → ${countOf(outputs, 'output')}`],
    ['initializer', named.title],
    ...(data === null ? [] : [['data', data.description] as const]),
    ['verdict', verdicts.join(', ')],
    [
      'nets that start in time',
      `${startingShareText(numbers, trials, hasSignalTheory(named.initializer, widths))}, ${method === 'theory' ? 'by theory alone' : `by theory and ${countOf(trials, 'random net')}`}`,
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
  { choice, outputs }: DiagnosisAnswer,
  room: number,
  colors: Colors,
): string {
  const { text, change, starts } = remedy;
  const label = `  ${number}. `;
  const indent = ' '.repeat(label.length);
  const effect = wrapText(
    `${starts ? 'Then it starts' : 'That helps, but is not enough'}: ${effectOf(remedy, choice)}.`,
    room,
    indent,
  );
  const init = change.initializer === undefined ? choice.named.name : change.initializerName;
  // What has no name cannot be asked for on the command line.
  const asked = init !== undefined && change.weightScales === undefined;
  const command = commandLine([
    ...['kindling', 'diagnose', '--widths', widthsText(change.widths ?? choice.widths), '--init', init ?? ''],
    ...['--outputs', String(outputs)],
  ]);
  return [
    `${wrapText(sentence(text), room, label, indent)}\n`,
    `${starts ? colors.green(effect) : colors.yellow(effect)}\n`,
    asked ? `${indent}${colors.dim(`$ ${command}`)}\n` : '',
  ].join('');
}

/** With a capital and a full stop. */
function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}

/** A share of nets born dead that is worth a word. */
const leastBornDead = 0.001;
/** How many random nets judge at least, where there is no formula. */
const fewestTrials = 16;

/** The share before or after a change, whose number of nets is not told. */
function changedShareText(
  numbers: DiagnosisNumbers,
  initializer: Initializer,
  widths: readonly number[],
): string {
  const hasTheory = hasSignalTheory(initializer, widths);
  return startingShareText(numbers, hasTheory ? 0 : fewestTrials, hasTheory);
}

/** The share, as far as so many random nets can tell it. @param trials 0 where theory alone decided */
function startingShareText({ startingShare }: DiagnosisNumbers, trials: number, hasTheory: boolean): string {
  if (trials === 0) return shareText(startingShare);
  // Where theory knows the signal, nets only told how many are alive: too small a signal is as sure as theory.
  const sure = startingShare < 0.5 && hasTheory;
  return sure ? shareText(startingShare) : sampledShareText(startingShare, trials);
}

/** Whether the signal of such a net has a formula. */
function hasSignalTheory(initializer: Initializer, widths: readonly number[]): boolean {
  return !needsData(initializer) && lengthTheory(initializer, widths).mean === true;
}

/** The numbers that changed, before and after. */
function effectOf({ before, after, change }: Remedy, { widths, named }: NetworkChoice): string {
  const changes = [
    [
      'nets that start in time',
      changedShareText(before, named.initializer, widths),
      changedShareText(after, change.initializer ?? named.initializer, change.widths ?? widths),
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
    ['factor a layer', factorText(before.lengthFactor), factorText(after.lengthFactor)],
    ['S', factorText(before.sumReciprocalWidths), factorText(after.sumReciprocalWidths)],
  ] as const;
  const told = changes.filter(([, from, to]) => from !== to && from !== '–' && to !== '–');
  return told.map(([what, from, to]) => `${what} ${from} → ${to}`).join(', ');
}

function factorText(factor: number | null): string {
  return factor === null ? '–' : numberText(factor);
}
