/**
 * log Γ, ψ and ψ′ at any x > 0, the same bits everywhere. `halfIntegerDigamma` has tables of ψ and ψ′ that need no logarithm; fits of
 * laws need them between.
 */
import { portableMath } from '@kindling/core';

/** From here on the asymptotic series below are right to the last digits. */
const asymptotic = 12;

/**
 * B_{2k}/(2k(2k − 1)), B_{2k}/(2k) and B_{2k} for k = 1 … 8, by B_{2k} = 1/6, −1/30, 1/42, −1/30, 5/66, −691/2730, 7/6, −3617/510
 * (Abramowitz & Stegun 6.1.41, 6.3.18, 6.4.12).
 */
const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510];

/**
 * log Γ(x) by Stirling's series, x brought above 12 by Γ(x + 1) = xΓ(x). Right to 10⁻¹⁴ of the larger of 1 and itself.
 *
 * @param x > 0; NaN for anything else
 */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let [shifted, product] = [x, 1];
  while (shifted < asymptotic) product *= shifted++;
  const square = shifted * shifted;
  let [power, series] = [shifted, 0];
  for (const [index, number] of bernoulli.entries()) {
    const k = 2 * (index + 1);
    series += number / (k * (k - 1) * power);
    power *= square;
  }
  const { log } = portableMath;
  return (shifted - 0.5) * log(shifted) - shifted + 0.5 * log(2 * Math.PI) + series - log(product);
}

/** ψ(x) = d log Γ/dx, to 10⁻¹⁴ of the larger of 1 and itself. @param x > 0; NaN for anything else */
export function digamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let [shifted, sum] = [x, 0];
  while (shifted < asymptotic) sum += 1 / shifted++;
  const square = shifted * shifted;
  let [power, series] = [square, 0];
  for (const [index, number] of bernoulli.entries()) {
    series += number / (2 * (index + 1) * power);
    power *= square;
  }
  return portableMath.log(shifted) - 1 / (2 * shifted) - series - sum;
}

/** ψ′(x), to 10⁻¹⁴ of itself. @param x > 0; NaN for anything else */
export function trigamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let [shifted, sum] = [x, 0];
  while (shifted < asymptotic) {
    sum += 1 / (shifted * shifted);
    shifted++;
  }
  const square = shifted * shifted;
  let [power, series] = [square * shifted, 0];
  for (const number of bernoulli) {
    series += number / power;
    power *= square;
  }
  return 1 / shifted + 1 / (2 * square) + series + sum;
}
