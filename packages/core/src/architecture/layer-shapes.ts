/** Sizes, fans and parameters that follow from an architecture. */
import { type Convolution, convolutionGeometry } from '../convolution/geometry.js';
import { type Pool, pooledSize } from '../convolution/pooling.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type {
  Architecture,
  ArchitectureInput,
  Convolutional,
  Layer,
  Pooling,
  Residual,
  TensorShape,
} from './architecture.js';

/** How many inputs a unit has and how many units one input feeds, and over which kernel. */
export interface LayerFans {
  /** kernelHeight · kernelWidth · input channels: rows of the weight matrix, in this order. */
  readonly fanIn: number;
  /** kernelHeight · kernelWidth · units. */
  readonly fanOut: number;
  /** 1 × 1 for a dense layer. */
  readonly kernel: readonly [height: number, width: number];
  /** Columns of the weight matrix. */
  readonly units: number;
}

/** Fan-in and fan-out of a layer with weights: the one place that says what they are. */
export function layerFans(
  channels: number,
  units: number,
  kernel: readonly [height: number, width: number] = [1, 1],
): LayerFans {
  const area = kernel[0] * kernel[1];
  return { fanIn: area * channels, fanOut: area * units, kernel, units };
}

/** The shape of what a network reads. */
export function inputShape(input: ArchitectureInput): TensorShape {
  return 'channels' in input
    ? { height: input.height, width: input.width, channels: input.channels }
    : { height: 1, width: 1, channels: input.width };
}

/** Whether these are rows of numbers and not images. */
export function isFlat({ height, width }: TensorShape): boolean {
  return height === 1 && width === 1;
}

/**
 * The shape behind every layer of an architecture; a residual block counts as one layer.
 *
 * @param caller named in the error
 * @throws InvalidArgumentError when a layer cannot read the shape before it
 */
export function layerShapes({ input, layers }: Architecture, caller = 'layerShapes'): readonly TensorShape[] {
  return shapesThrough(caller, layers, inputShape(input), 'layers');
}

function shapesThrough(
  caller: string,
  layers: readonly Layer[],
  input: TensorShape,
  path: string,
): readonly TensorShape[] {
  let shape = input;
  return layers.map((layer, index) => {
    shape = outputShape(caller, layer, shape, `${path}[${index}]`);
    return shape;
  });
}

/**
 * What a layer makes of a shape.
 *
 * @param path of the layer, for errors
 * @throws InvalidArgumentError, in the name of `caller`, when the layer cannot read this shape
 */
export function outputShape(caller: string, layer: Layer, input: TensorShape, path: string): TensorShape {
  const { height, width, channels } = input;
  switch (layer.kind) {
    case 'dense':
      if (!isFlat(input)) {
        throw new InvalidArgumentError(
          `${caller}: ${path} is dense and reads images of ${describeShape(input)}; expected a flatten or a global-average-pool before it`,
        );
      }
      return { height: 1, width: 1, channels: layer.units };
    case 'conv2d':
      return fitting(caller, path, () => ({
        ...sizeOf(convolutionGeometry(convolutionOf(layer), height, width)),
        channels: layer.filters,
      }));
    case 'average-pool':
    case 'max-pool':
      return fitting(caller, path, () => ({ ...pooledSize(poolOf(layer), height, width), channels }));
    case 'flatten':
      return { height: 1, width: 1, channels: height * width * channels };
    case 'global-average-pool':
      return { height: 1, width: 1, channels };
    case 'activation':
    case 'batch-normalization':
      return input;
    case 'residual': {
      const branch = shapesThrough(caller, layer.branch, input, `${path}.branch`).at(-1) ?? input;
      checkShortcut(caller, layer, input, branch, path);
      return branch;
    }
  }
}

/** The convolution of a layer. */
export function convolutionOf({ kernel, stride, padding }: Convolutional): Convolution {
  return { kernelHeight: kernel[0], kernelWidth: kernel[1], stride, padding };
}

/** The pool of a layer. */
export function poolOf({ window, stride }: Pooling): Pool {
  return { windowHeight: window[0], windowWidth: window[1], stride };
}

/**
 * The convolution of one pixel that takes images of `input` to the size of `output`: the least stride for which
 * ⌈size/stride⌉ is right in both directions; `null` if there is none.
 */
export function projectionOf(input: TensorShape, output: TensorShape): Convolution | null {
  for (let stride = 1; stride <= Math.max(input.height, input.width); stride++) {
    const fits =
      Math.ceil(input.height / stride) === output.height && Math.ceil(input.width / stride) === output.width;
    if (fits) return { kernelHeight: 1, kernelWidth: 1, stride, padding: 'valid' };
  }
  return null;
}

/** `28 × 28 × 3`, or `10` where flat. */
export function describeShape(shape: TensorShape): string {
  return isFlat(shape) ? `${shape.channels}` : `${shape.height} × ${shape.width} × ${shape.channels}`;
}

function checkShortcut(
  caller: string,
  layer: Residual,
  input: TensorShape,
  branch: TensorShape,
  path: string,
): void {
  const wrong = (expected: string) =>
    new InvalidArgumentError(
      `${caller}: ${path}.shortcut is ${layer.shortcut} and the branch takes ${describeShape(input)} to ${describeShape(branch)}; expected ${expected}`,
    );
  if (layer.shortcut === 'identity') {
    const same =
      input.height === branch.height && input.width === branch.width && input.channels === branch.channels;
    if (!same) throw wrong('equal shapes, or a projection');
  } else if (projectionOf(input, branch) === null) {
    throw wrong('a size that some stride gives');
  }
}

function sizeOf({ height, width }: { readonly height: number; readonly width: number }) {
  return { height, width };
}

/** Runs `shape` and names the layer in its error. */
function fitting(caller: string, path: string, shape: () => TensorShape): TensorShape {
  try {
    return shape();
  } catch (cause) {
    if (!(cause instanceof InvalidArgumentError)) throw cause;
    const reason = cause.message.slice(cause.message.indexOf(': ') + 2);
    throw new InvalidArgumentError(`${caller}: ${path} does not fit: ${reason}`, { cause });
  }
}
