/** The diagnosis of a net of any architecture as it is told. */
import { type Architecture, architectureShorthand, architectureText, scaleRuleText } from '@kindling/core';
import { type Change, type Diagnosis, predictNetworkLengths } from '@kindling/diagnostics';
import { needsData } from '@kindling/initializers';
import type { MeasuredData } from '../options/measured-data.js';
import type { ArchitectureQuestion } from '../options/network-question.js';
import { unitOf } from './architecture-headline.js';
import { predictArchitecture } from './architecture-prediction.js';
import { architecturePlot } from './architecture-prediction-text.js';
import { initializerWord } from './dense-diagnosis.js';
import type { DiagnosisAnswer } from './diagnosis.js';

/** What was asked. */
export interface ArchitectureDiagnosisQuestion {
  /** The net as it is drawn, without an output layer where a shorthand asked for it. */
  readonly question: ArchitectureQuestion;
  /** What was diagnosed. */
  readonly architecture: Architecture;
  /** Units of the output layer that was put behind; null where the architecture says it. */
  readonly outputs: number | null;
  readonly data: MeasuredData | null;
}

/** The answer. */
export function architectureDiagnosis(
  diagnosis: Diagnosis,
  { question, architecture, outputs, data }: ArchitectureDiagnosisQuestion,
): DiagnosisAnswer {
  const { named, source, scaling } = question;
  return {
    diagnosis,
    net: architectureText(architecture, scaling?.rule),
    title: named.title,
    data,
    hasTheory: (change) => {
      const initializer = change.initializer ?? named.initializer;
      if (needsData(initializer)) return false;
      return hasExactMean(change.architecture ?? architecture, initializer);
    },
    unit: unitOf(question),
    commandFor: (change) => {
      const init = initializerWord(change, named.name);
      const unchanged = [...source.words, ...(outputs === null ? [] : ['--outputs', String(outputs)])];
      const words = change.architecture === undefined ? unchanged : changedWords(change.architecture, change);
      return init === null || words === null ? null : ['kindling', 'diagnose', ...words, '--init', init];
    },
    plot: (columns, colors) => architecturePlot(predictArchitecture(question, null), columns, colors),
  };
}

/** Behind the last layer before the outputs, whose length is the signal. */
function hasExactMean(
  architecture: Architecture,
  initializer: ArchitectureQuestion['named']['initializer'],
): boolean {
  const lengths = predictNetworkLengths({ architecture, initializer });
  return (lengths.at(-2) ?? lengths.at(-1))?.mean !== null;
}

/** The flags of a changed net; null where it has no shorthand. */
function changedWords(architecture: Architecture, { scaleRule }: Change): readonly string[] | null {
  const short = architectureShorthand(architecture);
  if (short === null) return null;
  const outputs = short.outputs === 0 ? [] : ['--outputs', String(short.outputs)];
  switch (short.family) {
    case 'residual': {
      const rule = scaleRule === undefined ? short.scale : scaleRuleText({ rule: scaleRule, learned: false });
      const learned = short.scale === 'rezero' || short.scale === 'fixup';
      return [
        ...['--residual', short.modules, '--scale', learned ? short.scale : rule],
        ...(short.module === 'relu' ? [] : ['--module', short.module]),
        ...outputs,
      ];
    }
    case 'convolutional':
      return [
        ...['--conv', short.layers, '--kernel', short.kernel],
        ...(short.stride === 1 ? [] : ['--stride', String(short.stride)]),
        ...(short.padding === 'zero' ? [] : ['--padding', short.padding]),
        ...outputs,
      ];
    case 'dense':
      return ['--widths', short.widths, ...outputs];
  }
}
