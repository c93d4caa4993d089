/**
 * The empirical variance of the lengths across layers, V̂ = (1/d) Σ M_j² − ((1/d) Σ M_j)²: large when the lengths of one
 * net differ wildly from layer to layer (failure mode 2 of Hanin & Rolnick, 2018). Divided by d, not d − 1; computed
 * from the deviations, which cancels less. NaN for no layers.
 */
export function empiricalLengthVariance(lengths: readonly number[]): number {
  let sum = 0;
  for (const length of lengths) sum += length;
  const center = sum / lengths.length;
  let squares = 0;
  for (const length of lengths) squares += (length - center) * (length - center);
  return squares / lengths.length;
}
