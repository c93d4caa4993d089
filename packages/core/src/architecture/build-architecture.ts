/** Architectures of the usual families from a few numbers. All are checked as `parseArchitecture` checks. */
import type { Padding } from '../convolution/geometry.js';
import { checkArchitecture, type DenseArchitecture } from '../network/dense-network.js';
import type { Activation, Architecture, Extent, Layer } from './architecture.js';
import { parseArchitecture } from './parse-architecture.js';
import { type ResidualScaleRule, residualScales } from './residual-scales.js';

const dense = (units: number, activation: Activation): Layer => ({ kind: 'dense', units, activation });
const outputLayer = (outputs: number): readonly Layer[] => (outputs === 0 ? [] : [dense(outputs, 'linear')]);

/**
 * The architecture of a `DenseNetwork`: ReLU layers, then a linear one of `outputs` units unless that is 0.
 *
 * @throws InvalidArgumentError for sizes that `checkArchitecture` refuses
 */
export function denseArchitecture(sizes: DenseArchitecture): Architecture {
  checkArchitecture(sizes);
  const [width = 0, ...hidden] = sizes.widths;
  return parseArchitecture({
    input: { width },
    layers: [...hidden.map((units) => dense(units, 'relu')), ...outputLayer(sizes.outputs)],
  });
}

/** A residual net of fully connected modules of one width. */
export interface ResidualSizes {
  /** `relu`: N(x) = ReLU(Wx + b). `linear`: N(x) = W₂ ReLU(W₁x + b₁) + b₂, which ends in a linear layer. */
  readonly module: 'relu' | 'linear';
  /** Integer ≥ 1. */
  readonly width: number;
  /** L, an integer from 1 to 100,000. */
  readonly modules: number;
  readonly scale: ResidualScaleRule;
  /** The scales are parameters that start there. Default: false, they stay. */
  readonly learned?: boolean;
  /** A layer in front that takes so many inputs to `width`. Default: none, the input has `width` numbers. */
  readonly inputLayer?: { readonly inputs: number; readonly activation: Activation };
  /** Units of a linear layer behind the modules; default 0, none. */
  readonly outputs?: number;
}

/**
 * x ← x + η_l · N_l(x) for l = 1 … L, identity shortcuts.
 *
 * @throws InvalidArgumentError for sizes or scales out of range
 */
export function residualArchitecture(sizes: ResidualSizes): Architecture {
  const { module, width, modules, scale, learned = false, inputLayer, outputs = 0 } = sizes;
  const branch: readonly Layer[] =
    module === 'relu' ? [dense(width, 'relu')] : [dense(width, 'relu'), dense(width, 'linear')];
  const blocks = residualScales(scale, modules).map(
    (eta): Layer => ({
      kind: 'residual',
      branch,
      scale: learned ? { learned: eta } : eta,
      shortcut: 'identity',
    }),
  );
  const front = inputLayer === undefined ? [] : [dense(width, inputLayer.activation)];
  return parseArchitecture({
    input: { width: inputLayer?.inputs ?? width },
    layers: [...front, ...blocks, ...outputLayer(outputs)],
  });
}

/** A net of convolutions, all with one kernel, padding and activation. */
export interface ConvolutionalSizes {
  readonly input: { readonly height: number; readonly width: number; readonly channels: number };
  /** Output channels of every convolution. */
  readonly filters: readonly number[];
  readonly kernel: Extent;
  readonly padding: Padding;
  /** Default 1. */
  readonly stride?: number;
  /** Default: ReLU. */
  readonly activation?: Activation;
  /** What is behind them: nothing (default), or how the image becomes flat and the units of a linear layer that reads it. */
  readonly head?: { readonly kind: 'flatten' | 'global-average-pool'; readonly outputs: number };
}

/**
 * Convolutions one after another, no pooling.
 *
 * @throws InvalidArgumentError for sizes out of range, or a kernel that does not fit what is left of the image
 */
export function convolutionalArchitecture(sizes: ConvolutionalSizes): Architecture {
  const { input, filters, kernel, padding, stride = 1, activation = 'relu', head } = sizes;
  const layers = filters.map(
    (count): Layer => ({ kind: 'conv2d', filters: count, kernel, stride, padding, activation }),
  );
  return parseArchitecture({
    input,
    layers: [...layers, ...(head === undefined ? [] : [{ kind: head.kind }, dense(head.outputs, 'linear')])],
  });
}
