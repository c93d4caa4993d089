/** From numbers to verdicts. */
import type { BornDeadRisk } from './born-dead-risk.js';
import type { VerdictCode } from './diagnosis.js';
import type { Signal } from './predict-signal.js';
import type { UnbrokenSymmetry } from './symmetry.js';
import { contributingShare, startingShare, vanishingLine } from './thresholds.js';

/** What is known of a net before it is judged. */
export interface Findings {
  readonly symmetry: UnbrokenSymmetry | null;
  readonly bornDead: BornDeadRisk;
  /** null when there is none: zero weights, or every simulated net is dead. */
  readonly signal: Signal | null;
  /** Whether it is a residual net whose branches add to the stream: then there is no second failure mode upwards (Hanin & Rolnick, Theorem 4). */
  readonly residual: boolean;
}

/** The judgment. */
export interface Assessment {
  /** Main one first; `['starts']` when nothing holds. */
  readonly verdicts: readonly VerdictCode[];
  /** P(alive) · P(signal in range | alive), 0 … 1; 0 where units cannot differ or pass nothing on. */
  readonly startingShare: number;
  /** The same of the nets that start at all, in time or late; at least `startingShare`. */
  readonly eventualShare: number;
}

/**
 * Judges. More nets than not must be alive and in range. If they are not, every cause that loses a quarter of them is named,
 * or the largest if none does. A signal below the line is failure mode 1 where the mean is below it, failure mode 2 where
 * the spread alone would bring a typical net there; where only both together do, the larger part is named, and the other
 * too when it is half of the way.
 */
export function assess({ symmetry, bornDead, signal, residual }: Findings): Assessment {
  if (symmetry !== null) {
    const more: VerdictCode[] = [
      ...(symmetry.equalUnits ? (['no-symmetry-breaking'] as const) : []),
      ...(symmetry.zero ? (['zero-output'] as const) : []),
    ];
    if (signal !== null && signal.above >= startingShare) more.push('fm1-exploding');
    if (signal !== null && signal.below >= startingShare) more.push('fm1-vanishing');
    return { verdicts: more, startingShare: 0, eventualShare: 0 };
  }
  const below = signal?.below ?? 0;
  const above = signal?.above ?? 0;
  const share = (1 - bornDead.probability) * Math.max(0, 1 - below - above);
  const eventual = (1 - bornDead.probability) * Math.max(0, 1 - (signal?.lost ?? 0) - above);
  const shares = { startingShare: share, eventualShare: Math.max(share, eventual) };
  // Exactly half is not more than half that fail.
  if (share >= startingShare) return { verdicts: ['starts'], ...shares };
  const losses = [
    { loss: bornDead.probability, codes: () => ['born-dead'] as const },
    { loss: below, codes: () => causesBelow(signal) },
    { loss: above, codes: () => causesAbove(signal, residual) },
  ].sort((a, b) => b.loss - a.loss);
  const named = losses.filter(({ loss }, index) => index === 0 || loss >= contributingShare);
  const verdicts: VerdictCode[] = named.flatMap(({ codes }) => codes());
  return { verdicts: [...new Set(verdicts)], ...shares };
}

function causesBelow(signal: Signal | null): readonly VerdictCode[] {
  if (signal === null) return [];
  const { meanDecades: mean, spreadDecades: spread, biased } = signal;
  const line = vanishingLine(biased);
  const alone = mean < line || spread < line;
  const byMean = alone ? mean < line : mean <= spread || mean <= line / 2;
  const bySpread = alone ? spread < line : spread < mean || spread <= line / 2;
  const fm1: readonly VerdictCode[] = byMean
    ? biased
      ? ['fm1-vanishing', 'vanishing-gradients']
      : ['fm1-vanishing']
    : [];
  const fm2: readonly VerdictCode[] = bySpread ? ['fm2-length-variance'] : [];
  return mean <= spread ? [...fm1, ...fm2] : [...fm2, ...fm1];
}

/** A mean in range with nets above it is spread; else it is the mean. */
function causesAbove(signal: Signal | null, residual: boolean): readonly VerdictCode[] {
  if (signal === null) return [];
  if (residual) return ['fm1-exploding'];
  const largest = Math.max(signal.meanDecades, signal.lengthDecades);
  return [largest > signal.explodingLine ? 'fm1-exploding' : 'fm2-length-variance'];
}
