/** Numbers as the sentences of a diagnosis print them: the same on every engine, no locale. */
import { portableMath } from '@kindling/core';

/** Three significant digits, plain from 0.001 to 100,000 with its thousands separated by commas, else such as `2.7e-6`. */
export function numberWord(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 0.001 && size < 100_000) {
    const text = value.toPrecision(3);
    return text.includes('e')
      ? countWord(Math.round(value))
      : text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  }
  return value.toExponential(1).replace('e+', 'e');
}

/** 10^decades in words, also where f64 has no such number: `2.7e-6`, `1e-400`. */
export function decadesWord(decades: number): string {
  if (Math.abs(decades) < 300) return numberWord(powerOfTen(decades));
  return `1e${Math.round(decades)}`;
}

/** 10^decades; 0 or the largest f64 beyond its range, so that JSON can hold it. */
export function powerOfTen(decades: number): number {
  if (decades < -400) return 0;
  if (decades > 400) return Number.MAX_VALUE;
  const whole = Math.floor(decades);
  let power = 1;
  for (let i = 0; i < whole && power < Number.MAX_VALUE; i++) power *= 10;
  for (let i = 0; i > whole && power > 0; i--) power /= 10;
  return Math.min(Number.MAX_VALUE, power * fractionOfDecade(decades - whole));
}

/** 10^x for 0 ≤ x < 1. */
function fractionOfDecade(x: number): number {
  return portableMath.exp(x * Math.LN10);
}

/** A probability: `.84` to two digits, small ones as `< .001`. */
export function probabilityWord(value: number): string {
  if (value > 0 && value < 0.001) return '< .001';
  if (value < 1 && value > 0.999) return '> .999';
  return value === 0 || value === 1 ? String(value) : value.toFixed(value < 0.1 ? 3 : 2).replace(/^0/, '');
}

/** A share as a whole percentage. */
export function percentWord(share: number): string {
  if (share > 0 && share < 0.005) return 'less than 1 %';
  if (share < 1 && share > 0.995) return 'more than 99 %';
  return `${Math.round(share * 100)} %`;
}

/** A count with its thousands separated by commas. */
export function countWord(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
