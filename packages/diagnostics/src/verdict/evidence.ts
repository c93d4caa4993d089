/** The numbers behind a verdict, each with its line and a sentence. */
import { needsData } from '@kindling/initializers';
import { lengthTheory } from '../theory/length-law.js';
import { predictLengthVariance } from '../theory/length-variance.js';
import { sumReciprocalWidths } from '../theory/lengths.js';
import type { Assessment, Findings } from './assess.js';
import type { Evidence, VerdictCode } from './diagnosis.js';
import { networkEvidence } from './evidence-network.js';
import type { Judgment } from './judge.js';
import {
  countWord,
  decadesWord,
  numberWord,
  percentWord,
  powerOfTen,
  probabilityWord,
} from './number-words.js';
import type { Signal } from './predict-signal.js';
import type { DenseSetting } from './setting.js';
import { spoken } from './spoken.js';
import type { UnbrokenSymmetry } from './symmetry.js';
import { contributingShare, startingShare, typicalReciprocalWidths, vanishingLine } from './thresholds.js';

/** Every number there is, those of the main verdict's cause first. */
export function evidenceOf(judgment: Judgment): readonly Evidence[] {
  const { setting, findings, assessment, depth, network } = judgment;
  const { verdicts } = assessment;
  const { symmetry, signal } = findings;
  const all = [
    ...(symmetry === null ? [] : symmetryEvidence(symmetry)),
    ...(network === null ? [] : networkEvidence(network, signal, verdicts)),
    ...(signal === null || depth === 0 ? [] : signalEvidence(depth, signal, verdicts, unitOf(judgment))),
    ...(signal === null || depth === 0 || !knowsGradients(judgment)
      ? []
      : [gradientEvidence(signal, verdicts)]),
    ...(setting.kind === 'dense' ? widthEvidence(setting, verdicts) : []),
    ...bornDeadEvidence(findings, verdicts),
    shareEvidence(assessment),
    ...eventualEvidence(assessment, signal),
  ];
  const place = ({ code }: Evidence) => {
    const found = verdicts.indexOf(code);
    return found < 0 ? verdicts.length : found;
  };
  return all
    .map((evidence, index) => ({ evidence, index }))
    .sort((a, b) => place(a.evidence) - place(b.evidence) || a.index - b.index)
    .map(({ evidence }) => evidence);
}

function symmetryEvidence({ value, zero, equalUnits }: UnbrokenSymmetry): readonly Evidence[] {
  const same: Evidence = {
    code: 'no-symmetry-breaking',
    quantity: 'distinctUnits',
    value: 1,
    threshold: 2,
    text: `All weights are ${numberWord(value)}: every unit of a layer reads its inputs alike, gets the same gradient and learns the same, so a layer is worth one unit.`,
  };
  const silent: Evidence = {
    code: 'zero-output',
    quantity: 'gradientNorm',
    value: 0,
    threshold: powerOfTen(vanishingLine(false)),
    text: 'Weights of zero pass nothing on: the output does not depend on the input, and only the last layer gets a gradient.',
  };
  return [...(equalUnits ? [same] : []), ...(zero ? [silent] : [])];
}

function signalEvidence(
  depth: number,
  signal: Signal,
  verdicts: readonly VerdictCode[],
  unit: 'layer' | 'module',
): readonly Evidence[] {
  const { meanDecades, spreadDecades, lengthDecades, biased, source } = signal;
  const { explodingLine } = signal;
  const line = vanishingLine(biased);
  const fm1: VerdictCode = meanDecades < 0 ? 'fm1-vanishing' : 'fm1-exploding';
  const ofLength: VerdictCode = lengthDecades < 0 ? 'fm1-vanishing' : 'fm1-exploding';
  const measured = source === 'simulation' ? ' (measured)' : '';
  const measuredMean = meanOrigin(signal);
  const factor = powerOfTen(meanDecades / depth);
  const limit = meanDecades < 0 ? line : explodingLine;
  const typical = meanDecades + spreadDecades;
  const last = unit === 'module' ? 'module' : 'hidden layer';
  const evidence: Evidence[] = [
    {
      code: spoken(fm1, verdicts),
      quantity: 'lengthFactor',
      value: factor,
      threshold: powerOfTen(limit / depth),
      text: `${factorSentence(signal, factor, depth, unit)}${measuredMean}; 1 is critical, and over ${countOf(depth, unit)} ${meanDecades < 0 ? 'less' : 'more'} than ${numberWord(powerOfTen(limit / depth))} is too ${meanDecades < 0 ? 'little' : 'much'}.`,
    },
    {
      code: spoken(biased && lengthDecades <= explodingLine ? 'vanishing-gradients' : ofLength, verdicts),
      quantity: 'outputLength',
      value: powerOfTen(lengthDecades),
      threshold: powerOfTen(lengthDecades < 0 ? line : explodingLine),
      text: biased
        ? `The mean length of the last ${last} is ${decadesWord(lengthDecades)} times the input's${measured}, but biases make it: the input's own part is ${decadesWord(meanDecades)}.`
        : `The mean length of the last ${last} is ${decadesWord(lengthDecades)} times the input's${lengthDecades === meanDecades ? measuredMean : measured}.`,
    },
    {
      code: spoken('fm2-length-variance', verdicts),
      quantity: 'typicalLength',
      value: powerOfTen(typical),
      threshold: powerOfTen(line),
      text: typicalText(signal, measured),
    },
  ];
  return evidence;
}

/** What is behind the number of a mean: nothing to say of a formula's. */
function meanOrigin({ source, meanIsExact, meanIsEstimated = false }: Signal): string {
  if (source === 'theory' || meanIsExact) return '';
  return meanIsEstimated ? " (theory's estimate)" : ' (measured)';
}

/** Of fully connected nets gradients are what is known; of others where lengths are gradients, and their mean is exact. */
function knowsGradients({ network, findings }: Judgment): boolean {
  if (network === null) return true;
  return network.structure.gradientsAreLengths && findings.signal?.meanIsExact === true;
}

function gradientEvidence(signal: Signal, verdicts: readonly VerdictCode[]): Evidence {
  const { meanDecades, biased, explodingLine } = signal;
  const vanishes = meanDecades < 0;
  return {
    code: spoken(biased ? 'vanishing-gradients' : vanishes ? 'fm1-vanishing' : 'fm1-exploding', verdicts),
    quantity: 'gradientNorm',
    value: powerOfTen(meanDecades),
    threshold: powerOfTen(vanishes ? vanishingLine(biased) : explodingLine),
    text: `On the way from the last hidden layer back to the input, the mean squared gradient is multiplied by ${decadesWord(meanDecades)}${meanOrigin(signal)}.`,
  };
}

/** What is counted as depth: modules where every hidden layer is one. */
function unitOf({ network, depth }: Judgment): 'layer' | 'module' {
  return network !== null && network.structure.blocks.length === depth ? 'module' : 'layer';
}

function countOf(count: number, unit: string): string {
  return `${countWord(count)} ${unit}${count === 1 ? '' : 's'}`;
}

/** A hundredth either way is no difference to speak of. */
const spokenSpread = 0.005;

function typicalText({ meanDecades, spreadDecades }: Signal, measured: string): string {
  const typical = decadesWord(meanDecades + spreadDecades);
  return spreadDecades > -spokenSpread
    ? `A typical net is as the mean: its signal is ${typical}${measured}.`
    : `A typical net is not the mean: its signal is ${typical}, ${decadesWord(spreadDecades)} of the mean${measured}.`;
}

function factorSentence(
  { factors }: Signal,
  factor: number,
  depth: number,
  unit: 'layer' | 'module',
): string {
  const smallest = Math.min(...(factors ?? [factor]));
  const largest = Math.max(...(factors ?? [factor]));
  if (largest - smallest <= 1e-9 * largest) {
    return factors === null && depth > 1
      ? `In the geometric mean, each of ${countOf(depth, unit)} multiplies the mean squared signal by ${numberWord(factor)}`
      : `Each ${unit} multiplies the mean squared signal by ${numberWord(factor)}`;
  }
  return `Layers multiply the mean squared signal by ${numberWord(smallest)} to ${numberWord(largest)}, in the geometric mean of ${depth} by ${numberWord(factor)}`;
}

function widthEvidence(options: DenseSetting, verdicts: readonly VerdictCode[]): readonly Evidence[] {
  const { widths, weightScales, initializer, inputLength } = options;
  const sum = sumReciprocalWidths(widths);
  const code = spoken('fm2-length-variance', verdicts);
  const evidence: Evidence[] = [
    {
      code,
      quantity: 'sumReciprocalWidths',
      value: sum,
      threshold: typicalReciprocalWidths,
      text: `S = Σ 1/width is ${numberWord(sum)} over ${widths.length - 1} hidden layers: with Gaussian weights lengths scatter like exp(±√(5S)), and a typical one is about exp(−5S/2) = ${decadesWord((-2.5 * sum) / Math.LN10)} of the mean.`,
    },
  ];
  const variance =
    weightScales === null &&
    !needsData(initializer) &&
    lengthTheory(initializer, widths).secondMoment === true
      ? predictLengthVariance({ widths, initializer, inputLength })
      : null;
  if (variance !== null && Number.isFinite(variance)) {
    const relative = variance / (inputLength * inputLength);
    evidence.push({
      code,
      quantity: 'lengthVarianceAcrossLayers',
      value: relative,
      text: `The variance of the lengths across the layers of one net is ${numberWord(relative)} in the mean, for an input of length 1.`,
    });
  }
  return evidence;
}

function bornDeadEvidence({ bornDead }: Findings, verdicts: readonly VerdictCode[]): readonly Evidence[] {
  const { lower, upper, probability, standardError } = bornDead;
  const code = spoken('born-dead', verdicts);
  const evidence: Evidence[] = [];
  if (standardError !== null) {
    evidence.push({
      code,
      quantity: 'bornDeadProbability',
      value: probability,
      threshold: 1 - startingShare,
      standardError,
      text: `${percentWord(probability)} of the random nets that were drawn are constant functions before the first step: one of their layers is zero for every input.`,
    });
  }
  if (lower !== undefined) {
    evidence.push({
      code,
      quantity: 'bornDeadLower',
      value: lower,
      threshold: 1 - startingShare,
      text: `In theory at least ${probabilityWord(lower)} of the nets are born dead.`,
    });
  }
  // A handful of nets may die more often than the bound says; beside them it would only confuse.
  if (upper !== undefined && upper >= probability) {
    evidence.push({
      code,
      quantity: 'bornDeadUpper',
      value: upper,
      threshold: 1 - startingShare,
      text: `In theory at most ${probabilityWord(upper)} of the nets are born dead: 1 − Π(1 − 2^−width).`,
    });
  }
  return evidence;
}

function shareEvidence({ verdicts, startingShare: share }: Assessment): Evidence {
  return {
    code: verdicts[0] ?? 'starts',
    quantity: 'startingShare',
    value: share,
    threshold: startingShare,
    text:
      verdicts[0] === 'starts'
        ? `${percentWord(share)} of random nets are alive and carry a signal that starts in time, by these numbers.`
        : share >= 0.005
          ? `Only ${percentWord(share)} of random nets are alive and carry a signal that starts in time, by these numbers.`
          : 'Hardly any random net, if one at all, is alive and carries a signal that starts in time.',
  };
}

/** Only of nets whose signal is too small: for others late is as never. */
function eventualEvidence(
  { verdicts, startingShare: inTime, eventualShare: share }: Assessment,
  signal: Signal | null,
): readonly Evidence[] {
  if (verdicts[0] === 'starts' || signal === null || signal.below < contributingShare || inTime >= share) {
    return [];
  }
  const line = decadesWord(signal.eventualLine);
  return [
    {
      code: verdicts[0] ?? 'starts',
      quantity: 'eventualShare',
      value: share,
      threshold: startingShare,
      text:
        share >= startingShare
          ? `It starts late: ${percentWord(share)} of random nets carry a signal above ${line}, where starts end for nets of this width.`
          : share >= 0.005
            ? `Late is no help to most: only ${percentWord(share)} of random nets carry a signal above ${line}, where starts end for nets of this width.`
            : `It does not start late either: hardly any random net carries a signal above ${line}, where starts end for nets of this width.`,
    },
  ];
}
