/** The numbers that only networks with blocks or convolutions have. */
import type { Evidence, VerdictCode } from './diagnosis.js';
import type { Decay, NetworkFindings, ScaleSum } from './network-findings.js';
import { countWord, decadesWord, numberWord, powerOfTen } from './number-words.js';
import type { Signal } from './predict-signal.js';
import { spoken } from './spoken.js';
import { explodingDecades, vanishingLine } from './thresholds.js';

/** Sums of scales, what padding costs, and how far single nets scatter. */
export function networkEvidence(
  { scales, decay, branchFactors }: NetworkFindings,
  signal: Signal | null,
  verdicts: readonly VerdictCode[],
): readonly Evidence[] {
  return [
    ...scales.map((each) => scalesEvidence(each, branchFactors[each.module], verdicts)),
    ...(decay === null ? [] : decayEvidence(decay, verdicts)),
    ...(signal === null || signal.deviationDecades === 0 ? [] : [deviationEvidence(signal, verdicts)]),
  ];
}

function scalesEvidence(scales: ScaleSum, factor: number | null, verdicts: readonly VerdictCode[]): Evidence {
  const text = scales.module === 'relu' ? driftText(scales, factor) : squaresText(scales, factor);
  return {
    code: spoken('fm1-exploding', verdicts),
    quantity: 'sumScales',
    value: scales.sum,
    text: `${text}${silentText(scales)}`,
  };
}

/** `1 module that ends`, `30 modules that end`. */
function modulesText({ modules }: ScaleSum): string {
  return `${countWord(modules)} ${modules === 1 ? 'module that ends' : 'modules that end'}`;
}

/** c in words where it is not He's: with He's variance it is 1 of a ReLU layer. */
function driftBound(pure: boolean, factor: number | null): string {
  if (!pure) return "exp(2 Σ η/√π + c Σ η²) with He's variance";
  if (factor === null || Math.abs(factor - 1) < 1e-9) return "exp(2 Σ η/√π + Σ η²) with He's variance";
  return `exp(2 √c Σ η/√π + c Σ η²), where c is ${numberWord(factor)} with these weights`;
}

function driftText(scales: ScaleSum, factor: number | null): string {
  const { sum, modules, sign, pure } = scales;
  if (modules === 0) return 'Σ η = 0 before the first step.';
  const word = sign > 0 ? 'positive' : sign < 0 ? 'negative' : 'of one sign in each of them';
  const added = pure ? `what they add is ${word}` : `the mean of what they add is ${word}`;
  const weighted = pure ? '' : ', each weighted by the mean of what it adds, that of a ReLU layer being 1';
  const end = pure ? 'in ReLU' : 'in a leaky ReLU or its like';
  return `Σ η = ${numberWord(sum)} over ${modulesText(scales)} ${end}${weighted}: ${added}${sign === 0 ? ', so that it may pile up' : ' and adds up'}, and the mean length grows exponentially in this sum, at most like ${driftBound(pure, factor)}.`;
}

function squaresText(scales: ScaleSum, factor: number | null): string {
  const { sum, modules, pure } = scales;
  if (modules === 0) return 'Σ η² = 0 before the first step.';
  const over = `Σ η² = ${numberWord(sum)} over ${modulesText(scales)}`;
  return pure
    ? `${over} in a linear layer: what they add has mean zero, so the mean length grows with the squares, like Π(1 + c η²), at most exp(c Σ η²), where c is ${factor === null ? 'what the branch multiplies a length by' : `${numberWord(factor)} with these weights`}.`
    : `${over} nearly or wholly linear: what they add scatters more than its mean piles up, so the mean length grows with the squares before all.`;
}

function silentText({ silent }: ScaleSum): string {
  if (silent === 0) return '';
  return silent === 1
    ? ' One branch that starts at zero is left out.'
    : ` ${countWord(silent)} branches that start at zero are left out.`;
}

function decayEvidence(
  { weights, padding, biases }: Decay,
  verdicts: readonly VerdictCode[],
): readonly Evidence[] {
  const line = vanishingLine(false);
  const all = weights + padding;
  const what = biases ? "the input's own part of the mean length, without biases" : 'the mean length';
  // Each part is to blame for a decay if it is a quarter of it.
  const blamed = (part: number) =>
    part <= all / 4 ? spoken('fm1-vanishing', verdicts) : ('starts' as const);
  return [
    {
      code: weights > 0 ? spoken('fm1-exploding', verdicts) : blamed(weights),
      quantity: 'weightsLength',
      value: powerOfTen(weights),
      threshold: powerOfTen(weights < 0 ? line : explodingDecades),
      text: `Of what happens to ${what}, a factor of ${decadesWord(weights)} is due to the weights.`,
    },
    {
      code: blamed(padding),
      quantity: 'paddingLength',
      value: powerOfTen(padding),
      threshold: powerOfTen(line),
      text: `Of what happens to ${what}, a factor of ${decadesWord(padding)} is due to zero padding: windows at the border see zeros, whatever the weights.`,
    },
  ];
}

function deviationEvidence(
  { deviationDecades: deviation, meanDecades, spreadDecades, source }: Signal,
  verdicts: readonly VerdictCode[],
): Evidence {
  return {
    code: spoken('fm2-length-variance', verdicts),
    quantity: 'logDeviation',
    value: deviation,
    text: `Lengths of single nets scatter by a factor of ${decadesWord(deviation)} either way${source === 'simulation' ? ' (measured)' : ''} about a typical ${decadesWord(meanDecades + spreadDecades)}.`,
  };
}
