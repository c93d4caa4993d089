/**
 * The recursion behind every prediction of lengths: mean and second moment of M_j from layer to layer, in a form that
 * neither overflows nor underflows with depth. Derivation: condition on the layer before. Its pre-activations have the
 * variance v = 2(gM + h) with g = Var(w)·n/2 and h = Var(b)/2, are symmetric, and ReLU halves their even moments; so
 * E[M′] = g E[M] + h (Hanin & Rolnick, 2018, Theorem 1, with biases), and E[M′²] needs E[v²] and the fourth moments.
 */
import { portableMath } from '@kindling/core';
import type { LayerLaw, LengthLaw } from './length-law.js';

/** Moments of one layer's length. */
export interface LayerMoments {
  readonly law: LayerLaw;
  /** E[M_j]. */
  readonly mean: number;
  /** log E[M_j], natural; right also where the mean leaves the range of f64. */
  readonly logMean: number;
  /** E[M_j²] / E[M_j]²; Infinity beyond the range of f64, NaN when the law has none. */
  readonly relativeSecondMoment: number;
  /** Its logarithm, natural; right also where the ratio itself leaves the range of f64. */
  readonly logRelativeSecondMoment: number;
}

/** The ratios are divided by this when they exceed it, far from the end of the range of f64 (2^1024), and the division is remembered. */
const unit = 2 ** 500;
const logUnit = 500 * Math.LN2;

/**
 * Walks the layers. With r = E[M²]/E[M]², q = E[(1/n) Σ act⁴]/E[M]², t = g E[M]/E[M′] the share of the mean that comes
 * through the weights, and e = E[(gM + h)²]/E[M′]² = 1 + t²(r − 1):
 *
 *     independent weights:  c = 2 κ_w t² q / n + 2 κ_b (1 − t)²   (sparse: + 6 · squareExcess · t² r)
 *                           r′ = e (1 + 5/n′) + c/n′,   q′ = 6 e + c
 *     orthogonal weights, N = max(n, n′), f = N/(N + 2), zero biases: r′ = f r (1 + 5/n′); with biases
 *                           u = t²rf + 2t(1 − t) + (1 − t)²,  r′ = u (1 + 5/n′) + 2 κ_b (1 − t)²/n′
 *
 * @param inputLength M₀ ≥ 0
 * @param inputFourthMoment (1/n₀) Σ xᵢ⁴ relative to M₀²
 */
export function walkMoments(
  law: LengthLaw,
  inputLength: number,
  inputFourthMoment: number,
): readonly LayerMoments[] {
  const hasSecond = law.theory.secondMoment === true;
  let mean = inputLength;
  let logMean = portableMath.log(inputLength);
  // Both moments over the squared mean: the factors cancel, and nothing leaves the range of f64 with depth.
  let second = 1;
  let fourth = inputFourthMoment;
  /** What `second` and `fourth` are measured in is unit^units; `one` is 1 in it. */
  let units = 0;
  let one = 1;
  return law.layers.map((layer) => {
    const { width, fanIn, factor, shift } = layer;
    const before = mean;
    mean = factor * before + shift;
    // Shares of the new mean; an infinite mean has no room for the biases' part.
    const fromBiases = shift === 0 ? 0 : shift / mean;
    const through = 1 - fromBiases;
    logMean =
      shift === 0 || before > 1
        ? logMean + portableMath.log(factor + (shift === 0 ? 0 : shift / before))
        : portableMath.log(mean);
    const square = through * through;
    const biasPart = 2 * layer.biasKurtosis * fromBiases * fromBiases * one;
    if (!hasSecond) second = Number.NaN;
    else if (law.dependence === 'orthogonal') {
      const sphere = Math.max(fanIn, width);
      const narrowed = square * second * (sphere / (sphere + 2)) + (1 - square) * one;
      second = narrowed * (1 + 5 / width) + biasPart / width;
    } else {
      const correction =
        ((2 * layer.weightKurtosis) / fanIn) * fourth * square +
        biasPart +
        6 * layer.squareExcess * square * second;
      const spread = square * second + (1 - square) * one;
      second = spread * (1 + 5 / width) + correction / width;
      fourth = 6 * spread + correction;
    }
    if (second > unit) {
      second /= unit;
      fourth /= unit;
      one /= unit;
      units += 1;
    }
    return {
      law: layer,
      mean,
      logMean,
      relativeSecondMoment: inUnits(second, units),
      logRelativeSecondMoment: portableMath.log(second) + units * logUnit,
    };
  });
}

/** value · unit^units, Infinity beyond the range of f64. */
function inUnits(value: number, units: number): number {
  let product = value;
  for (let i = 0; i < units && Number.isFinite(product); i++) product *= unit;
  return product;
}

/** E[M²] = r · E[M]²; by logarithms where r or E[M] has left the range of f64. */
export function secondMoment(moments: LayerMoments): number {
  const { mean, logMean, relativeSecondMoment, logRelativeSecondMoment } = moments;
  if (mean > 0 && Number.isFinite(mean) && Number.isFinite(relativeSecondMoment)) {
    return relativeSecondMoment * mean * mean;
  }
  return portableMath.exp(2 * logMean + logRelativeSecondMoment);
}
