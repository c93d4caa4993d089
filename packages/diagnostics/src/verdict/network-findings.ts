/** What theory says of a network of any architecture beside its signal: sums of scales, and where a decay comes from. */
import { type Architecture, type Layer, portableMath } from '@kindling/core';
import { hasZeroBiases, type Initializer, layerwise, needsBlocks } from '@kindling/initializers';
import { predictNetworkLengths } from '../theory/network-lengths.js';
import type { BranchMoments } from './branch-moments.js';
import type { Block, NetworkStructure } from './network-structure.js';
import type { MeanBounds } from './simulate-signal.js';

/** What evidence and remedies of a network speak of. */
export interface NetworkFindings {
  readonly structure: NetworkStructure;
  /** The first decides. Empty without blocks. */
  readonly scales: readonly ScaleSum[];
  readonly decay: Decay | null;
  /** What branches of the kind multiply a length by, before η (`branchFactor`); null where that is not one number. */
  readonly branchFactors: Readonly<Record<ScaleSum['module'], number | null>>;
}

/** What decides whether a residual net explodes, of its modules of one kind. Branches that start at zero are left out. */
export interface ScaleSum {
  /** `relu`: Σ |η_l| m_l, m the mean of what a branch adds over a ReLU layer's. `linear`: Σ η_l². */
  readonly sum: number;
  readonly module: 'relu' | 'linear';
  /** Modules that it is over. */
  readonly modules: number;
  /** Branches of this kind that start at zero. */
  readonly silent: number;
  /** The natural logarithm of what these multiply the mean length by, at most, with He's variance. */
  readonly growth: number;
  /** The sign of the mean of what they add, η in it; 0 where there are both signs, or none. */
  readonly sign: -1 | 0 | 1;
  /** What `sum` never passes if more modules go on as these: terms fall geometrically, as with b^l, b < 1. Null where they do not. */
  readonly limit: number | null;
  /** Every branch ends as the kind is named: in a ReLU, m = 1, or with the mean 0. */
  readonly pure: boolean;
}

/**
 * Of a convolutional net: what its mean length is multiplied by, and whose doing it is; decades. Beside biases of the input's own part of
 * it, which is what weights and padding multiply: the length itself falls no lower than what biases add.
 */
export interface Decay {
  readonly weights: number;
  /** What is missing at borders with zero padding, ≤ 0. */
  readonly padding: number;
  /** Whether there are biases, which are left out. */
  readonly biases: boolean;
}

/** The sums of all kinds of modules there are; the first decides, as it makes more of the length. Empty without blocks. */
export function scaleSums({ blocks }: Pick<NetworkStructure, 'blocks'>): readonly ScaleSum[] {
  const kinds = (['relu', 'linear'] as const).map((module) =>
    blocks.filter((block) => block.module === module),
  );
  const found = kinds.flatMap((group) => (group[0] === undefined ? [] : [sumOf(group[0].module, group)]));
  const loud = found.filter(({ modules }) => modules > 0);
  return loud.length === 0 ? found.slice(0, 1) : loud.sort((a, b) => b.growth - a.growth);
}

/** The sum over blocks that count as of this kind, whatever their scales. */
export function sumOf(module: ScaleSum['module'], blocks: readonly Block[]): ScaleSum {
  const loud = blocks.filter(({ silent }) => !silent);
  const signs = new Set(loud.map(({ scale, moments }) => Math.sign(scale * moments.mean)));
  const [sign = 0] = signs.size === 1 ? signs : [];
  const total = (term: (block: Block) => number) => loud.reduce((sum, block) => sum + term(block), 0);
  const termOf = ({ scale, moments }: Block) =>
    module === 'relu' ? Math.abs(scale) * driftOf(moments) : scale * scale;
  return {
    sum: total(termOf),
    module,
    modules: loud.length,
    silent: blocks.length - loud.length,
    growth: total(({ scale, moments: { mean, square } }) =>
      portableMath.log(1 + 2 * Math.abs(scale * mean) + scale * scale * square),
    ),
    limit: geometricLimit(loud.map(termOf)),
    sign: sign > 0 ? 1 : sign < 0 ? -1 : 0,
    pure: blocks.every(({ moments }) =>
      module === 'linear' ? moments.mean === 0 : moments.positive && driftOf(moments) === 1,
    ),
  };
}

/** Ratios of successive terms are the same up to this: rounding, and no rule. */
const ratioSlack = 1e-6;

/** The sum of all terms there would be, a/(1 − r) from the first on; null for fewer than three, and where the ratio r is not one, or ≥ 1. */
function geometricLimit(terms: readonly number[]): number | null {
  const [first = 0, second = 0] = terms;
  const ratio = second / first;
  if (terms.length < 3 || !(ratio > 0 && ratio < 1 - ratioSlack)) return null;
  const isOne = terms.every((term, index) => {
    const before = terms[index - 1];
    return before === undefined || Math.abs(term - ratio * before) <= ratioSlack * before;
  });
  return isOne ? first / (1 - ratio) : null;
}

/** From this share of its limit on, more modules hardly change a sum. */
const levelShare = 0.9;

/** Whether the lengths of a residual net level off: every sum is near its limit, and shortcuts hand on what they read as it is. */
export function levelsOff({ structure: { blocks, residual }, scales }: NetworkFindings): boolean {
  const level = ({ sum, limit }: ScaleSum) => limit !== null && sum >= levelShare * limit;
  return (
    residual &&
    scales.length > 0 &&
    scales.every(level) &&
    blocks.every(({ layer }) => layer.shortcut === 'identity')
  );
}

/** The mean of what a branch adds over a ReLU layer's, which is 1/√π. A hair beside 1 is rounding. */
function driftOf({ mean }: BranchMoments): number {
  const drift = Math.abs(mean) * Math.sqrt(Math.PI);
  return Math.abs(drift - 1) < 1e-12 ? 1 : drift;
}

/** log₁₀ of the mean, of what is measured; exact or null. */
export function predictedDecades(structure: NetworkStructure, initializer: Initializer): number | null {
  if (structure.hidden === null) return 0;
  return logMeanOf(structure.hidden, initializer, 'exact');
}

/**
 * Proved bounds on log₁₀ of the mean, of what is measured, and theory's estimate.
 *
 * @param inputLength matters beside biases only; default 1
 * @returns null where the law of the weights has no formula
 */
export function provedDecades(
  { hidden }: NetworkStructure,
  initializer: Initializer,
  inputLength?: number,
): MeanBounds | null {
  if (hidden === null || needsBlocks(initializer)) return null;
  const last = predictNetworkLengths({ architecture: hidden, initializer, inputLength }).at(-1);
  if (last == null || last.logLower === null || last.logUpper === null) return null;
  const estimate = last.logEstimate;
  const told = estimate !== null && Number.isFinite(estimate);
  return {
    lower: last.logLower / Math.LN10,
    upper: last.logUpper / Math.LN10,
    estimate: told ? estimate / Math.LN10 : null,
  };
}

/**
 * The two parts of a decay, by predicting the same net with circular padding: null without zero padding, and where theory has no
 * number for either. Biases are left out: with them the product over the layers is no product of two causes.
 */
export function predictDecay({ hidden }: NetworkStructure, initializer: Initializer): Decay | null {
  if (hidden === null || !hidden.layers.some(padsWithZeros)) return null;
  const drawn = withoutBiases(initializer);
  const all = logMeanOf(hidden, drawn, 'estimate');
  const circular = logMeanOf(withCircularPadding(hidden), drawn, 'estimate');
  const biases = !hasZeroBiases(initializer);
  return all === null || circular === null ? null : { weights: circular, padding: all - circular, biases };
}

/** The same weights, whose signal is that of the net with its biases. */
export function withoutBiases(initializer: Initializer): Initializer {
  return initializer.kind === 'layerwise' ? layerwise(initializer.weights) : initializer;
}

function logMeanOf(
  architecture: Architecture,
  initializer: Initializer,
  which: 'exact' | 'estimate',
): number | null {
  if (needsBlocks(initializer)) return null;
  const last = predictNetworkLengths({ architecture, initializer }).at(-1);
  const log = which === 'exact' ? last?.logMean : last?.logEstimate;
  return log == null || !Number.isFinite(log) ? null : log / Math.LN10;
}

/** The same net, every zero padding circular; sizes do not change. */
export function withCircularPadding({ input, layers }: Architecture): Architecture {
  const change = (layer: Layer): Layer => {
    if (layer.kind === 'residual') return { ...layer, branch: layer.branch.map(change) };
    return layer.kind === 'conv2d' && layer.padding === 'zero' ? { ...layer, padding: 'circular' } : layer;
  };
  return { input, layers: layers.map(change) };
}

function padsWithZeros(layer: Layer): boolean {
  if (layer.kind === 'residual') return layer.branch.some(padsWithZeros);
  return layer.kind === 'conv2d' && layer.padding === 'zero' && layer.kernel.some((size) => size > 1);
}
