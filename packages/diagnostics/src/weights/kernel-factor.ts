/** What one weight matrix of a file does to lengths, and whether that is what it should. */
import type { IdentifiedLaw } from '../parameters/identify-law.js';
import type { KernelStructure } from '../parameters/kernel-structure.js';

/** A weight matrix as its numbers tell it. */
export interface KernelStatistics {
  /** The file's name for it. */
  readonly name: string;
  readonly fanIn: number;
  readonly fanOut: number;
  /** Numbers. */
  readonly count: number;
  /** Σ w²/n. Lengths see this, and not the variance about the mean. */
  readonly meanSquare: number;
  /** E[w⁴]/Var² − 3; NaN of constants. */
  readonly excessKurtosis: number;
  readonly law: IdentifiedLaw;
}

/** A weight matrix, judged as one before a ReLU. */
export interface KernelFactor {
  readonly name: string;
  /** mean square × fan-in / 2: what the layer multiplies the mean length by. 1 is critical. */
  readonly factor: number;
  /** Of the factor, from the kurtosis: √((κ + 2)/n) of it. */
  readonly standardError: number;
  /** Further from 1 than chance and five percent. */
  readonly wrong: boolean;
  /** Why, as far as the numbers tell. */
  readonly cause: string;
}

/** Fifty layers of 1.05 are a factor of eleven: less is no reason to name a layer. */
const tolerance = 0.05;
/** And chance alone goes no further than so many standard errors. */
const deviations = 4;

/** Judges a matrix: factor, its error, and the cause in words. */
export function kernelFactor({
  name,
  fanIn,
  count,
  meanSquare,
  excessKurtosis,
  law,
}: KernelStatistics): KernelFactor {
  const factor = (meanSquare * fanIn) / 2;
  const kurtosis = Number.isFinite(excessKurtosis) ? excessKurtosis : -2;
  const standardError = factor * Math.sqrt(Math.max(0, kurtosis + 2) / Math.max(1, count));
  const distance = Math.abs(factor - 1);
  const wrong = !(distance <= tolerance || distance <= deviations * standardError);
  return { name, factor, standardError, wrong, cause: causeOf(law) };
}

/** The law in words. */
export function causeOf(law: IdentifiedLaw): string {
  switch (law.kind) {
    case 'catalog':
      return law.title;
    case 'shape':
      return `${law.shape} with a scale of its own`;
    case 'constant':
      return law.value === 0 ? 'zeros' : 'one number everywhere';
    case 'structure':
      return structureText(law.structure);
    case 'signs':
      return 'one size with random signs';
    case 'unknown':
      return 'trained, or no known law';
    case 'untested':
      return law.reason === 'too-few' ? 'too few numbers to tell a law' : 'numbers that are not finite';
  }
}

function structureText(structure: KernelStructure): string {
  if (structure.kind === 'sparse') {
    return `sparse: ${structure.zeros} zeros ${structure.of === 'unit' ? 'a unit' : 'an input'}, the others normal`;
  }
  const gain = Number(structure.gain.toPrecision(3));
  return `${structure.kind}, gain ${gain}`;
}
