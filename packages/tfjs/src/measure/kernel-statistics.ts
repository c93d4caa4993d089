/** What is in the kernels of a model, and whether that can be a draw of the law they are said to come from. */
import type { LayerInitializer } from '@kindling/initializers';
import { effectiveVariance } from '@kindling/initializers';
import type { ModelKernel } from '../model/kernels.js';

/** Of one kernel, f64. */
export interface KernelStatistics {
  readonly count: number;
  readonly mean: number;
  /** E[w²], which lengths depend on. */
  readonly meanSquare: number;
}

/** Reads a kernel and reduces it, in order. */
export async function summarizeKernel({ kernel }: ModelKernel): Promise<KernelStatistics> {
  return momentsOf(await kernel.read().data());
}

/** Mean and mean square. */
export function momentsOf(values: ArrayLike<number>): KernelStatistics {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const x = values[i] ?? 0;
    sum += x;
    squares += x * x;
  }
  const count = values.length;
  return { count, mean: sum / count, meanSquare: squares / count };
}

/**
 * Standard deviations between a kernel's mean square and its law's: (m − E[w²]) / √(Var(w²)/count), Var(w²) = (κ + 2) Var² for a
 * law of mean 0. A law without spread must be met within rounding: 0, or Infinity.
 */
export function deviationFromLaw(
  { count, meanSquare }: KernelStatistics,
  law: LayerInitializer,
  fans: ModelKernel['fans'],
): number {
  const { mean, variance, excessKurtosis, dependence } = effectiveVariance(law, fans);
  const expected = variance + mean * mean;
  const spread = dependence === 'independent' ? Math.sqrt((excessKurtosis + 2) / count) : 0;
  const relative =
    expected === 0 ? (meanSquare === 0 ? 0 : Number.POSITIVE_INFINITY) : meanSquare / expected - 1;
  if (spread > 0 && Number.isFinite(spread)) return relative / spread;
  return Math.abs(relative) < 1e-3 ? 0 : Math.sign(relative) * Number.POSITIVE_INFINITY;
}

/** A kernel this far from its law is no draw of it: 5 standard deviations, one false alarm in two million kernels. */
export const mostDeviations = 5;
