/**
 * What a diagnosis needs to know of an architecture before anything is drawn: where the signal is measured, which blocks there are, which
 * branches start at zero, and which layers can kill the net.
 */
import {
  type Architecture,
  describeShape,
  inputShape,
  isFlat,
  type Layer,
  layerShapes,
  projectionOf,
  type Residual,
  type TensorShape,
} from '@kindling/core';
import {
  type DataFreeInitializer,
  type LayerInitializer,
  type LayerwiseInitializer,
  parameterLaws,
} from '@kindling/initializers';
import { hasBatchNormalization } from '../theory/batch-normalized.js';
import { slopeOf } from '../theory/network-signal.js';
import { type BranchMoments, branchMoments } from './branch-moments.js';
import { gradientsAreLengths } from './gradient-lengths.js';

/** A residual block among the architecture's own layers. */
export interface Block {
  /** Its index among them. */
  readonly index: number;
  readonly layer: Residual;
  /** η, or what a learned one starts from. */
  readonly scale: number;
  readonly learned: boolean;
  /** Of what its branch adds, before η. */
  readonly moments: BranchMoments;
  /**
   * `relu`: what it adds has a mean that piles up, and Σ η decides, as of branches that end in a ReLU or a leaky one of a small slope.
   * `linear`: it scatters about zero, or so much that the mean does not count, and Σ η² decides.
   */
  readonly module: 'relu' | 'linear';
  /** Its branch adds nothing before the first step: η or the last layer's weights are zero. */
  readonly silent: boolean;
  /** The branch is silent for good: no gradient reaches what would wake it. */
  readonly stuck: boolean;
}

/** An architecture, read. */
export interface NetworkStructure {
  /** Layers up to the last hidden one, silent branches left out: what is measured. May be empty: then the signal is the input. */
  readonly hidden: Architecture | null;
  /** Hidden layers, a block being one, silent ones among them. */
  readonly depth: number;
  readonly blocks: readonly Block[];
  /**
   * Whether the theory of residual nets speaks of it: there are blocks, and beside them at most one hidden layer with weights and one
   * activation by itself.
   */
  readonly residual: boolean;
  /**
   * Units of every ReLU layer that nothing bypasses, as far as weights of its own go before it: if one of them is zero, so is
   * everything behind it, and each unit is with probability 1/2 at most.
   */
  readonly bottlenecks: readonly number[];
  /** The same of ReLUs that read something else, as a sum or the input: how often those are zero has no bound. */
  readonly unboundedBottlenecks: number;
  /** Units, or channels, of every hidden layer with weights. */
  readonly widths: readonly number[];
  /** The first hidden layer that nothing bypasses and whose weights are zero, as `layers[1]`; null where there is none. */
  readonly severed: string | null;
  /** Whether equal weights make all numbers somewhere equal: a hidden layer with weights, or a projection, that nothing bypasses. */
  readonly merges: boolean;
  /** Whether the signal of lengths is that of gradients. */
  readonly gradientsAreLengths: boolean;
  readonly normalizes: boolean;
  readonly convolutional: boolean;
}

/**
 * Reads an architecture under an initializer.
 *
 * @throws InvalidArgumentError when the initializer does not fit it
 */
export function readStructure(
  architecture: Architecture,
  initializer: DataFreeInitializer,
): NetworkStructure {
  const laws = parameterLaws(architecture, initializer, 'diagnoseNetwork');
  const shapes = layerShapes(architecture, 'diagnoseNetwork');
  const { input, layers } = architecture;
  const end = hiddenLayers(layers);
  const kept: Layer[] = [];
  const blocks: Block[] = [];
  const bottlenecks: number[] = [];
  let severed: string | null = null;
  let merges = false;
  let weights = 0;
  let signs: Signs = 'other';
  let unboundedBottlenecks = 0;
  layers.slice(0, end).forEach((layer, index) => {
    const before = shapes[index - 1] ?? inputShape(input);
    const behind = shapes[index] ?? before;
    const first = weights;
    weights += countWeights([layer]);
    if (layer.kind === 'residual') {
      const block = readBlock(layer, index, laws.slice(first, weights));
      blocks.push(block);
      const shortcut = shortcutOf(layer, before, behind);
      kept.push(...(block.silent ? shortcut : [layer]));
      if (layer.shortcut === 'projection') {
        merges ||= countWeights(layer.branch) > 0;
        if (block.silent && isZero(laws[weights - 1])) severed ??= `layers[${index}]`;
      }
      signs = block.silent ? shortcut.reduce(signsBehind, signs) : 'other';
      return;
    }
    kept.push(layer);
    // A ReLU by itself does nothing to what a ReLU has left, and half of a fresh sum.
    const reads = layer.kind === 'activation' ? signs : 'symmetric';
    if (cutsOff(layer) && reads === 'symmetric') bottlenecks.push(behind.channels);
    if (cutsOff(layer) && reads === 'other') unboundedBottlenecks += 1;
    signs = signsBehind(signs, layer);
    merges ||= weights > first;
    if (weights > first && isZero(laws[first])) severed ??= `layers[${index}]`;
  });
  const beside = layers.slice(0, end).filter(({ kind }) => kind !== 'residual');
  const count = (test: (layer: Layer) => boolean) => beside.filter(test).length;
  return {
    hidden: kept.length === 0 ? null : { input, layers: kept },
    depth: end,
    blocks,
    residual:
      blocks.length > 0 &&
      count((layer) => countWeights([layer]) > 0) <= 1 &&
      count(({ kind }) => kind === 'activation') <= 1,
    bottlenecks,
    unboundedBottlenecks,
    widths: layers.slice(0, end).flatMap(weightedUnits),
    severed,
    merges,
    gradientsAreLengths: gradientsAreLengths(kept),
    normalizes: hasBatchNormalization(layers),
    convolutional: layers.some(convolves),
  };
}

/** Hidden layers: all but a linear dense layer at the end and what makes rows of images before it. */
export function hiddenLayers(layers: readonly Layer[]): number {
  let end = layers.length;
  const last = layers[end - 1];
  if (last?.kind === 'dense' && last.activation === 'linear') end -= 1;
  while (end > 0 && isReshaping(layers[end - 1])) end -= 1;
  return end;
}

function isReshaping(layer: Layer | undefined): boolean {
  return layer?.kind === 'flatten' || layer?.kind === 'global-average-pool';
}

/**
 * The sizes of a net of dense ReLU layers and at most one linear layer behind them, which `diagnose` is for; null for all others.
 */
export function denseSizes({
  input,
  layers,
}: Architecture): { readonly widths: readonly number[]; readonly outputs: number } | null {
  if ('channels' in input) return null;
  const widths = [input.width];
  let outputs = 0;
  for (const [index, layer] of layers.entries()) {
    if (layer.kind !== 'dense') return null;
    if (layer.activation === 'relu') widths.push(layer.units);
    else if (layer.activation === 'linear' && index === layers.length - 1) outputs = layer.units;
    else return null;
  }
  return widths.length === 1 ? null : { widths, outputs };
}

/** What a shape is called in words, as `32 × 32 × 3`. */
export function shapeWord(architecture: Architecture): string {
  return describeShape(inputShape(architecture.input));
}

function readBlock(layer: Residual, index: number, laws: readonly LayerInitializer[]): Block {
  const learned = typeof layer.scale !== 'number';
  const scale = typeof layer.scale === 'number' ? layer.scale : layer.scale.learned;
  const own = laws.slice(0, countWeights(layer.branch));
  const last = layer.branch.at(-1);
  const zeroEnd = last !== undefined && countWeights([last]) === 1 && isZero(own.at(-1));
  const zeroInside = own.slice(0, zeroEnd ? -1 : undefined).some(isZero);
  const moments = branchMoments(layer.branch);
  const module = moduleOf(moments, scale);
  const deaf = last !== undefined && cutsOff(last);
  return {
    index,
    layer,
    scale,
    learned,
    moments,
    module,
    silent: scale === 0 || zeroEnd || zeroInside,
    // ReLU passes no gradient where it is zero; two zeros one behind the other wait for each other.
    stuck: (scale === 0 && !learned) || zeroInside || (zeroEnd && (scale === 0 || deaf)),
  };
}

/** A block without its branch. */
function shortcutOf({ shortcut }: Residual, before: TensorShape, behind: TensorShape): readonly Layer[] {
  if (shortcut === 'identity') return [];
  const convolution = isFlat(before) && isFlat(behind) ? null : projectionOf(before, behind);
  if (convolution === null) return [{ kind: 'dense', units: behind.channels, activation: 'linear' }];
  const { kernelHeight, kernelWidth, stride, padding } = convolution;
  const kernel = [kernelHeight, kernelWidth] as const;
  return [{ kind: 'conv2d', filters: behind.channels, kernel, stride, padding, activation: 'linear' }];
}

/** The share of a ReLU layer's drift from which a module is one of those, whatever its scale. */
const leastDrift = 0.5;

/**
 * E|x + ηb|² grows by 2η E[x b] + η² E[b²], of which the mean μ of b makes 2|η||μ| at most. It decides where that is the larger part, or
 * where π μ²/E[b²], the drift beside a ReLU layer's, is a half: of leaky ReLUs (1 − s)²/(1 + s²), so up to the slope 0.27.
 */
function moduleOf({ mean, square }: BranchMoments, scale: number): Block['module'] {
  if (mean === 0) return 'linear';
  const drifts = (Math.PI * mean * mean) / square >= leastDrift;
  return drifts || 2 * Math.abs(mean) >= Math.abs(scale) * square ? 'relu' : 'linear';
}

/** What is known of the signs of a signal: as likely as not for every number by itself, nowhere negative, or neither. */
type Signs = 'symmetric' | 'positive' | 'other';

function signsBehind(signs: Signs, layer: Layer): Signs {
  switch (layer.kind) {
    case 'dense':
    case 'conv2d':
      return cutsOff(layer) ? 'positive' : slopeOf(layer.activation) === 1 ? 'symmetric' : 'other';
    case 'activation':
      if (cutsOff(layer) || signs === 'positive') return 'positive';
      return slopeOf(layer.activation) === 1 ? signs : 'other';
    case 'batch-normalization':
      return signs === 'symmetric' ? signs : 'other';
    case 'residual':
      return 'other';
    default:
      return signs === 'positive' ? signs : 'other';
  }
}

/** Whether it ends in a ReLU, which is zero where its sum is negative. */
function cutsOff(layer: Layer): boolean {
  return 'activation' in layer && slopeOf(layer.activation) === 0;
}

function countWeights(layers: readonly Layer[]): number {
  return layers.reduce((count, layer) => {
    if (layer.kind === 'residual') {
      return count + countWeights(layer.branch) + (layer.shortcut === 'projection' ? 1 : 0);
    }
    return count + (layer.kind === 'dense' || layer.kind === 'conv2d' ? 1 : 0);
  }, 0);
}

function weightedUnits(layer: Layer): readonly number[] {
  if (layer.kind === 'dense') return [layer.units];
  if (layer.kind === 'conv2d') return [layer.filters];
  return layer.kind === 'residual' ? layer.branch.flatMap(weightedUnits) : [];
}

function isZero(law: LayerInitializer | undefined): boolean {
  if (law?.kind !== 'layerwise') return false;
  return zeroValue(law);
}

function zeroValue({ weights }: LayerwiseInitializer): boolean {
  if (weights.kind === 'constant') return weights.value === 0;
  return weights.kind === 'identity' && weights.gain === 0;
}

function convolves(layer: Layer): boolean {
  return layer.kind === 'conv2d' || (layer.kind === 'residual' && layer.branch.some(convolves));
}
