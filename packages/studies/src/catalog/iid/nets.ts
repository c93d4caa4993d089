/**
 * The nets whose parameters are tested: dense, convolutional, and residual with batch normalization. Layers are wide enough for their
 * biases and normalizations to be tested, which takes twenty numbers.
 */
import { type Architecture, compileArchitecture, type Layer, listParameters } from '@kindling/core';
import { residualBlock, zooArchitecture } from '../../zoo/architectures.js';

/** A net of the study. */
export type IidNetName = 'dense' | 'conv' | 'residual-bn';

/** The names, in the order of tables and figures. */
export const iidNetNames: readonly IidNetName[] = ['dense', 'conv', 'residual-bn'];

/** The nets in words. */
export const iidNetTitles: Readonly<Record<IidNetName, string>> = {
  dense: 'dense, 128-64-32',
  conv: 'six convolutions of 32 channels',
  'residual-bn': 'residual, batch normalization, 32 channels',
};

const channels = 32;

/** Places of every kernel, 3 × 3. */
export const kernelTaps = 9;

const convolution = (stride: 1 | 2, activation: 'relu' | 'linear'): Layer => ({
  ...{ kind: 'conv2d', filters: channels, kernel: [3, 3], stride, padding: 'zero', activation },
});

/** Two convolutions of stride 2, which make 7 × 7 of 28 × 28 pixels. */
const stem = (activation: 'relu' | 'linear'): readonly Layer[] => [
  convolution(2, 'relu'),
  convolution(2, activation),
];

/**
 * The net called `name`.
 *
 * @throws InvalidArgumentError for images below 16 × 16, or fewer than two classes
 */
export function iidArchitecture(name: IidNetName, sizes: { side: number; classes: number }): Architecture {
  const { input, layers } = zooArchitecture(name === 'dense' ? 'dense-128-64-32' : 'conv-8-16', sizes);
  if (name === 'dense') return { input, layers };
  const outputs: Layer = { kind: 'dense', units: sizes.classes, activation: 'linear' };
  const body: readonly Layer[] =
    name === 'conv'
      ? [...stem('relu'), ...new Array<Layer>(4).fill(convolution(1, 'relu')), { kind: 'flatten' }]
      : [
          ...stem('linear'),
          { kind: 'batch-normalization' },
          { kind: 'activation', activation: 'relu' },
          ...residualBlock(channels, 1),
          ...residualBlock(channels, 1),
          { kind: 'global-average-pool' },
        ];
  return { input, layers: [...body, outputs] };
}

/** By parameter, in the order of `listParameters`, what kind it is of what kind of layer: rows of the table. */
export function parameterTypes(architecture: Architecture): readonly string[] {
  const { steps } = compileArchitecture(architecture);
  return listParameters(architecture).map(({ kind }, index) => {
    if (kind === 'gamma') return 'normalization scales';
    if (kind === 'beta') return 'normalization shifts';
    if (kind === 'scale') return 'others';
    const convolutional = steps.some(
      (step) => step.kind === 'conv2d' && (step.weights === index || step.biases === index),
    );
    return `${convolutional ? 'convolution' : 'dense'} ${kind}`;
  });
}
