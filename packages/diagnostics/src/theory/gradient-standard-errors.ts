/**
 * How far means of squared gradients over random nets may be off, from theory alone: they are as heavy-tailed as lengths,
 * and a sample that has missed the nets that make the mean does not know it.
 *
 * Gaussian weights: ‖∂y/∂act_j‖² is, in law, a product of independent factors: χ²_{n_j}, and (2/n_i) χ²_K with K ~ Binomial(n_i, ½)
 * for every layer i > j (see `predictGradientSpread`). A direction on the unit sphere in place of a linear output's weights
 * takes away the χ²_{n_d} of its norm.
 */
import { portableMath } from '@kindling/core';
import { type PredictGradientOptions, passes } from './gradients.js';
import { hasNormalWeights, type LengthLaw, readLengthLaw } from './length-law.js';
import { walkMoments } from './length-moments.js';
import { lengthFactorMoments } from './log-length-factor.js';

/** Relative standard errors of sample means over nets. */
export interface GradientStandardErrors {
  /** False for a stand-in: the second moment is that of the forward lengths, the fourth as if they were log-normal. */
  readonly exact: boolean;
  /** For j = 0 (the input) … d: of the mean of ‖∂y/∂act_j‖², and of its square. */
  readonly layers: readonly { readonly mean: number; readonly square: number }[];
  /** Of the mean of g⁴ over the entries g = ∂y/∂x_i and the nets. */
  readonly entries: number;
}

/**
 * Standard errors over `trials` nets; Infinity beyond the range of f64.
 *
 * @param options.outputs as `predictGradientNorms`; 0 for a random direction of the last layer
 * @returns null where not even the second moment of the lengths has a closed form, and for zero weights
 */
export function gradientStandardErrors(
  options: PredictGradientOptions & { readonly trials: number },
): GradientStandardErrors | null {
  const law = readLengthLaw('gradientStandardErrors', options.initializer, options.widths);
  // Zero weights leave nothing to scatter.
  if (law.layers.some(({ factor }) => factor === 0)) return null;
  const spreads = hasNormalWeights(options.initializer)
    ? exactSpreads(law, options)
    : standInSpreads(law, options);
  if (spreads === null) return null;
  const { trials, widths } = options;
  const errorOf = (spread: number) => Math.sqrt(Math.max(0, spread - 1) / trials);
  const { entry } = spreads;
  return {
    exact: spreads.exact,
    layers: spreads.layers.map(({ square, fourth }) => ({ mean: errorOf(square), square: errorOf(fourth) })),
    // Given its layer, entries are normal: E[(mean g⁴)²] / E[g⁴]² = 1 + (105 − 9)/(9 n).
    entries: errorOf(entry * (1 + 32 / (3 * (widths[0] ?? 1)))),
  };
}

/** With N the squared norm: E[N²]/E[N]², E[N⁴]/E[N²]², and the latter of what the input's entries are scaled by. */
interface Spreads {
  readonly exact: boolean;
  readonly layers: readonly { readonly square: number; readonly fourth: number }[];
  readonly entry: number;
}

function exactSpreads(law: LengthLaw, { widths, outputs = 0 }: PredictGradientOptions): Spreads | null {
  const alive = passes(law);
  if (alive === null) return null;
  const last = radiusSpreads(widths.at(-1) ?? 1);
  let square = outputs > 0 ? 1 : 1 / last.square;
  let entry = outputs > 0 ? 1 : 1 / last.fourth;
  const layers = [...widths].reverse().map((width, index) => {
    const j = widths.length - 1 - index;
    const radius = radiusSpreads(width);
    const passed = alive[j] ?? 1;
    const found = { square: (square * radius.square) / passed, fourth: (entry * radius.fourth) / passed };
    if (j > 0) {
      const [, , second, , fourth] = lengthFactorMoments(width);
      square *= second;
      entry *= fourth / (second * second);
    }
    return found;
  });
  return { exact: true, layers: layers.reverse(), entry };
}

/** The same of χ²_n / n. */
function radiusSpreads(n: number): { readonly square: number; readonly fourth: number } {
  return { square: 1 + 2 / n, fourth: ((1 + 4 / n) * (1 + 6 / n)) / (1 + 2 / n) };
}

/** The spread that the layers above j give a length, in whichever direction it is passed. */
function standInSpreads(law: LengthLaw, { widths }: PredictGradientOptions): Spreads | null {
  if (law.theory.secondMoment !== true) return null;
  const layers = law.layers.map((layer) => ({ ...layer, factor: 1, shift: 0 }));
  const inputWidth = widths[0] ?? 1;
  const moments = walkMoments({ ...law, layers }, 1, (3 * inputWidth) / (inputWidth + 2));
  const logs = [0, ...moments.map(({ logRelativeSecondMoment }) => logRelativeSecondMoment)];
  const total = logs.at(-1) ?? 0;
  const spreads = logs.map((log) => {
    const above = Math.max(0, total - log);
    return { square: portableMath.exp(above), fourth: portableMath.exp(4 * above) };
  });
  return { exact: false, layers: spreads, entry: spreads[0]?.fourth ?? 1 };
}
