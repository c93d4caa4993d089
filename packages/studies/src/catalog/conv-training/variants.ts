/**
 * The nets that are compared: plain convolutions under several initializers, residual ones under several scales, and plain ones with
 * batch normalization, all with the same convolutions.
 */
import { type Architecture, type Layer, type ResidualScaleRule, residualScales } from '@kindling/core';
import type { InitializerName } from '@kindling/initializers';

/** How the body of a net is built and initialized. */
export interface ConvVariant {
  readonly title: string;
  readonly initializer: InitializerName;
  /** `plain`: convolutions with ReLU; a rule: residual blocks scaled by it; `batch-normalization`: convolution, normalization, ReLU. */
  readonly body: 'plain' | 'batch-normalization' | ResidualScaleRule;
}

/** By name, in the order of lists and figures. */
export const convVariants = {
  'plain-he': { title: 'plain, He normal', initializer: 'he-normal', body: 'plain' },
  'plain-glorot': { title: 'plain, Glorot uniform', initializer: 'glorot-uniform', body: 'plain' },
  'plain-lecun': { title: 'plain, LeCun normal', initializer: 'lecun-normal', body: 'plain' },
  'residual-1': {
    title: 'residual, η = 1',
    initializer: 'he-normal',
    body: { rule: 'constant', value: 1 },
  },
  'residual-1/L': { title: 'residual, η = 1/L', initializer: 'he-normal', body: { rule: 'inverse-modules' } },
  'batch-norm': {
    title: 'plain, batch normalization',
    initializer: 'he-normal',
    body: 'batch-normalization',
  },
} as const satisfies Readonly<Record<string, ConvVariant>>;

/** A net of the comparison. */
export type ConvVariantName = keyof typeof convVariants;

/** The names. */
export const convVariantNames = Object.keys(convVariants) as readonly ConvVariantName[];

/** What the nets are made for. */
export interface ConvNetSizes {
  /** Of the square images, in pixels. */
  readonly side: number;
  readonly channels: number;
  /** Convolutions of the body; even, because a residual block has two. */
  readonly depth: number;
  readonly classes: number;
}

/** Layers before the body. */
const stemLayers = 2;

const convolution = (filters: number, stride: number, activation: 'relu' | 'linear'): Layer => ({
  kind: 'conv2d',
  filters,
  kernel: [3, 3],
  stride,
  padding: 'zero',
  activation,
});

/**
 * Two convolutions of stride 2 (28 × 28 pixels become 7 × 7), the body at that size, flatten, a linear layer of one output a class.
 * A residual block is x + η · conv(ReLU(conv(x))): two convolutions, the second linear. Zero padding, zero biases.
 */
export function convArchitecture(
  name: ConvVariantName,
  { side, channels, depth, classes }: ConvNetSizes,
): Architecture {
  const stem = new Array<Layer>(stemLayers).fill(convolution(channels, 2, 'relu'));
  return {
    input: { height: side, width: side, channels: 1 },
    layers: [
      ...stem,
      ...bodyOf(convVariants[name].body, channels, depth),
      { kind: 'flatten' },
      { kind: 'dense', units: classes, activation: 'linear' },
    ],
  };
}

/** The net without its head: what is measured, and what theory predicts. */
export function measuredPart({ input, layers }: Architecture): Architecture {
  return {
    input,
    layers: layers.slice(
      0,
      layers.findIndex(({ kind }) => kind === 'flatten'),
    ),
  };
}

function bodyOf(body: ConvVariant['body'], channels: number, depth: number): readonly Layer[] {
  if (body === 'plain') return new Array<Layer>(depth).fill(convolution(channels, 1, 'relu'));
  if (body === 'batch-normalization') {
    return Array.from({ length: depth }, (): readonly Layer[] => [
      convolution(channels, 1, 'linear'),
      { kind: 'batch-normalization' },
      { kind: 'activation', activation: 'relu' },
    ]).flat();
  }
  return residualScales(body, depth / 2).map(
    (scale): Layer => ({
      kind: 'residual',
      branch: [convolution(channels, 1, 'relu'), convolution(channels, 1, 'linear')],
      scale,
      shortcut: 'identity',
    }),
  );
}
