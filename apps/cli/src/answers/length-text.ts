/** Lengths as the cells of tables, also beyond the range of numbers. */
import { countText, numberText, powerOfTenText } from '@kindling/studies/text';

/** A number, or a dash where there is none. */
export function cellText(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : numberText(value);
}

/** A sum of scales beside a count of modules: thousands separated as in the count; a dash for what is not known. */
export function sumText(sum: number | null): string {
  if (sum === null) return '–';
  return sum >= 1000 && sum < 1e5 ? countText(Math.round(sum)) : numberText(sum);
}

/** The length with this natural logarithm, also beyond the range of numbers, 0 for −∞; a dash where there is none. */
export function typicalText(log: number | null | undefined): string {
  if (log === null || log === undefined) return '–';
  if (Math.abs(log) < 700 || !Number.isFinite(log)) return numberText(Math.exp(log));
  const exponent = Math.floor(log / Math.LN10);
  return `${numberText(10 ** (log / Math.LN10 - exponent))} × ${powerOfTenText(exponent)}`;
}
