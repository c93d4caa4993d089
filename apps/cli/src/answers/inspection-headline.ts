/** What `kindling inspect` says of a file in a sentence. It never says more than the probability beside it. */
import { printableText } from '@kindling/core';
import type { IdentifiedLaw, TrainedAnswer } from '@kindling/diagnostics';
import type { TensorFindings } from '@kindling/diagnostics/models';
import { countOf, countText } from '@kindling/studies/text';

/** What the sentence is about. */
interface Inspected {
  readonly file: string;
  readonly findings: readonly TensorFindings[];
  /** `null` where no tensor could be asked. */
  readonly trained: TrainedAnswer | null;
}

/** Numbers that are none come first, then whether the file was trained, then the laws of its weight matrices. */
export function inspectionHeadline({ file, findings, trained }: Inspected): string {
  const said = [wrongNumbers(findings), ...trainedAndLaws(findings, trained)].filter((part) => part !== '');
  return `${printableText(file)}: ${said.join('; ')}.`;
}

function wrongNumbers(findings: readonly TensorFindings[]): string {
  const wrong = findings.filter(({ summary }) => summary.nans + summary.infinities > 0).length;
  if (wrong === 0) return '';
  const which =
    findings.length === 1 ? 'its tensor' : `${countText(wrong)} of ${countText(findings.length)} tensors`;
  return `${which} ${wrong === 1 ? 'holds' : 'hold'} NaN or infinite numbers`;
}

function trainedAndLaws(
  findings: readonly TensorFindings[],
  answer: TrainedAnswer | null,
): readonly string[] {
  const kernels = findings.filter(({ tensor }) => tensor.fans !== null);
  if (kernels.length === 0) return ['no weight matrices that could be recognized'];
  const many = countOf(kernels.length, 'weight matrix', 'weight matrices');
  const odds = answer === null ? '' : oddsText(answer.probability);
  if (kernels.every(({ law }) => law === null)) {
    return [odds, `${many}, whose numbers are too coarse or no floats, so that no law can be told`];
  }
  const counts = new Map<LawKind, number>();
  for (const { law } of kernels) counts.set(kindOf(law), (counts.get(kindOf(law)) ?? 0) + 1);
  if (counts.get('known') === kernels.length) {
    const laws = `${many}, each of a law that is known`;
    const probability = answer?.probability ?? 0.5;
    return probability < 0.5 ? [freshText(probability), laws] : [odds, `${laws}, hardly moved`];
  }
  if (counts.get('unknown') === kernels.length) {
    return [
      odds,
      `${many}, ${kernels.length === 1 ? 'which follows no' : 'none of which follows a'} known law`,
    ];
  }
  const kinds = lawKinds.filter((kind) => counts.has(kind));
  const [only] = kinds;
  if (kinds.length === 1 && only !== undefined) return [odds, `${many}, ${lawKindWords[only]}`];
  return [
    odds,
    `of ${many}, ${kinds.map((kind) => `${countText(counts.get(kind) ?? 0)} ${lawKindWords[kind]}`).join(', ')}`,
  ];
}

/** What can be said of a matrix, in the order in which it is. */
const lawKinds = ['known', 'unknown', 'ownScale', 'constant', 'untested'] as const;
type LawKind = (typeof lawKinds)[number];

const lawKindWords: Readonly<Record<LawKind, string>> = {
  known: 'of a law that is known',
  unknown: 'of no known law',
  ownScale: 'of a known shape with a scale of its own',
  constant: 'of one number everywhere',
  untested: 'not tested',
};

function kindOf(law: IdentifiedLaw | null): LawKind {
  if (law === null || law.kind === 'untested') return 'untested';
  if ('names' in law && law.names.length > 0) return 'known';
  if (law.kind === 'unknown') return 'unknown';
  return law.kind === 'constant' ? 'constant' : 'ownScale';
}

/** Weights of known laws that were probably never trained. */
function freshText(probability: number): string {
  return probability < 0.25 ? 'fresh weights' : 'perhaps fresh weights';
}

/** What a probability of training comes to in words. */
function oddsText(probability: number): string {
  if (probability >= 0.99) return 'trained';
  if (probability >= 0.9) return 'very probably trained';
  if (probability > 0.5) return 'perhaps trained';
  if (probability === 0.5) return 'trained or not cannot be told';
  return probability < 0.1 ? 'very probably not trained' : 'perhaps not trained';
}
