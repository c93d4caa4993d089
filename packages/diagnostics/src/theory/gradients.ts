/**
 * Lengths of gradients. A derivative ∂y/∂act_j is a sum over paths of products of weights and masks. Turning the sign of
 * a neuron's weights and bias together turns its mask, so of two paths only equal ones survive the mean, and a mask counts
 * ½: the weights behave as in the forward pass, with fan-in for fan-in. In law, the masks may even be replaced by fair
 * coins that know nothing of the weights (Hanin & Nica, 2018, arXiv 1812.05994), which gives the fourth moments. Behind a
 * layer that is dead, pre-activations without biases are exactly 0 and so are the masks (ReLU′(0) = 0): hence P(M_j > 0).
 *
 * That their spread is exponential in the same S = Σ 1/n_j is Hanin, "Which neural net architectures give rise to exploding
 * and vanishing gradients?", NeurIPS 2018, arXiv 1801.03744.
 */
import { effectiveVariance, type Initializer, type WeightLaw } from '@kindling/initializers';
import { checkCount } from './check-numbers.js';
import { deadProbabilities, hasNormalWeights, type LengthLaw, readLengthLaw } from './length-law.js';

/** A net whose gradients are asked for. */
export interface PredictGradientOptions {
  /** The input's width, then every ReLU layer's. */
  readonly widths: readonly number[];
  readonly initializer: Initializer | WeightLaw;
  /** Width of a linear output layer of the same initializer; y is one of its outputs. Default 0: none. */
  readonly outputs?: number | undefined;
}

/**
 * E‖∂y/∂act_j‖² for j = 0 (the input, not zero) … d, weights and biases continuous and symmetric about 0:
 *
 *     P(M_j > 0) Π_{i=j+1}^{d} Var(w_i) n_{i−1} / 2               y = one activation of the last ReLU layer
 *     the same × Var(w_{d+1}) n_d                                 y = one linear output
 *
 * with P(M_j > 0) = Π_{i≤j} (1 − 2^−n_i) for zero biases, and 1 in its place for j = d and for biases that are not. He
 * keeps the product for every shape. A coordinate's mean square is this over n_j: there, n_i takes the place of n_{i−1}, which
 * is why fan-out is said to keep gradients. A sum of several activations has a larger gradient than one of norm 1.
 *
 * @returns null where there is no closed form: `lengthTheory` says why, of the mean or of the dead probability
 * @throws InvalidArgumentError for widths that are not integers ≥ 1
 */
export function predictGradientNorms(options: PredictGradientOptions): number[] | null {
  const { widths, initializer, outputs = 0 } = options;
  const law = readLengthLaw('predictGradientNorms', initializer, widths);
  checkCount('predictGradientNorms', 'outputs', outputs, { least: 0 });
  const alive = passes(law);
  if (alive === null) return null;
  const norms = [1];
  if (outputs > 0) {
    const fanIn = widths.at(-1) ?? 0;
    norms[0] = effectiveVariance(initializer, { fanIn, fanOut: outputs }).variance * fanIn;
  }
  for (const { factor } of [...law.layers].reverse()) norms.push((norms.at(-1) ?? 0) * factor);
  return norms.reverse().map((norm, j) => norm * (alive[j] ?? 1));
}

/** P(M_j > 0) where masks above layer j need it, for j = 0 … d; null where there is no closed form. */
export function passes(law: LengthLaw): readonly number[] | null {
  const dead = deadProbabilities(law, 0);
  if (law.theory.mean !== true || dead === null) return null;
  // The last layer has no mask above it, and a layer with biases in front has masks that are coins in any case.
  return [1, ...dead.map((p, j) => (law.layers[j + 1]?.shift === 0 ? 1 - p : 1))];
}

/** Second moments over squared means, for j = 0 (the input) … d. */
export interface GradientSpread {
  /** E‖∂y/∂act_j‖⁴ / (E‖∂y/∂act_j‖²)² = (1 + 2/n_j) Π_{i>j} (1 + 5/n_i), over P(M_j > 0) as in the norms. */
  readonly norms: readonly number[];
  /** E[g⁴] / E[g²]² of one coordinate g of ∂y/∂act_j: 3 Π_{i>j} (1 + 5/n_i), likewise. For j = 0 it is an entry of the Jacobian. */
  readonly entries: readonly number[];
}

/**
 * How far squared gradients scatter, y one linear output: exact for Gaussian weights, whatever the symmetric biases. For
 * one width n and depth d it is about exp(5 d/n): exponential in S = Σ 1/n_i, as the lengths are.
 *
 * @returns null for other weights
 * @throws InvalidArgumentError for widths that are not integers ≥ 1
 */
export function predictGradientSpread(
  options: Omit<PredictGradientOptions, 'outputs'>,
): GradientSpread | null {
  const { widths, initializer } = options;
  const law = readLengthLaw('predictGradientSpread', initializer, widths);
  const alive = passes(law);
  if (alive === null || !hasNormalWeights(initializer)) return null;
  const norms: number[] = [];
  const entries: number[] = [];
  let product = 1;
  for (const width of [...widths].reverse()) {
    norms.push(product * (1 + 2 / width));
    entries.push(3 * product);
    product *= 1 + 5 / width;
  }
  const divide = (moment: number, j: number) => moment / (alive[j] ?? 1);
  return { norms: norms.reverse().map(divide), entries: entries.reverse().map(divide) };
}
