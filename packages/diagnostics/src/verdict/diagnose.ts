/**
 * From an architecture and an initializer to a verdict: will training start, why not, and what to change. Theory decides
 * where there is a formula, a few random nets where there is none; remedies are applied and judged again before they are
 * offered. Which verdict agrees how often with real trainings is in docs/verdicts.md.
 */
import { type Engine, InvalidArgumentError, type RandomKey, rootKey } from '@kindling/core';
import {
  checkInitializer,
  type InitializationData,
  type Initializer,
  needsBlocks,
} from '@kindling/initializers';
import { checkCount, checkWidths } from '../theory/check-numbers.js';
import { checkTrials, dataLength } from './check-options.js';
import type { Diagnosis } from './diagnosis.js';
import { diagnosisOf } from './diagnosis-of.js';
import type { DenseSetting } from './setting.js';

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

/**
 * Diagnoses a fully connected ReLU net before its first step; `diagnoseNetwork` takes any other. The same options give the same bytes.
 *
 * @returns plain JSON
 * @throws InvalidArgumentError for widths, an initializer, scales, data or trials out of range
 */
export function diagnose(engine: Engine, options: DiagnoseOptions): Diagnosis {
  const setting = readDenseSetting(engine, 'diagnose', options);
  return diagnosisOf(engine, setting, options.remedies ?? true);
}

/** Checks the options of a fully connected net. @param caller begins the messages */
export function readDenseSetting(engine: Engine, caller: string, options: DiagnoseOptions): DenseSetting {
  const { widths, outputs = 10, initializer, weightScales, data, trials } = options;
  checkWidths(caller, widths);
  checkCount(caller, 'outputs', outputs, { least: 0 });
  checkInitializer(caller, initializer);
  if (needsBlocks(initializer)) {
    throw new InvalidArgumentError(
      `${caller}: ${initializer.kind} is for residual nets, and this one has no blocks; expected another initializer`,
      { details: { kind: initializer.kind } },
    );
  }
  checkTrials(caller, trials);
  if (weightScales !== undefined) checkScales(caller, weightScales, widths.length - 1);
  return {
    kind: 'dense',
    widths,
    outputs,
    initializer,
    initializerName: options.initializerName ?? null,
    weightScales: weightScales ?? null,
    key: options.key ?? rootKey(1),
    data: data ?? null,
    inputLength: dataLength(engine, caller, data, { numbers: widths[0] ?? 0, words: 'widths[0]' }),
    trials: trials ?? null,
  };
}

function checkScales(caller: string, scales: readonly number[], depth: number): void {
  if (scales.length !== depth) {
    throw new InvalidArgumentError(
      `${caller}: weightScales has ${scales.length} entries; expected ${depth}, one a hidden layer`,
    );
  }
  scales.forEach((scale, index) => {
    if (!(scale > 0 && Number.isFinite(scale))) {
      throw new InvalidArgumentError(
        `${caller}: weightScales[${index}] is ${scale}; expected a positive finite number`,
      );
    }
  });
}
