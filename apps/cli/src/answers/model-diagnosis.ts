/** The diagnosis of a model file for the terminal, and as JSON. */
import { architectureText, printableText } from '@kindling/core';
import type {
  KernelFactor,
  KernelsDiagnosis,
  MeasuredLayer,
  Remedy,
  WeightsDiagnosis,
  WeightsState,
} from '@kindling/diagnostics';
import { fileHeadline, type ModelDiagnosis } from '@kindling/diagnostics/models';
import { type Model, type ModelArchitecture, printableName } from '@kindling/models';
import {
  commandLine,
  countOf,
  countText,
  type JsonValue,
  numberText,
  powerOfTenText,
} from '@kindling/studies/text';
import { chosenLayers } from '../output/chosen-layers.js';
import { factsText, headlineText, remarksText } from '../output/facts-text.js';
import { lengthPlot } from '../output/length-plot.js';
import type { Colors, Output } from '../output/output.js';
import { tableText } from '../output/table-text.js';
import { proseColumns, wrapText } from '../output/wrap-text.js';
import { notesOf } from './inspection.js';
import { typicalText } from './length-text.js';

/** A diagnosis and what it is of. */
export interface ModelAnswer {
  /** The path as typed. */
  readonly file: string;
  readonly formatTitle: string;
  readonly model: Model;
  readonly found: ModelDiagnosis;
  /** Changes of the network itself, where new weights alone do not help. */
  readonly architectureRemedies: readonly Remedy[];
}

type NetworkDiagnosis = Extract<ModelDiagnosis, { readonly kind: 'network' }>;

/** The answer of `kindling diagnose FILE --json`. */
export function modelDiagnosisJson({ file, model, found, architectureRemedies }: ModelAnswer): JsonValue {
  const { format, producer, notes } = model;
  const base = { file, format, producer };
  const { verdict, verdicts, headline } = found.diagnosis;
  const told =
    found.kind === 'weights'
      ? {
          method: 'weights',
          ...{ verdict, verdicts, headline },
          ...{ log10Mean: found.diagnosis.meanDecades, lengthFactor: found.diagnosis.lengthFactor },
          kernels: found.diagnosis.kernels,
          notes: [...found.diagnosis.notes, ...notes],
        }
      : {
          method: 'passes',
          ...stateJson(found.diagnosis),
          inputs: found.inputs,
          batch: found.diagnosis.measurement.batch,
          inputLength: found.diagnosis.measurement.inputLength,
          layers: found.diagnosis.measurement.layers.map((layer) => ({
            ...layer,
            name: found.architecture.layerNames.get(layer.path) ?? null,
          })),
          kernels: found.diagnosis.kernels,
          remedies: found.diagnosis.remedies.map(({ change, after }) => ({
            ...{ change, starts: after.verdict === 'starts', after: stateJson(after) },
          })),
          architectureRemedies,
          notes: [...notes],
        };
  // All of it is plain JSON; interfaces cannot say so.
  return { ...base, ...told } as unknown as JsonValue;
}

/** The state alone, of a diagnosis that has more. */
export function stateJson({
  verdict,
  verdicts,
  headline,
  lengthDecades,
  signalDecades,
  lengthFactor,
  gradientDecades,
}: WeightsState) {
  return { verdict, verdicts, headline, lengthDecades, signalDecades, lengthFactor, gradientDecades };
}

/** The answer for the terminal, ending in a newline. */
export function modelDiagnosisText(answer: ModelAnswer, output: Output): string {
  const { found } = answer;
  const { colors, columns } = output;
  const room = proseColumns(columns());
  const starts = found.diagnosis.verdict === 'starts';
  const paint = starts ? colors.green : colors.red;
  const sentence = `${starts ? '✓' : '✗'} ${fileHeadline(found)}`;
  const headline = headlineText(sentence, room, { ...colors, bold: (text) => colors.bold(paint(text)) });
  return found.kind === 'network'
    ? headline + networkText(answer, found, output)
    : headline + weightsText(answer, found.diagnosis, output);
}

function networkText(answer: ModelAnswer, found: NetworkDiagnosis, { colors, columns }: Output): string {
  const room = proseColumns(columns());
  const { diagnosis, architecture, inputs } = found;
  const { remedies } = diagnosis;
  const facts = [
    ...fileFacts(answer),
    ['network', architectureText(architecture.architecture)],
    ['passed', inputs],
    ['verdict', diagnosis.verdicts.join(', ')],
    ...stateFacts(diagnosis),
    ...deadFacts(diagnosis),
  ] as const;
  return [
    factsText(facts, room, colors),
    wrongLayersText(diagnosis.kernels, 'ReLU layer', room, colors),
    `\n${layerTable(found, columns() ?? 100, colors)}`,
    plotText(diagnosis, columns() ?? 100, colors),
    remedies.length === 0 ? '' : `\n${colors.bold('What to change')}\n`,
    remedies.map(({ change, after }, i) => remedyText(answer, i + 1, change, after, room, colors)).join(''),
    changedNetworkText(answer.architectureRemedies, remedies.length, room, colors),
    `\n${remarksText([...remarksOf(found), ...notesOf(answer.model)], room)}`,
  ].join('');
}

function weightsText(answer: ModelAnswer, diagnosis: KernelsDiagnosis, { colors, columns }: Output): string {
  const room = proseColumns(columns());
  const { kernels, meanDecades, lengthFactor } = diagnosis;
  const facts = [
    ...fileFacts(answer),
    ['network', 'not known: by the weights alone'],
    ['verdict', diagnosis.verdicts.join(', ')],
    [
      'mean length',
      `${decadesText(meanDecades)} of the input's behind ${countOf(Math.max(1, kernels.length - 1), 'layer')}${lengthFactor === null ? '' : `, a factor of ${numberText(lengthFactor)} each`}`,
    ],
  ] as const;
  const table = {
    title: 'Weight matrices',
    columns: ['tensor', 'factor', '± SE', 'law'],
    rows: chosenOf(kernels).map(({ name, factor, standardError, cause }) => [
      printableName(name),
      numberText(factor),
      numberText(standardError, 1),
      cause,
    ]),
  };
  const words = ['kindling', 'repair', answer.file, '--out', repairedName(answer.model)];
  return [
    factsText(facts, room, colors),
    wrongLayersText(kernels.slice(0, Math.max(1, kernels.length - 1)), 'matrix', room, colors),
    `\n${tableText(table, columns() ?? 100, colors)}`,
    diagnosis.verdict === 'starts'
      ? ''
      : `\n${colors.bold('What to change')}\n${wrapText('Draw the weights anew with variance 2/fan-in, or rescale them (--scale-only):', room, '  ')}\n  ${colors.dim(`$ ${commandLine(words)}`)}\n`,
    `\n${remarksText([...diagnosis.notes, ...notesOf(answer.model)], room)}`,
  ].join('');
}

function fileFacts({ file, formatTitle, model }: ModelAnswer) {
  const by = model.producer === null ? '' : `, by ${model.producer}`;
  return [['file', `${printableText(file)}: ${formatTitle}${by}`]] as const;
}

function stateFacts({ lengthDecades, signalDecades, lengthFactor, gradientDecades }: WeightsState) {
  const biased = signalDecades !== lengthDecades;
  const factor = lengthFactor === null ? '' : `, a factor of ${numberText(lengthFactor)} a layer`;
  return [
    [
      'length',
      `${decadesText(lengthDecades)} of the input's behind the last hidden layer${biased ? '' : factor}`,
    ],
    ...(biased
      ? [['signal', `${decadesText(signalDecades)}: what the input contributes to that${factor}`] as const]
      : []),
    ['gradient', `${decadesText(gradientDecades)} of its squared norm is left at the first layer`],
  ] as const;
}

function decadesText(decades: number): string {
  if (decades === Number.NEGATIVE_INFINITY) return '0';
  if (!Number.isFinite(decades)) return 'more than f32 holds';
  return Math.abs(decades) < 300 ? numberText(10 ** decades) : powerOfTenText(Math.round(decades));
}

function deadFacts({ measurement }: WeightsDiagnosis) {
  const units = measurement.layers.flatMap(({ dead }) => dead ?? []);
  if (units.length === 0) return [];
  const sum = (what: 'width' | 'tentativelyDead' | 'permanentlyDead') =>
    units.reduce((all, layer) => all + layer[what], 0);
  const [tentative, permanent] = [sum('tentativelyDead'), sum('permanentlyDead')];
  const dead = tentative + permanent;
  const kinds = dead === 0 ? '' : `: ${countText(tentative)} may come back, ${countText(permanent)} for good`;
  const closed = measurement.closed.length === 0 ? '' : '; a whole layer is dead, and with it the network';
  return [
    ['dead units', `${countText(dead)} of ${countText(sum('width'))} on these inputs${kinds}${closed}`],
  ] as const;
}

/** Layers with one cause in one sentence. */
function wrongLayersText(
  kernels: readonly KernelFactor[],
  what: 'ReLU layer' | 'matrix',
  room: number,
  colors: Colors,
): string {
  const judged = kernels.filter((kernel) => !('beforeRelu' in kernel) || kernel.beforeRelu === true);
  const wrong = judged.filter((kernel) => kernel.wrong);
  if (judged.length === 0) return '';
  const title = `\n${colors.bold('Which layers are wrong')}\n`;
  const many = what === 'matrix' ? 'matrices' : 'ReLU layers';
  if (wrong.length === 0) {
    const all = `None: every one of ${countOf(judged.length, what, many)} has variance × fan-in / 2 = 1 within five percent or chance.`;
    return `${title}${wrapText(all, room, '  ')}\n`;
  }
  const causes = new Map<string, KernelFactor[]>();
  for (const kernel of wrong) causes.set(kernel.cause, [...(causes.get(kernel.cause) ?? []), kernel]);
  const lines = [...causes].slice(0, 8).map(([cause, group]) => {
    const factors = group.map(({ factor }) => factor);
    const [low, high] = [Math.min(...factors), Math.max(...factors)].map((factor) => numberText(factor));
    const typical = numberText(
      Math.exp(factors.reduce((all, factor) => all + Math.log(factor), 0) / factors.length),
    );
    const range = group.length === 1 ? low : `${typical} (${low} … ${high})`;
    const names =
      group.length <= 3
        ? group.map(({ name }) => printableName(name)).join(', ')
        : `${printableName(group[0]?.name ?? '')} … ${printableName(group.at(-1)?.name ?? '')}`;
    const text = `${countText(group.length)} of ${countOf(judged.length, what, many)} ${group.length === 1 ? 'multiplies' : 'multiply'} the mean length by ${range} and not by 1: ${cause}. ${names}.`;
    return `  ${colors.red('✗')} ${wrapText(text, room, '    ').slice(4)}\n`;
  });
  const more = causes.size > 8 ? `    and ${causes.size - 8} more causes\n` : '';
  return `${title}${lines.join('')}${more}`;
}

function chosenOf<Item>(items: readonly Item[]): readonly Item[] {
  return chosenLayers(items.length).flatMap((number) => items[number - 1] ?? []);
}

function layerTable({ diagnosis, architecture }: NetworkDiagnosis, room: number, colors: Colors): string {
  const { layers } = diagnosis.measurement;
  const own = layers.filter(({ nested }) => nested === 0);
  const shown = chosenLayers(own.length);
  const factors = new Map(diagnosis.kernels.map((kernel) => [kernel.parameter, kernel]));
  const anyDead = layers.some(({ dead }) => dead !== null && dead.active < dead.width);
  const last = own.at(-1)?.logGradient ?? 0;
  return tableText(
    {
      title: shown.length < own.length ? `Layers (some of ${own.length})` : 'Layers',
      columns: ['layer', 'name', 'factor', 'length', 'gradient', ...(anyDead ? ['dead'] : [])],
      rows: shown.flatMap((number) => {
        const layer = own[number - 1];
        if (layer === undefined) return [];
        const kernel = factors.get(`${parameterPath(layer.path)}.weights`);
        const inner = layers.filter(({ path }) => path.startsWith(`${layer.path}.`));
        return [
          [
            String(number),
            nameOf(architecture, layer),
            kernel === undefined ? '–' : numberText(kernel.factor),
            lengthCell(layer.logLength),
            lengthCell(layer.logGradient - last),
            ...(anyDead ? [deadCell([layer, ...inner])] : []),
          ],
        ];
      }),
    },
    room,
    colors,
  );
}

function parameterPath(path: string): string {
  return path.replaceAll('[', '.').replaceAll(']', '');
}

function nameOf({ layerNames }: ModelArchitecture, { path, kind }: MeasuredLayer): string {
  return printableName(layerNames.get(path) ?? kind);
}

function lengthCell(log: number): string {
  if (Number.isNaN(log) || log === Number.POSITIVE_INFINITY) return '∞';
  return log === Number.NEGATIVE_INFINITY ? '0' : typicalText(log);
}

function deadCell(layers: readonly MeasuredLayer[]): string {
  const units = layers.flatMap(({ dead }) => dead ?? []);
  if (units.length === 0) return '–';
  const dead = units.reduce((sum, { width, active }) => sum + width - active, 0);
  return `${countText(dead)} of ${countText(units.reduce((sum, { width }) => sum + width, 0))}`;
}

function plotText({ measurement }: WeightsDiagnosis, columns: number, colors: Colors): string {
  const own = measurement.layers.filter(({ nested }) => nested === 0);
  if (own.length < 6) return '';
  const last = own.at(-1)?.logGradient ?? 0;
  const lengths = [0, ...own.map(({ logLength }) => logLength / Math.LN10)];
  const gradients = [Number.NaN, ...own.map(({ logGradient }) => (logGradient - last) / Math.LN10)];
  const plot = lengthPlot(
    [
      { label: 'length', logs: lengths, style: 'dots' },
      { label: 'gradient, squared, over the outputs’', logs: gradients, style: 'rings' },
    ],
    columns,
    colors,
  );
  return plot === '' ? '' : `\n${colors.bold('Length and gradient by layer')}\n${plot}`;
}

const changes = {
  'he-normal': ['Draw the weights anew: He normal, biases zero.', []],
  'scale-only': [
    'Keep the weights and rescale every matrix to variance 2/fan-in; biases stay.',
    ['--scale-only'],
  ],
} as const;

function remedyText(
  { file, model }: ModelAnswer,
  number: number,
  change: keyof typeof changes,
  after: WeightsState,
  room: number,
  colors: Colors,
): string {
  const [what, flags] = changes[change];
  const label = `  ${number}. `;
  const indent = ' '.repeat(label.length);
  const starts = after.verdict === 'starts';
  const effect = `${starts ? 'Then it starts' : `Then it does not start either (${after.verdicts.join(', ')})`}: length ${decadesText(after.lengthDecades)} of the input's, gradient ${decadesText(after.gradientDecades)}.`;
  const wrapped = wrapText(effect, room, indent);
  const command = ['kindling', 'repair', file, '--out', repairedName(model), ...flags];
  return [
    `${wrapText(what, room, label, indent)}\n`,
    `${starts ? colors.green(wrapped) : colors.yellow(wrapped)}\n`,
    `${indent}${colors.dim(`$ ${commandLine(command)}`)}\n`,
  ].join('');
}

/** Where the repaired weights would go: the same format where it is written. */
function repairedName({ format }: Model): string {
  return format === 'tfjs-layers' || format === 'tfjs-graph' ? 'repaired/model.json' : 'repaired.safetensors';
}

function changedNetworkText(
  remedies: readonly Remedy[],
  before: number,
  room: number,
  colors: Colors,
): string {
  return remedies
    .map(({ text, starts }, index) => {
      const label = `  ${before + index + 1}. `;
      const sentence = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
      const effect = starts
        ? 'Then more random nets than not start, with He normal weights.'
        : 'That helps, but is not enough.';
      const indent = ' '.repeat(label.length);
      const wrapped = wrapText(effect, room, indent);
      return `${wrapText(sentence, room, label, indent)}\n${starts ? colors.green(wrapped) : colors.yellow(wrapped)}\n`;
    })
    .join('');
}

function remarksOf({ diagnosis, findings }: NetworkDiagnosis): readonly string[] {
  const kernels = findings.filter(({ tensor }) => tensor.fans !== null);
  const trained = kernels.filter(({ law }) => law?.kind === 'unknown');
  return [
    'Lengths are mean squares over these inputs, relative to the inputs’; gradients are those of a random linear function of the outputs. Dead means zero for every one of these inputs: others may wake a unit.',
    ...(diagnosis.verdict === 'starts'
      ? []
      : ['The lines are for plain SGD at rate 0.01; another optimizer or rate moves them.']),
    ...(trained.length > 0 && trained.length * 2 > kernels.length
      ? [
          'Most weights look trained: the verdict says whether a training could go on from them, not how good they are.',
        ]
      : []),
  ];
}
