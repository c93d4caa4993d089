/** What theory says of a network of any architecture beside its signal: sums of scales, and where a decay comes from. */
import type { Architecture, Layer } from '@kindling/core';
import { type Initializer, needsBlocks } from '@kindling/initializers';
import { predictNetworkLengths } from '../theory/network-lengths.js';
import type { NetworkStructure } from './network-structure.js';

/** What evidence and remedies of a network speak of. */
export interface NetworkFindings {
  readonly structure: NetworkStructure;
  readonly scales: ScaleSum | null;
  readonly decay: Decay | null;
}

/** What decides whether a residual net explodes. */
export interface ScaleSum {
  /** Σ |η_l| of branches that end in ReLU if there is one, else Σ η_l². */
  readonly sum: number;
  readonly module: 'relu' | 'linear';
  readonly modules: number;
}

/** Of a convolutional net: what its mean length is multiplied by, and whose doing it is; decades. */
export interface Decay {
  readonly weights: number;
  /** What is missing at borders with zero padding, ≤ 0. */
  readonly padding: number;
}

/** The decisive sum; null without blocks. Blocks of both kinds: Σ η_l of those that end in ReLU, which grow faster. */
export function scaleSum({ blocks }: NetworkStructure): ScaleSum | null {
  if (blocks.length === 0) return null;
  const relu = blocks.filter(({ module }) => module === 'relu');
  const module = relu.length > 0 ? 'relu' : 'linear';
  const counted = module === 'relu' ? relu : blocks;
  const sum = counted.reduce((total, block) => {
    const scale = block.silent ? 0 : Math.abs(block.scale);
    return total + (module === 'relu' ? scale : scale * scale);
  }, 0);
  return { sum, module, modules: counted.length };
}

/** log₁₀ of the mean, of what is measured; exact or null. */
export function predictedDecades(structure: NetworkStructure, initializer: Initializer): number | null {
  if (structure.hidden === null) return 0;
  return logMeanOf(structure.hidden, initializer, 'exact');
}

/**
 * The two parts of a decay, by predicting the same net with circular padding: null without zero padding, and where theory has no
 * number for either.
 */
export function predictDecay({ hidden }: NetworkStructure, initializer: Initializer): Decay | null {
  if (hidden === null || !hidden.layers.some(padsWithZeros)) return null;
  const all = logMeanOf(hidden, initializer, 'estimate');
  const circular = logMeanOf(withCircularPadding(hidden), initializer, 'estimate');
  return all === null || circular === null ? null : { weights: circular, padding: all - circular };
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
