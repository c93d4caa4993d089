/** A diagnosis for the terminal, and as JSON: the verdict in words, the evidence, and what to change. */
import type { Diagnosis, DiagnosisNumbers, Evidence, Remedy, VerdictCode } from '@kindling/diagnostics';
import { countOf, type JsonValue, numberText } from '@kindling/studies';
import { commandLine } from '../options/command-line.js';
import type { MeasuredData } from '../options/measured-data.js';
import { type NetworkChoice, networkText } from '../options/network-choice.js';
import { widthsText } from '../options/widths.js';
import { factsText, headlineText, remarksText } from '../output/facts-text.js';
import type { Colors, Output } from '../output/output.js';
import { probabilityText, shareText } from '../output/probability-text.js';
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
export function diagnosisJson({ verdict, verdicts, evidence, remedy }: Diagnosis): JsonValue {
  // All of it is plain JSON; interfaces cannot say so.
  return { verdict, verdicts, evidence, remedy } as unknown as JsonValue;
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

/** The verdicts as a practitioner says them. */
const verdictTexts: Readonly<Record<VerdictCode, string>> = {
  starts: 'nothing stands in its way',
  'fm1-vanishing': 'signals vanish with depth',
  'fm1-exploding': 'signals explode with depth',
  'vanishing-gradients': 'biases drown the input and gradients vanish',
  'fm2-length-variance': 'lengths scatter so much that a typical net is nothing like the mean',
  'born-dead': 'the net is likely a constant function before the first step',
  'no-symmetry-breaking': 'all units of a layer are equal and stay so',
  'zero-output': 'the output is zero and gradients with it',
};

function headlineOf({ verdict, verdicts }: Diagnosis): string {
  if (verdict === 'starts') return '✓ Training should start.';
  return `✗ Training is unlikely to start: ${verdicts.map((code) => verdictTexts[code]).join('; ')}.`;
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
      'nets that start',
      `${shareText(numbers.startingShare)}, ${method === 'theory' ? 'by theory alone' : `by theory and ${countOf(trials, 'random net')}`}`,
    ],
  ] as const;
}

/** What speaks for a failure is marked; beside one, what does not is no praise either. */
function evidenceText({ code, text }: Evidence, verdict: VerdictCode, room: number, colors: Colors): string {
  const wrapped = wrapText(text, room, '    ').slice(4);
  if (code !== 'starts') return `  ${colors.red('✗')} ${wrapped}\n`;
  return verdict === 'starts' ? `  ${colors.green('✓')} ${wrapped}\n` : `  · ${wrapped}\n`;
}

function remedyText(
  { text, change, starts, before, after }: Remedy,
  number: number,
  { choice, outputs }: DiagnosisAnswer,
  room: number,
  colors: Colors,
): string {
  const label = `  ${number}. `;
  const indent = ' '.repeat(label.length);
  const effect = wrapText(
    `${starts ? 'Then it starts' : 'That helps, but is not enough'}: ${effectOf(before, after)}.`,
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

/** The numbers that changed, before and after. */
function effectOf(before: DiagnosisNumbers, after: DiagnosisNumbers): string {
  const changes = [
    ['nets that start', shareText(before.startingShare), shareText(after.startingShare)],
    ['born dead', probabilityText(before.bornDeadProbability), probabilityText(after.bornDeadProbability)],
    ['factor a layer', factorText(before.lengthFactor), factorText(after.lengthFactor)],
    ['S', numberText(before.sumReciprocalWidths), numberText(after.sumReciprocalWidths)],
  ] as const;
  const told = changes.filter(([, from, to]) => from !== to && from !== '–' && to !== '–');
  return told.map(([what, from, to]) => `${what} ${from} → ${to}`).join(', ');
}

function factorText(factor: number | null): string {
  return factor === null ? '–' : numberText(factor);
}
