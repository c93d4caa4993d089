/**
 * The small nets whose parameters are looked at: dense ones of several shapes, convolutional ones, and residual ones with batch
 * normalization. All read square grey images and give one linear output a class; thousands of images an epoch take a laptop a second or less.
 */
import { type Architecture, InvalidArgumentError, type Layer } from '@kindling/core';

/** What a net is made for. */
export interface ZooSizes {
  /** Of the square images, in pixels; at least 16. */
  readonly side: number;
  /** Outputs. */
  readonly classes: number;
}

/** What a net is, without its sizes. */
export interface ZooEntry {
  readonly title: string;
  /** What stands before the linear outputs; ends flat. */
  readonly body: readonly Layer[];
  /** Whether it reads images; `false`: rows of pixels. */
  readonly images: boolean;
}

const dense = (units: number): Layer => ({ kind: 'dense', units, activation: 'relu' });

const convolution = (
  filters: number,
  { kernel = 3, stride = 1, activation = 'relu' as 'relu' | 'linear' } = {},
): Layer => ({
  ...{ kind: 'conv2d', filters, kernel: [kernel, kernel], stride, padding: 'zero', activation },
});

const relu: Layer = { kind: 'activation', activation: 'relu' };
const normalization: Layer = { kind: 'batch-normalization' };
const halved: Layer = { kind: 'max-pool', window: [2, 2], stride: 2 };

/** relu(x + bn(conv(relu(bn(conv(x)))))), the basic block of He et al. (2016); a stride goes with a projection. */
export const residualBlock = (filters: number, stride: 1 | 2): readonly Layer[] => [
  {
    kind: 'residual',
    branch: [
      convolution(filters, { stride, activation: 'linear' }),
      normalization,
      relu,
      convolution(filters, { activation: 'linear' }),
      normalization,
    ],
    scale: 1,
    shortcut: stride === 1 ? 'identity' : 'projection',
  },
  relu,
];

/** By name, in the order of lists and figures. */
export const zooArchitectures = {
  'dense-64': { title: 'dense, 64', images: false, body: [dense(64)] },
  'dense-100-100': { title: 'dense, 100-100', images: false, body: [dense(100), dense(100)] },
  'dense-128-64-32': {
    title: 'dense, 128-64-32',
    images: false,
    body: [dense(128), dense(64), dense(32)],
  },
  'dense-50x5': {
    title: 'dense, five of 50',
    images: false,
    body: [dense(50), dense(50), dense(50), dense(50), dense(50)],
  },
  'conv-8-16': {
    title: 'two convolutions, 8-16',
    images: true,
    body: [convolution(8, { stride: 2 }), convolution(16, { stride: 2 }), { kind: 'flatten' }],
  },
  lenet: {
    title: 'LeNet, 6-16 and 84',
    images: true,
    body: [
      convolution(6, { kernel: 5, stride: 2 }),
      convolution(16, { kernel: 5 }),
      halved,
      { kind: 'flatten' },
      dense(84),
    ],
  },
  'residual-bn': {
    title: 'residual, batch normalization',
    images: true,
    body: [
      convolution(8, { stride: 2, activation: 'linear' }),
      normalization,
      relu,
      ...residualBlock(8, 1),
      ...residualBlock(16, 2),
      { kind: 'global-average-pool' },
    ],
  },
} as const satisfies Readonly<Record<string, ZooEntry>>;

/** A net of the zoo. */
export type ZooArchitectureName = keyof typeof zooArchitectures;

/** The names. */
export const zooArchitectureNames = Object.keys(zooArchitectures) as readonly ZooArchitectureName[];

/** Convolutions of stride 2 and pools must leave something. */
const leastSide = 16;

/**
 * The net called `name` for images of these sizes: 784 inputs or 28 × 28 × 1 for MNIST and the embedded images.
 *
 * @throws InvalidArgumentError for a side below 16 or fewer than two classes
 */
export function zooArchitecture(name: ZooArchitectureName, { side, classes }: ZooSizes): Architecture {
  if (!Number.isInteger(side) || side < leastSide) {
    throw new InvalidArgumentError(`zooArchitecture: side is ${side}; expected an integer ≥ ${leastSide}`);
  }
  if (!Number.isInteger(classes) || classes < 2) {
    throw new InvalidArgumentError(`zooArchitecture: classes is ${classes}; expected an integer ≥ 2`);
  }
  const { images, body } = zooArchitectures[name];
  return {
    input: images ? { height: side, width: side, channels: 1 } : { width: side * side },
    layers: [...body, { kind: 'dense', units: classes, activation: 'linear' }],
  };
}
