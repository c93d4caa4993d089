/**
 * From an architecture and an initializer to a verdict: will training start, why not, and what to change. Theory decides
 * where there is a formula, a few random nets where there is none; remedies are applied and judged again before they are
 * offered. Which verdict agrees how often with real trainings is in docs/verdicts.md.
 */
import { type Engine, InvalidArgumentError, type RandomKey, rootKey, sumSquares } from '@kindling/core';
import {
  checkInitializer,
  type InitializationData,
  type Initializer,
  needsData,
} from '@kindling/initializers';
import { checkCount, checkWidths } from '../theory/check-numbers.js';
import { lengthTheory } from '../theory/length-law.js';
import type { Diagnosis } from './diagnosis.js';
import { evidenceOf } from './evidence.js';
import { headlineOf } from './headline.js';
import { type Judgment, judge, type Setting } from './judge.js';
import { countWord } from './number-words.js';
import { remediesFor } from './remedies.js';

/** The settings of `diagnose`. */
export interface DiagnoseOptions {
  /** The input's width, then every ReLU layer's. */
  readonly widths: readonly number[];
  /** Width of the linear output layer behind them. Default 10. */
  readonly outputs?: number;
  readonly initializer: Initializer;
  /** What people call it; only for words. */
  readonly initializerName?: string;
  /** What the weights of each hidden layer are multiplied by after they are drawn. Default: nothing. */
  readonly weightScales?: readonly number[];
  /** Of what is simulated. Default: that of seed 1. */
  readonly key?: RandomKey;
  /** Data in the engine's memory, for initializers that look at data and for measuring. Default: random inputs. */
  readonly data?: InitializationData;
  /** Nets to simulate where theory does not suffice, 2 … 1,000,000. Default: 16 to 1,000, by their size. */
  readonly trials?: number;
  /** Whether to look for remedies. Default true. */
  readonly remedies?: boolean;
}

/** Beyond it a typing error is likelier than a wish. */
const mostTrials = 1_000_000;

/**
 * Diagnoses a fully connected ReLU net before its first step. The same options give the same bytes.
 *
 * @returns plain JSON
 * @throws InvalidArgumentError for widths, an initializer, scales, data or trials out of range
 */
export function diagnose(engine: Engine, options: DiagnoseOptions): Diagnosis {
  const setting = readOptions(engine, options);
  const judgment = judge(engine, setting);
  const { findings, assessment, numbers, trials } = judgment;
  const { verdicts } = assessment;
  return {
    verdict: numbers.verdict,
    verdicts,
    headline: headlineOf(verdicts, numbers),
    evidence: evidenceOf(setting, findings, assessment),
    remedy: options.remedies === false || numbers.verdict === 'starts' ? [] : remediesFor(engine, judgment),
    numbers,
    method: trials > 0 ? 'simulation' : 'theory',
    trials,
    notes: notesOf(judgment),
  };
}

function readOptions(engine: Engine, options: DiagnoseOptions): Setting {
  const { widths, outputs = 10, initializer, weightScales, data, trials } = options;
  checkWidths('diagnose', widths);
  checkCount('diagnose', 'outputs', outputs, { least: 0 });
  checkInitializer('diagnose', initializer);
  if (trials !== undefined && !(Number.isSafeInteger(trials) && trials >= 2 && trials <= mostTrials)) {
    throw new InvalidArgumentError(
      `diagnose: trials is ${trials}; expected an integer from 2 to ${mostTrials}`,
    );
  }
  if (weightScales !== undefined) checkScales(weightScales, widths.length - 1);
  if (data !== undefined && data.inputs.columns !== widths[0]) {
    throw new InvalidArgumentError(
      `diagnose: the data have ${data.inputs.columns} numbers a row; expected widths[0] = ${widths[0]}`,
    );
  }
  const length =
    data === undefined ? 1 : sumSquares(engine, data.inputs) / (data.inputs.rows * data.inputs.columns);
  if (!(length > 0 && Number.isFinite(length))) {
    throw new InvalidArgumentError(
      'diagnose: the data are empty, all zero or not finite; expected at least one row that is not zero',
    );
  }
  return {
    widths,
    outputs,
    initializer,
    initializerName: options.initializerName ?? null,
    weightScales: weightScales ?? null,
    key: options.key ?? rootKey(1),
    data: data ?? null,
    inputLength: length,
    trials: trials ?? null,
  };
}

function checkScales(scales: readonly number[], depth: number): void {
  if (scales.length !== depth) {
    throw new InvalidArgumentError(
      `diagnose: weightScales has ${scales.length} entries; expected ${depth}, one a hidden layer`,
    );
  }
  scales.forEach((scale, index) => {
    if (!(scale > 0 && Number.isFinite(scale))) {
      throw new InvalidArgumentError(
        `diagnose: weightScales[${index}] is ${scale}; expected a positive finite number`,
      );
    }
  });
}

/** The first reason why there is no formula. */
function whyNot(...theories: readonly (true | string)[]): string {
  return theories.find((theory) => typeof theory === 'string') ?? '';
}

/** What was taken for granted, and what nobody can know. */
function notesOf({ setting, findings, trials }: Judgment): readonly string[] {
  const { initializer, widths, data } = setting;
  const notes: string[] = [];
  const inputs = data === null ? 'random inputs of mean square 1' : 'the first rows of the data';
  if (needsData(initializer) && data === null) {
    notes.push(
      `What "${initializer.kind}" draws depends on the data, and none were given: it was measured on random inputs of mean square 1, and may do otherwise on yours.`,
    );
  }
  if (findings.signal?.source === 'simulation') {
    const { mean, secondMoment, logLength } = lengthTheory(initializer, widths);
    const reason = needsData(initializer) ? '' : whyNot(mean, secondMoment, logLength);
    notes.push(
      `There is no formula for this initializer${reason === '' ? '' : ` (${reason})`}: ${countWord(trials)} random nets were measured on ${inputs} instead.`,
    );
  } else if (trials > 0) {
    notes.push(
      `Bounds leave open how often such a net is born dead: ${countWord(trials)} random nets were measured on ${inputs}.`,
    );
  }
  notes.push(
    'The lines are for plain SGD at rate 0.01 and a first success (20 % accuracy on ten classes); another optimizer or rate moves them.',
  );
  return notes;
}
