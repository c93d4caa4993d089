/** The verdict on weights whose network is not known: as if every matrix but the last stood before a ReLU, in the order of the file. */
import { portableMath } from '@kindling/core';
import { assess } from '../verdict/assess.js';
import type { VerdictCode } from '../verdict/diagnosis.js';
import { headlineOf } from '../verdict/headline.js';
import { powerOfTen } from '../verdict/number-words.js';
import type { Signal } from '../verdict/predict-signal.js';
import { eventualLine, explodingDecades, vanishingLine } from '../verdict/thresholds.js';
import { type KernelFactor, type KernelStatistics, kernelFactor } from './kernel-factor.js';

/** What weights alone tell. */
export interface KernelsDiagnosis {
  readonly verdict: VerdictCode;
  readonly verdicts: readonly VerdictCode[];
  readonly headline: string;
  /** In the order given. */
  readonly kernels: readonly KernelFactor[];
  /** log₁₀ of the product of the factors of all matrices but the last: E[M_d]/M_0 of a plain chain without biases. */
  readonly meanDecades: number;
  /** Its geometric mean a layer; `null` of a single matrix. */
  readonly lengthFactor: number | null;
  readonly notes: readonly string[];
}

const notes = [
  'Only the weights are known. Taken for granted: a plain chain in the order of the file, ReLU behind every layer but the last, no biases, no normalization and no skips.',
  'With normalization or skips between the layers, what is said of vanishing and exploding does not hold; with tanh or GELU other factors are critical.',
] as const;

/**
 * Judges kernels by their variances.
 *
 * @param kernels in the order in which the network uses them, as far as that is known; the last is taken for the output layer
 */
export function judgeKernels(kernels: readonly KernelStatistics[]): KernelsDiagnosis {
  const factors = kernels.map(kernelFactor);
  const hidden = kernels.length === 1 ? kernels : kernels.slice(0, -1);
  const logs = hidden.map((kernel) => portableMath.log(kernelFactor(kernel).factor));
  const meanDecades = logs.reduce((sum, log) => sum + log, 0) / Math.LN10;
  const depth = hidden.length;
  const constant = hidden.find(({ law, count }) => law.kind === 'constant' && law.value !== 0 && count > 1);
  const zero = hidden.some(({ meanSquare }) => meanSquare === 0);
  const reciprocals = hidden.reduce((sum, { fanOut }) => sum + 1 / fanOut, 0);
  const line = vanishingLine(false);
  const never = eventualLine(false, Math.max(1, depth) / Math.max(reciprocals, Number.MIN_VALUE));
  const signal: Signal | null =
    depth === 0 || zero
      ? null
      : {
          source: 'theory',
          meanIsExact: true,
          factors: null,
          meanDecades,
          spreadDecades: 0,
          deviationDecades: 0,
          lengthDecades: meanDecades,
          biased: false,
          below: meanDecades < line ? 1 : 0,
          lost: meanDecades < never ? 1 : 0,
          eventualLine: never,
          explodingLine: explodingDecades,
          above: meanDecades > explodingDecades ? 1 : 0,
        };
  const { verdicts, eventualShare } = assess({
    symmetry: constant !== undefined || zero ? { value: 0, equalUnits: constant !== undefined, zero } : null,
    bornDead: { probability: 0, standardError: null },
    signal,
    // Without a graph no shortcut is known.
    residual: false,
  });
  const verdict = verdicts[0] ?? 'starts';
  const lengthFactor = depth === 0 || zero ? null : powerOfTen(meanDecades / depth);
  const headline = headlineOf(verdicts, { eventualShare, bornDeadProbability: 0 });
  return {
    ...{ verdict, verdicts, headline },
    ...{ kernels: factors, meanDecades, lengthFactor, notes },
  };
}
