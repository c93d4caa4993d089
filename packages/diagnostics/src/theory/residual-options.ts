/** A residual net as `predictResidualLengths` takes it, checked and read: which formulas hold, and what is known of the input. */
import { InvalidArgumentError } from '@kindling/core';
import type { Initializer, WeightLaw } from '@kindling/initializers';
import { checkCount, checkNonNegative } from './check-numbers.js';
import { hasNormalWeights, type LengthLaw, readLengthLaw } from './length-law.js';

/** What a branch is made of. */
export type ResidualModule =
  /** N(x) = ReLU(Wx + b), as wide as the stream. */
  | { readonly kind: 'relu' }
  /** ReLU layers of these widths (maybe none), then a linear layer as wide as the stream. */
  | {
      readonly kind: 'linear';
      readonly hidden: readonly number[];
      /** How the linear layer starts; default: as the others. */
      readonly lastInitializer?: Initializer | WeightLaw;
    };

/** A residual net and its input. */
export interface PredictResidualOptions {
  /** n: coordinates of the stream. */
  readonly width: number;
  readonly module: ResidualModule;
  /** η_1 … η_L, each finite and ≥ 0. */
  readonly scales: readonly number[];
  readonly initializer: Initializer | WeightLaw;
  /** x itself, `width` numbers. Default: a direction uniform on the sphere. */
  readonly input?: readonly number[];
  /** ‖x‖² of the random direction, > 0; not with `input`. Default 1. */
  readonly inputSquare?: number;
}

/** Which formulas hold: true, or why not. */
export interface ResidualTheory {
  /** E[M_l] of every module. */
  readonly mean: true | string;
  /** Bounds on E[M_l], both sides. */
  readonly bounds: true | string;
  /** E[M_l²]. */
  readonly secondMoment: true | string;
}

/**
 * Which formulas of `predictResidualLengths` hold, and why not where they do not.
 *
 * @throws InvalidArgumentError as `predictResidualLengths`
 */
export function residualTheory(options: PredictResidualOptions): ResidualTheory {
  return readResidual('residualTheory', options).theory;
}

/** What is known of the input: ‖x‖², and mean and mean square of its cosine with the diagonal. */
export interface ResidualStart {
  readonly square: number;
  readonly cosine: number;
  readonly cosineSquare: number;
  /** No coordinate is negative. */
  readonly positive: boolean;
}

/** A residual net, read. */
export interface ResidualLaw {
  readonly theory: ResidualTheory;
  readonly start: ResidualStart;
  /** √(Var(w)·n/2) of a ReLU module: η times it is e. */
  readonly gain: number;
  /** Whether all weights are independent and normal. */
  readonly gaussian: boolean;
}

/**
 * @param caller begins the messages
 * @throws InvalidArgumentError for sizes, scales or an input out of range
 */
export function readResidual(caller: string, options: PredictResidualOptions): ResidualLaw {
  const { width, module, scales, initializer } = options;
  checkCount(caller, 'width', width);
  if (scales.length === 0) {
    throw new InvalidArgumentError(`${caller}: scales is empty; expected one scale a module`);
  }
  scales.forEach((scale, index) => {
    checkNonNegative(caller, `scales[${index}]`, scale);
  });
  const start = readStart(caller, options);
  if (module.kind === 'relu') {
    const law = readLengthLaw(caller, initializer, [width, width]);
    const gain = Math.sqrt(law.layers[0]?.factor ?? 0);
    return { theory: reluTheory(law), start, gain, gaussian: hasNormalWeights(initializer) };
  }
  const { hidden, lastInitializer = initializer } = module;
  const relu = hidden.length === 0 ? null : readLengthLaw(caller, initializer, [width, ...hidden]);
  const last = readLengthLaw(caller, lastInitializer, [hidden.at(-1) ?? width, width]);
  const gaussian = (relu === null || hasNormalWeights(initializer)) && hasNormalWeights(lastInitializer);
  return { theory: linearTheory(relu === null ? [last] : [relu, last], gaussian), start, gain: 1, gaussian };
}

function without(reason: string): ResidualTheory {
  return { mean: reason, bounds: reason, secondMoment: reason };
}

function reluTheory(law: LengthLaw): ResidualTheory {
  if (law.theory.mean !== true) return without(law.theory.mean);
  if (isBiased(law)) return without('ReLU modules with biases have no formula');
  return {
    mean: 'behind the first ReLU module the law of x has no closed form, so its mean has bounds only',
    bounds: true,
    secondMoment: 'ReLU modules have no closed form for it',
  };
}

function linearTheory(laws: readonly LengthLaw[], gaussian: boolean): ResidualTheory {
  for (const { theory } of laws) if (theory.mean !== true) return without(theory.mean);
  let secondMoment: true | string = true;
  if (!gaussian) secondMoment = 'it needs Gaussian weights';
  else if (laws.some(isBiased)) secondMoment = 'it needs zero biases';
  return { mean: true, bounds: true, secondMoment };
}

function isBiased({ layers }: LengthLaw): boolean {
  return layers.some(({ shift }) => shift > 0);
}

function readStart(caller: string, { width, input, inputSquare }: PredictResidualOptions): ResidualStart {
  if (input === undefined) {
    const square = inputSquare ?? 1;
    checkNonNegative(caller, 'inputSquare', square);
    if (square === 0) throw new InvalidArgumentError(`${caller}: inputSquare is 0; expected a number > 0`);
    return { square, cosine: 0, cosineSquare: 1 / width, positive: false };
  }
  if (inputSquare !== undefined) {
    throw new InvalidArgumentError(`${caller}: both input and inputSquare; expected at most one of them`);
  }
  if (input.length !== width) {
    throw new InvalidArgumentError(
      `${caller}: input has ${input.length} numbers; expected the width, ${width}`,
    );
  }
  const square = input.reduce((sum, x) => sum + x * x, 0);
  if (!(square > 0 && Number.isFinite(square))) {
    throw new InvalidArgumentError(
      `${caller}: input has the squared norm ${square}; expected a finite one > 0`,
    );
  }
  const cosine = input.reduce((sum, x) => sum + x, 0) / Math.sqrt(width * square);
  return { square, cosine, cosineSquare: cosine * cosine, positive: input.every((x) => x >= 0) };
}
