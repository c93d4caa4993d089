/**
 * Numbers for people: short, the same on every engine (no locale), and honest about NaN and infinity.
 */
import { portableMath } from '@kindling/core';

export { countOf, countText } from '@kindling/core';

const superscripts = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/** `exponent` in superscript digits, such as `⁻¹²`. @param exponent an integer */
function superscript(exponent: number): string {
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => superscripts[Number(digit)] ?? digit);
  return exponent < 0 ? `⁻${digits}` : digits;
}

/** 10 to the power `exponent`, as a tick label: `1` for 0, else such as `10⁻⁵`. @param exponent an integer */
export function powerOfTenText(exponent: number): string {
  return exponent === 0 ? '1' : `10${superscript(exponent)}`;
}

/**
 * `value` to `digits` significant digits: plain from 0.001 up to 100,000, else as `1.23 × 10⁻⁵`.
 * NaN and infinities are named.
 *
 * @param digits significant digits, 1 … 15; default 3
 */
export function numberText(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const [mantissa = '0', power = '0'] = Math.abs(value)
    .toExponential(digits - 1)
    .split('e');
  const exponent = Number(power);
  const sign = value < 0 ? '−' : '';
  if (exponent < -3 || exponent >= 5) return `${sign}${mantissa} × 10${superscript(exponent)}`;
  const plain = Math.abs(value).toFixed(Math.max(0, digits - 1 - exponent));
  // Trailing zeros of whole numbers say nothing; those of measured fractions say how well they are known.
  return sign + (/^\d+\.0+$/.test(plain) ? plain.slice(0, plain.indexOf('.')) : plain);
}

/**
 * e^log as `numberText` writes it, also where it is beyond f64.
 *
 * @param log natural logarithm; −∞ for 0
 */
export function exponentialText(log: number, digits = 3): string {
  if (!(Math.abs(log) > 600) || !Number.isFinite(log)) return numberText(portableMath.exp(log), digits);
  const exponent = Math.floor(log / Math.LN10);
  return `${numberText(portableMath.exp(log - exponent * Math.LN10), digits)} × ${powerOfTenText(exponent)}`;
}

/** A share as a percentage, such as `20 %` or `12.5 %`. @param share 0 … 1 */
export function percentText(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

/** Items as prose: `a`, `a and b`, `a, b and c`. */
export function listText(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

/** A deviation in standard errors, with its sign: `+0.9`, `−1.3`, `0.0`. */
export function deviationText(value: number): string {
  if (!Number.isFinite(value)) return numberText(value);
  const text = Math.abs(value).toFixed(1);
  return text === '0.0' ? '0.0' : `${value < 0 ? '−' : '+'}${text}`;
}

/**
 * A probability or a share of trials as a percentage to one decimal, such as `69.4 %`, that no line is broken in. What is not
 * certain is not printed as 0 or 100 %, but as `< 0.1 %` or `> 99.9 %`.
 *
 * @param share 0 … 1
 */
export function shareText(share: number): string {
  const text =
    share > 0 && share < 0.0005
      ? '< 0.1 %'
      : share < 1 && share > 0.9995
        ? '> 99.9 %'
        : percentText(Math.round(share * 1000) / 1000);
  return text.replaceAll(' ', '\u00a0');
}
