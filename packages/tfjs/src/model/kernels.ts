/** The weights of a model that initializers are for: kernels of dense layers and convolutions, with their fans. */
import type { LayerShape } from '@kindling/initializers';
import type { Variable } from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import type { TensorflowLayer } from './tensorflow-names.js';

/** A kernel and the biases beside it. */
export interface ModelKernel {
  readonly layer: TensorflowLayer;
  /** The layer's place in `model.layers`. */
  readonly layerIndex: number;
  readonly kernel: LayerVariable;
  readonly bias: LayerVariable | null;
  readonly shape: readonly number[];
  /** Fans, and the kernel's sides where it is a convolution's. */
  readonly fans: LayerShape;
}

/** Classes whose `kernel` has the order [...sides, inputs, units]. */
const classes = new Set(['Dense', 'Conv1D', 'Conv2D']);

/** Kernels in the order of `model.layers`. A layer that the model calls more than once stands once. */
export function listKernels(model: LayersModel): readonly ModelKernel[] {
  return model.layers.flatMap((layer, layerIndex) => {
    if (!classes.has(layer.getClassName())) return [];
    const kernel = variableOf(layer, 'kernel');
    if (kernel === null) return [];
    const shape = kernel.shape.map((size) => size ?? 0);
    const fans = kernelFans(shape);
    return fans === null ? [] : [{ layer, layerIndex, kernel, bias: variableOf(layer, 'bias'), shape, fans }];
  });
}

/** Names of layers that hold weights this package leaves alone: recurrent and depthwise ones, embeddings, nested models. */
export function listOtherLayers(model: LayersModel): readonly string[] {
  return model.layers.flatMap((layer) =>
    classes.has(layer.getClassName()) || layer.weights.length === 0 || isNormalization(layer)
      ? []
      : [`${layer.name} (${layer.getClassName()})`],
  );
}

/**
 * Fan-in and fan-out of a kernel [inputs, units], [width, inputs, units] or [height, width, inputs, units]: fan-in = sides × inputs,
 * fan-out = sides × units.
 *
 * @returns `null` for a shape of another rank or with a size that is not ≥ 1
 */
export function kernelFans(shape: readonly (number | null)[]): LayerShape | null {
  if (shape.length < 2 || shape.length > 4) return null;
  const sizes = shape.map((size) => size ?? 0);
  if (sizes.some((size) => !Number.isSafeInteger(size) || size < 1)) return null;
  const [units = 0, inputs = 0, width = 1, height = 1] = sizes.toReversed();
  const area = height * width;
  const fans = { fanIn: area * inputs, fanOut: area * units };
  return shape.length === 2 ? fans : { ...fans, kernel: [height, width] };
}

/** The variable of TensorFlow.js that a layer's weight is. */
export function tensorflowVariable(weight: LayerVariable): Variable {
  // `read` gives the variable itself, typed as the tensor that it also is.
  return weight.read() as Variable;
}

function isNormalization(layer: TensorflowLayer): boolean {
  return /Normalization$/.test(layer.getClassName());
}

/** `dense_Dense1/kernel`, `kernel_1`: the last part of the name without what makes it unique. */
function variableOf(layer: TensorflowLayer, name: string): LayerVariable | null {
  return layer.weights.find(({ originalName }) => variableName(originalName) === name) ?? null;
}

/** The last part of a weight's name, without what makes it unique. */
export function variableName(originalName: string): string {
  return (originalName.split('/').at(-1) ?? '').replace(/_\d+$/, '');
}
