/**
 * What a network is made of, as plain JSON: the same value in every package and app. `parseArchitecture` checks unknown JSON;
 * `layerShapes` says what comes out of every layer; `allocateNetwork` makes a network of it.
 */
import type { Padding } from '../convolution/geometry.js';

/** What follows a layer's sum: max(x, 0); x where positive and slope·x elsewhere, slope ≥ 0; nothing. */
export type Activation =
  | 'relu'
  | 'linear'
  | {
      readonly kind: 'leaky-relu';
      /** ≥ 0, finite. */
      readonly slope: number;
    };

/** Height and width in pixels. Integers ≥ 1. */
export type Extent = readonly [height: number, width: number];

/** Every unit reads every input: act = activation(x · W + b). Its input is flat. */
export interface FullyConnected {
  readonly kind: 'dense';
  /** Integer ≥ 1. */
  readonly units: number;
  readonly activation: Activation;
}

/** A convolution of images: act = activation(x ∗ W + b). */
export interface Convolutional {
  readonly kind: 'conv2d';
  /** Channels that come out. Integer ≥ 1. */
  readonly filters: number;
  readonly kernel: Extent;
  /** Integer ≥ 1. */
  readonly stride: number;
  readonly padding: Padding;
  readonly activation: Activation;
}

/** The mean or the largest of every window, channel by channel; windows lie inside the image. */
export interface Pooling {
  readonly kind: 'average-pool' | 'max-pool';
  readonly window: Extent;
  /** Integer ≥ 1. */
  readonly stride: number;
}

/** Layers without settings: images to rows; the mean of every channel (flat); normalization by the batch's own statistics. */
export interface Plain {
  readonly kind: 'flatten' | 'global-average-pool' | 'batch-normalization';
}

/** An activation by itself, as behind a batch normalization or a sum. */
export interface Activating {
  readonly kind: 'activation';
  readonly activation: Activation;
}

/** What multiplies a residual branch: a number for good, or a parameter that starts there (0: ReZero, SkipInit). Finite. */
export type ResidualScale = number | { readonly learned: number };

/** y = shortcut(x) + η · branch(x). Nothing follows the sum. */
export interface Residual {
  readonly kind: 'residual';
  /** At least one layer. */
  readonly branch: readonly Layer[];
  readonly scale: ResidualScale;
  /**
   * `identity`: x itself, which must have the branch's shape. `projection`: x · W without biases, W from the channels of x to
   * those of the branch; for images a convolution of one pixel, with the stride that gives the branch's size.
   */
  readonly shortcut: 'identity' | 'projection';
}

/** A layer. Plain JSON. */
export type Layer = FullyConnected | Convolutional | Pooling | Plain | Activating | Residual;

/** What a network reads: rows of so many numbers, or images. Integers ≥ 1. */
export type ArchitectureInput =
  | { readonly width: number }
  | { readonly height: number; readonly width: number; readonly channels: number };

/** A network without its numbers. Plain JSON. */
export interface Architecture {
  readonly input: ArchitectureInput;
  /** At least one. */
  readonly layers: readonly Layer[];
}

/** What lies between two layers: images of height × width × channels. Rows of n numbers are 1 × 1 × n: *flat*. */
export interface TensorShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Deepest nesting of residual branches that is taken. */
export const mostNested = 16;
