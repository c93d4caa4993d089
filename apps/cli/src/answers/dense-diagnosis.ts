/** The diagnosis of a fully connected net as it is told. */
import { type Change, type Diagnosis, lengthTheory } from '@kindling/diagnostics';
import { needsData } from '@kindling/initializers';
import { countOf } from '@kindling/studies/text';
import type { MeasuredData } from '../options/measured-data.js';
import { type NetworkChoice, networkText } from '../options/network-choice.js';
import { widthsText } from '../options/widths.js';
import type { DiagnosisAnswer } from './diagnosis.js';
import { predictNetwork } from './prediction.js';
import { predictionPlot } from './prediction-text.js';

/** What was asked. */
export interface DenseDiagnosisQuestion {
  readonly choice: NetworkChoice;
  /** Units of the linear output layer; 0 for none. */
  readonly outputs: number;
  readonly data: MeasuredData | null;
}

/** The answer. */
export function denseDiagnosis(
  diagnosis: Diagnosis,
  { choice, outputs, data }: DenseDiagnosisQuestion,
): DiagnosisAnswer {
  const { widths, named } = choice;
  return {
    diagnosis,
    net: outputs === 0 ? networkText(widths) : `${networkText(widths)} → ${countOf(outputs, 'output')}`,
    title: named.title,
    data,
    hasTheory: (change) => {
      const initializer = change.initializer ?? named.initializer;
      return !needsData(initializer) && lengthTheory(initializer, change.widths ?? widths).mean === true;
    },
    unit: 'layer',
    commandFor: (change) => {
      const init = initializerWord(change, named.name);
      if (init === null) return null;
      return [
        ...['kindling', 'diagnose', '--widths', widthsText(change.widths ?? widths), '--init', init],
        ...(outputs === 0 ? [] : ['--outputs', String(outputs)]),
      ];
    },
    plot: (columns, colors) => predictionPlot(predictNetwork(choice, 1), columns, colors),
  };
}

/** The initializer of a changed net; null where it has no name, or weights were scaled one by one. @param name of the one before */
export function initializerWord(change: Change, name: string): string | null {
  if (change.weightScales !== undefined) return null;
  return change.initializer === undefined ? name : (change.initializerName ?? null);
}
