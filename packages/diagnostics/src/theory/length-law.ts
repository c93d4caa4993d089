/**
 * What an initializer means for lengths, layer by layer, and which formulas hold for it. All of them rest on symmetry: if
 * the weights and biases of a neuron change sign together without changing their law, ReLU halves every even moment of
 * its pre-activation.
 */
import {
  checkInitializer,
  effectiveVariance,
  type Initializer,
  type LayerShape,
  layerwise,
  type WeightLaw,
} from '@kindling/initializers';
import { checkWidths } from './check-numbers.js';
import { lengthFactorMoments, orthogonalLengthFactorMoments } from './log-length-factor.js';
import { halvings } from './second-layer.js';

/** True where there is a closed form, else the reason why there is none, in one line. */
export interface LengthTheory {
  /** E[M_j]. */
  readonly mean: true | string;
  /** E[M_j²] and E[V̂]. */
  readonly secondMoment: true | string;
  /** E and Var of log M_j, and the moments of M_j beyond the second. */
  readonly logLength: true | string;
  /** P(M_j = 0). */
  readonly deadProbability: true | string;
}

/** One layer in numbers. */
export interface LayerLaw {
  readonly width: number;
  readonly fanIn: number;
  /** Var(w) · fan-in / 2: what the layer multiplies the mean length by. */
  readonly factor: number;
  /** Var(b) / 2: what its biases add to the mean length. */
  readonly shift: number;
  /** κ_w with E[pre⁴] = 3 (E[pre²]² + squareExcess · (Var(w)·‖act‖²)²) + κ_w Var(w)² Σ act⁴, without biases. */
  readonly weightKurtosis: number;
  /** 0, save for sparse weights, whose places depend on each other. */
  readonly squareExcess: number;
  readonly biasKurtosis: number;
}

/** An initializer read for a chain of widths. Layers are empty when not even the mean has a closed form. */
export interface LengthLaw {
  readonly theory: LengthTheory;
  readonly layers: readonly LayerLaw[];
  /** The law of the direction of a layer's pre-activations. */
  readonly dependence: 'independent' | 'orthogonal';
}

/**
 * Checks `widths` (the input's, then every ReLU layer's) and reads the initializer.
 *
 * @throws InvalidArgumentError naming the entry of `widths` that is no integer ≥ 1, or what is wrong with the initializer
 */
export function readLengthLaw(
  caller: string,
  initializer: Initializer | WeightLaw,
  widths: readonly number[],
): LengthLaw {
  checkWidths(caller, widths);
  checkLaw(caller, initializer);
  const shapes = widths.slice(1).map((width, index) => ({ fanIn: widths[index] ?? 0, fanOut: width }));
  return readShapesLaw(initializer, shapes);
}

/** @throws InvalidArgumentError for an initializer or a law out of range */
export function checkLaw(caller: string, initializer: Initializer | WeightLaw): void {
  checkInitializer(caller, isWeightLaw(initializer) ? layerwise(initializer) : initializer);
}

/** The same for layers of any shape; their width is the fan-out. Of convolutions only what concerns the mean is meant. */
export function readShapesLaw(
  initializer: Initializer | WeightLaw,
  shapes: readonly LayerShape[],
): LengthLaw {
  const weights = weightsOf(initializer);
  if (weights === null) return unknown(`the "${initializer.kind}" initializer ${whyUnknown(initializer)}`);
  const delivered = shapes.map((shape) => effectiveVariance(initializer, shape));
  if (delivered.some(({ symmetric }) => !symmetric)) {
    return unknown('the weights and biases of a neuron are not symmetric about 0');
  }
  const dependence = delivered[0]?.dependence ?? 'structured';
  if (dependence === 'structured' && weights.kind !== 'sparse' && weights.kind !== 'delta-orthogonal') {
    return unknown(`the "${weights.kind}" weights of a layer are not random, or depend on each other`);
  }
  const layers = delivered.map((found, index) => {
    const { fanIn, fanOut } = shapes[index] ?? { fanIn: 0, fanOut: 0 };
    return {
      width: fanOut,
      fanIn,
      factor: (found.variance * fanIn) / 2,
      shift: found.biasVariance / 2,
      ...(weights.kind === 'sparse'
        ? sparseMoments(weights.deviation, found.variance, fanIn)
        : { weightKurtosis: found.variance === 0 ? 0 : found.excessKurtosis, squareExcess: 0 }),
      biasKurtosis: found.biasVariance === 0 ? 0 : found.biasExcessKurtosis,
    };
  });
  return {
    theory: {
      mean: true,
      secondMoment: secondMomentTheory(layers),
      logLength: logLengthTheory(weights, layers),
      deadProbability: deadTheory(weights, initializer, layers),
    },
    layers,
    dependence: dependence === 'orthogonal' ? 'orthogonal' : 'independent',
  };
}

function unknown(reason: string): LengthLaw {
  const theory = { mean: reason, secondMoment: reason, logLength: reason, deadProbability: reason };
  return { theory, layers: [], dependence: 'independent' };
}

/** The law of an initializer's weights; null where data or the layers before have a say. */
export function weightsOf(initializer: Initializer | WeightLaw): WeightLaw | null {
  if (initializer.kind === 'layerwise') return initializer.weights;
  return isWeightLaw(initializer) ? initializer : null;
}

function isWeightLaw(initializer: Initializer | WeightLaw): initializer is WeightLaw {
  // What comes from JSON may lack anything; `checkInitializer` says so.
  switch (initializer?.kind) {
    case undefined:
    case 'layerwise':
    case 'randomized-asymmetric':
    case 'lsuv':
    case 'sign-flip':
    case 'data-dependent':
      return false;
    default:
      return true;
  }
}

function whyUnknown(initializer: Initializer | WeightLaw): string {
  return initializer.kind === 'randomized-asymmetric' ? 'is not symmetric about 0' : 'depends on the data';
}

/**
 * A neuron that reads k of its n inputs, at random places, with normal weights: given the places its pre-activation is
 * normal, and E[(Σ_places act²)²] = k/n Σ act⁴ + k(k−1)/(n(n−1)) (‖act‖⁴ − Σ act⁴).
 */
function sparseMoments(
  deviation: number,
  variance: number,
  fanIn: number,
): { readonly weightKurtosis: number; readonly squareExcess: number } {
  // Weights so small that their variance underflows are zeros in f32.
  const read = variance === 0 ? fanIn : Math.round((variance / (deviation * deviation)) * fanIn);
  if (read === fanIn) return { weightKurtosis: 0, squareExcess: 0 };
  const share = read / fanIn;
  // What two given places are both read with, over share².
  const both = (fanIn * (read - 1)) / (read * (fanIn - 1));
  return { weightKurtosis: 3 / share - 3 * both, squareExcess: both - 1 };
}

function secondMomentTheory(layers: readonly LayerLaw[]): true | string {
  const finite = layers.every(
    ({ weightKurtosis, biasKurtosis }) => Number.isFinite(weightKurtosis) && Number.isFinite(biasKurtosis),
  );
  return finite || 'it is infinite: so is the fourth moment of the weights or biases';
}

function logLengthTheory(weights: WeightLaw, layers: readonly LayerLaw[]): true | string {
  if (layers.some(({ factor }) => factor === 0)) return 'the weights are zero';
  if (layers.some(({ shift }) => shift > 0)) return 'the exact law needs zero biases';
  if (isOrthogonal(weights) || hasNormalWeights(weights)) return true;
  return 'the exact law needs Gaussian or orthogonal weights';
}

/** A center tap alone, which is all a dense layer has of a kernel, is an orthogonal matrix. */
function isOrthogonal(weights: WeightLaw): boolean {
  return weights.kind === 'orthogonal' || weights.kind === 'delta-orthogonal';
}

/** Whether the weights are independent normal numbers, not truncated. */
export function hasNormalWeights(initializer: Initializer | WeightLaw): boolean {
  const weights = weightsOf(initializer);
  return (
    weights !== null &&
    (weights.kind === 'variance-scaling' || weights.kind === 'stated-variance') &&
    weights.distribution === 'normal'
  );
}

/** Whether a sum of such weights is 0 with probability 0. */
function isContinuous(law: { readonly kind: string; readonly distribution?: string }): boolean {
  switch (law.kind) {
    case 'variance-scaling':
    case 'stated-variance':
      return law.distribution !== 'rademacher';
    case 'uniform-range':
    case 'inverse-root-fan-in':
    case 'orthogonal':
    case 'delta-orthogonal':
      return true;
    default:
      return false;
  }
}

function deadTheory(
  weights: WeightLaw,
  initializer: Initializer | WeightLaw,
  layers: readonly LayerLaw[],
): true | string {
  const biases = initializer.kind === 'layerwise' ? initializer.biases : { kind: 'zeros' };
  const silent = layers.every(({ factor }) => factor === 0);
  if (silent || isContinuous(weights)) return true;
  const biased = layers.every(({ shift }) => shift > 0);
  if (biased && isContinuous(biases)) return true;
  return 'pre-activations can be exactly 0';
}

/**
 * Which of the formulas of `predictLengths` hold for an initializer, and why not where they do not.
 *
 * @param widths the input's width, then every ReLU layer's
 * @throws InvalidArgumentError naming the entry of `widths` that is no integer ≥ 1
 */
export function lengthTheory(initializer: Initializer | WeightLaw, widths: readonly number[]): LengthTheory {
  return readLengthLaw('lengthTheory', initializer, widths).theory;
}

/**
 * The factor by which one ReLU layer multiplies the mean length: Var(w) · fan-in / 2 (Hanin & Rolnick, Theorem 1).
 * Critical is 1: He gives 1, LeCun and square Glorot ½, 2× He 2, uncorrected truncated He 0.7737, PyTorch's default 1/6.
 *
 * @throws InvalidArgumentError for a shape or law out of range, and for initializers that need data
 */
export function meanLengthFactor(initializer: Initializer | WeightLaw, shape: LayerShape): number {
  return (effectiveVariance(initializer, shape).variance * shape.fanIn) / 2;
}

/** E[ξ^q], q = 0 … 4, of every layer's factor; null where the exact law does not hold. */
export function factorMoments(law: LengthLaw): readonly (readonly [1, 1, number, number, number])[] | null {
  if (law.theory.logLength !== true) return null;
  return law.layers.map(({ width, fanIn }) =>
    law.dependence === 'orthogonal'
      ? orthogonalLengthFactorMoments(width, Math.max(fanIn, width))
      : lengthFactorMoments(width),
  );
}

/**
 * P(M_j = 0) of layers 1 … d; null where there is no closed form. Biases wake a layer whatever came before it.
 *
 * @param before P(M₀ = 0): 0 or 1
 */
export function deadProbabilities(law: LengthLaw, before: number): readonly number[] | null {
  if (law.theory.deadProbability !== true) return null;
  let dead = before;
  return law.layers.map(({ width, factor, shift }) => {
    if (shift > 0) dead = halvings(width);
    else if (factor === 0) dead = 1;
    else dead += (1 - dead) * halvings(width);
    return dead;
  });
}
