/** Probabilities for people. */
import { numberText } from '@kindling/studies/text';

/** Such as `91.9 %`, `0.058 %`, `never`, `always`; tiny ones as powers of ten. @param probability 0 … 1 */
export function probabilityText(probability: number): string {
  if (probability === 0) return '0 %';
  if (probability < 1e-5) return numberText(probability, 2);
  const percent = probability * 100;
  // Rounding must not make certain what is not: 99.97 % stays that.
  const digits = percent > 99 && percent < 100 ? 3 + Math.max(0, Math.ceil(-Math.log10(100 - percent))) : 3;
  return digits > 10 ? '100 %' : `${Number(percent.toPrecision(digits))} %`;
}

/** Of a normal law: 97.5 % of it lies below so many deviations. */
const quantile = 1.96;

/**
 * A share of `trials` random nets: where none or all of them do, what so many can tell, such as `over 80.6 %` of 16 (the
 * end of Wilson's 95 % interval). @param share 0 … 1
 */
export function sampledShareText(share: number, trials: number): string {
  const unseen = (quantile * quantile) / (trials + quantile * quantile);
  const told = `${Number(((share < 0.5 ? unseen : 1 - unseen) * 100).toPrecision(3))} %`;
  if (share * trials < 0.5) return `under ${told}`;
  return (1 - share) * trials < 0.5 ? `over ${told}` : shareText(share);
}

/** The same where only its size matters: `26.5 %`, `under 0.1 %`, `over 99.9 %`. @param share 0 … 1 */
export function shareText(share: number): string {
  if (share < 0.001) return 'under 0.1 %';
  return share > 0.999 ? 'over 99.9 %' : `${Number((share * 100).toPrecision(3))} %`;
}
