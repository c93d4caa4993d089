/** Verdicts in the words of a card: a name, a tone, and the few numbers that tell before from after. */
import type { VerdictCode } from '@kindling/diagnostics';
import { type ExploreVerdictNumbers, percentText, powerOfTenText } from '@kindling/studies';

/** How a verdict is colored; the words say the same. */
export type Tone = 'good' | 'bad' | 'wary';

/** A verdict as a badge. */
export interface Badge {
  readonly title: string;
  readonly tone: Tone;
}

const badges: Readonly<Record<VerdictCode, Badge>> = {
  starts: { title: 'It starts', tone: 'good' },
  'fm1-vanishing': { title: 'The signal vanishes', tone: 'bad' },
  'fm1-exploding': { title: 'The signal explodes', tone: 'bad' },
  'vanishing-gradients': { title: 'The gradients vanish', tone: 'bad' },
  'fm2-length-variance': { title: 'Lengths scatter too far', tone: 'bad' },
  'born-dead': { title: 'Born dead', tone: 'bad' },
  'no-symmetry-breaking': { title: 'All units are the same', tone: 'bad' },
  'zero-output': { title: 'Nothing gets through', tone: 'bad' },
};

/** The badge of a verdict. */
export function badgeOf(code: VerdictCode): Badge {
  return badges[code];
}

/** A number that tells before from after. */
export interface Measure {
  readonly name: string;
  readonly text: string;
}

/** The few numbers of a verdict that a fix is to change. */
export function measuresOf(numbers: ExploreVerdictNumbers): readonly Measure[] {
  const { log10Typical, startingShare, bornDeadProbability } = numbers;
  const share = Number(startingShare);
  const born = Number(bornDeadProbability);
  return [
    ...(log10Typical === null
      ? []
      : [{ name: 'a typical signal’s length', text: `× ${decadesText(Number(log10Typical))}` }]),
    { name: 'nets that start', text: shareText(share) },
    ...(born >= 0.01 ? [{ name: 'born dead', text: shareText(born) }] : []),
  ];
}

/** 10^exponent for people: `0.31`, `10⁻¹⁵`, `∞`. */
export function decadesText(exponent: number): string {
  if (Number.isNaN(exponent)) return 'NaN';
  if (!Number.isFinite(exponent)) return exponent > 0 ? '∞' : '0';
  if (Math.abs(exponent) < 2) return String(Number((10 ** exponent).toPrecision(2)));
  return powerOfTenText(Math.round(exponent));
}

function shareText(share: number): string {
  if (share > 0 && share < 0.01) return 'under 1 %';
  if (share < 1 && share > 0.99) return 'over 99 %';
  return percentText(Math.round(share * 100) / 100);
}
