/** The numbers that only networks with blocks or convolutions have. */
import type { Evidence, VerdictCode } from './diagnosis.js';
import type { Decay, NetworkFindings, ScaleSum } from './network-findings.js';
import { decadesWord, numberWord, powerOfTen } from './number-words.js';
import type { Signal } from './predict-signal.js';
import { spoken } from './spoken.js';
import { explodingDecades, vanishingLine } from './thresholds.js';

/** Sums of scales, what padding costs, and how far single nets scatter. */
export function networkEvidence(
  { scales, decay }: NetworkFindings,
  signal: Signal | null,
  verdicts: readonly VerdictCode[],
): readonly Evidence[] {
  return [
    ...(scales === null ? [] : [scalesEvidence(scales, verdicts)]),
    ...(decay === null ? [] : decayEvidence(decay, verdicts)),
    ...(signal === null || signal.deviationDecades === 0 ? [] : [deviationEvidence(signal, verdicts)]),
  ];
}

function scalesEvidence({ sum, module, modules }: ScaleSum, verdicts: readonly VerdictCode[]): Evidence {
  const count = `${modules} ${modules === 1 ? 'module' : 'modules'}`;
  return {
    code: spoken('fm1-exploding', verdicts),
    quantity: 'sumScales',
    value: sum,
    text:
      module === 'relu'
        ? `Σ η = ${numberWord(sum)} over ${count} that end in ReLU: what they add is positive and adds up, and the mean length grows exponentially in this sum, at most like exp(2 Σ η/√π + Σ η²) with He's variance.`
        : `Σ η² = ${numberWord(sum)} over ${count} that end in a linear layer: what they add has mean zero, so the mean length grows with the squares, like Π(1 + c η²), at most exp(c Σ η²), where c is 2 with He's variance in both layers.`,
  };
}

function decayEvidence({ weights, padding }: Decay, verdicts: readonly VerdictCode[]): readonly Evidence[] {
  const line = vanishingLine(false);
  const all = weights + padding;
  // Each part is to blame for a decay if it is a quarter of it.
  const blamed = (part: number) =>
    part <= all / 4 ? spoken('fm1-vanishing', verdicts) : ('starts' as const);
  return [
    {
      code: weights > 0 ? spoken('fm1-exploding', verdicts) : blamed(weights),
      quantity: 'weightsLength',
      value: powerOfTen(weights),
      threshold: powerOfTen(weights < 0 ? line : explodingDecades),
      text: `Of what happens to the mean length, a factor of ${decadesWord(weights)} is due to the weights.`,
    },
    {
      code: blamed(padding),
      quantity: 'paddingLength',
      value: powerOfTen(padding),
      threshold: powerOfTen(line),
      text: `And a factor of ${decadesWord(padding)} is due to zero padding: windows at the border see zeros, whatever the weights.`,
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
