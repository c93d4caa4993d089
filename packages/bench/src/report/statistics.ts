/** Exp of the mean of the logarithms; NaN for none. The right mean for ratios: that of the reciprocals is its reciprocal. */
export function geometricMean(ratios: readonly number[]): number {
  let sum = 0;
  for (const ratio of ratios) sum += Math.log(ratio);
  return Math.exp(sum / ratios.length);
}
