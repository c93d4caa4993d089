/** Are the tails those of the law? What training changes first is often there, where the distance of Kolmogorov and Smirnov sees little. */
import { type Engine, portableMath } from '@kindling/core';
import { normalShareBelow } from '../verdict/normal-law.js';
import { type LawShape, shapeKurtosis } from './law-shape.js';
import { nullSamples, scaleAndKurtosis } from './null-samples.js';

/**
 * Two-sided p-value of n Σ w⁴/(Σ w²)², which no scale changes. Its mean, deviation and skewness come from simulated samples of at most 512
 * numbers; for more the bias shrinks like 1/n, deviation and skewness like 1/√n. The three make it normal by the transformation of Anscombe &
 * Glynn (Biometrika 70, 1983).
 *
 * @param sorted at least 20 numbers, not all zero
 */
export function kurtosisPValue(engine: Engine, sorted: Float64Array, shape: LawShape): number {
  const { size, kurtosis: found } = nullSamples(engine, shape, sorted.length);
  const ratio = size / sorted.length;
  const limit = shapeKurtosis[shape] + 3;
  const mean = limit + (found.mean - limit) * ratio;
  const x = (scaleAndKurtosis(sorted).kurtosis - mean) / (found.deviation * Math.sqrt(ratio));
  const skewness = found.skewness * Math.sqrt(ratio);
  const z = skewness >= 0 ? normalized(x, skewness) : -normalized(-x, -skewness);
  return Math.min(1, 2 * normalShareBelow(-Math.abs(z)));
}

/** A skewness that is as good as none; the formula would divide by it. */
const negligibleSkewness = 0.02;

/** @param skewness ≥ 0 */
function normalized(x: number, skewness: number): number {
  if (skewness < negligibleSkewness) return x;
  const a = 6 + (8 / skewness) * (2 / skewness + Math.sqrt(1 + 4 / (skewness * skewness)));
  const inner = (1 - 2 / a) / (1 + x * Math.sqrt(2 / (a - 4)));
  // Beyond the end of the fitted law.
  if (!(inner > 0)) return -Number.MAX_VALUE;
  const root = portableMath.exp(portableMath.log(inner) / 3);
  return (1 - 2 / (9 * a) - root) / Math.sqrt(2 / (9 * a));
}
