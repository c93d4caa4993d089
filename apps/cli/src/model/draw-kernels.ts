/** New numbers for kernels, in the order of the file: of one kernel from its fans and axes, of a whole network where a law needs that. */
import {
  allocateMatrix,
  allocateNetwork,
  type Engine,
  InvalidArgumentError,
  inputShape,
  type RandomKey,
  readMatrix,
} from '@kindling/core';
import {
  drawWeights,
  initializeParameters,
  type LayerShape,
  type NamedInitializer,
  type WeightLaw,
} from '@kindling/initializers';
import {
  type ModelArchitecture,
  type ModelTensor,
  type ParameterMapping,
  printableName,
  tensorFromParameter,
} from '@kindling/models';
import type { Surroundings } from '../surroundings.js';
import { UsageError } from '../usage-error.js';
import { loadModelInputs } from './model-inputs.js';

/** New numbers of kernels and biases, by tensor. */
export type NetworkNumbers = ReadonlyMap<string, Float32Array>;

/** Laws whose numbers do not depend on each other: they are drawn in the order of the file. */
const independent: readonly WeightLaw['kind'][] = [
  'variance-scaling',
  'stated-variance',
  'uniform-range',
  'constant',
];

/**
 * Draws one kernel.
 *
 * @throws UsageError for a law of whole matrices where the file does not tell the kernel's axes, or whose sizes it does not fit
 */
export function drawKernel(
  engine: Engine,
  tensor: ModelTensor,
  { initializer, name }: NamedInitializer,
  key: RandomKey,
): Float32Array {
  const { fans, size, shape } = tensor;
  if (fans === null || initializer.kind !== 'layerwise') throw new RangeError('kernels have fans and a law');
  const law = initializer.weights;
  const mark = engine.arena.mark();
  try {
    if (independent.includes(law.kind)) {
      const matrix = allocateMatrix(engine, 1, size);
      drawWeights(engine, law, fans, key, matrix);
      return readMatrix(engine, matrix).slice();
    }
    const lies = matrixOf(tensor);
    if (lies === null) {
      throw new UsageError(
        `--init ${name} draws whole matrices, and the axes of "${printableName(tensor.name)}" (${shape.join(' × ')}) are not those of a dense layer or a plain convolution; expected a law of independent weights, such as he-normal`,
      );
    }
    const matrix = allocateMatrix(engine, lies.shape.fanIn, size / lies.shape.fanIn);
    refused(name, tensor, () => drawWeights(engine, law, lies.shape, key, matrix));
    return tensorFromParameter(readMatrix(engine, matrix), lies.mapping);
  } finally {
    engine.arena.release(mark);
  }
}

/** How a kernel is a matrix of fan-in × units, rows in the order window, channel. */
function matrixOf({ name, shape, layout, size }: ModelTensor) {
  const axes = layout === null ? undefined : matrixAxes[layout];
  if (axes === undefined || axes.length !== shape.length || size === 0) return null;
  const extents = axes.map((axis) => shape[axis] ?? 0);
  const units = extents.at(-1) ?? 0;
  const window = extents.slice(0, -2);
  const area = window.reduce((product, extent) => product * extent, 1);
  const fans = { fanIn: size / units, fanOut: units * area };
  // Of a window of three axes only whether all are odd matters.
  const kernel = [
    window.slice(0, -1).reduce((product, extent) => product * extent, 1),
    window.at(-1) ?? 1,
  ] as const;
  const layer: LayerShape = window.length === 0 ? fans : { ...fans, kernel };
  const mapping: ParameterMapping = { parameter: name, tensor: name, view: shape, axes };
  return { shape: layer, mapping };
}

/** Axes of a layout in the order window, channel, unit. */
const matrixAxes: Readonly<Partial<Record<NonNullable<ModelTensor['layout']>, readonly number[]>>> = {
  'in-out': [0, 1],
  'out-in': [1, 0],
  WIO: [0, 1, 2],
  OIW: [2, 1, 0],
  HWIO: [0, 1, 2, 3],
  OIHW: [2, 3, 1, 0],
  DHWIO: [0, 1, 2, 3, 4],
  OIDHW: [2, 3, 4, 1, 0],
};

/** Laws of the catalog refuse layers that they do not fit. */
function refused(name: string, tensor: ModelTensor, draw: () => void): void {
  try {
    draw();
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new UsageError(
      `--init ${name} does not fit "${printableName(tensor.name)}": ${error.message.replace(/^\w+: /, '')}`,
    );
  }
}

/** What a law of whole networks is drawn from. */
export interface NetworkDrawing {
  readonly architecture: ModelArchitecture;
  readonly named: NamedInitializer;
  readonly key: RandomKey;
  /** `--data`; random inputs where it is undefined. Only initializers that look at data ask for it. */
  readonly data: string | undefined;
}

/** Inputs that an initializer looks at. */
const mostInputs = 64;

/**
 * Draws all parameters of a network at once, as RAI, Fixup and LSUV need.
 *
 * @throws UsageError for an initializer that does not fit the network, or needs biases that the file has no place for
 */
export async function drawNetwork(
  engine: Engine,
  { architecture, named, key, data }: NetworkDrawing,
  surroundings: Surroundings,
): Promise<NetworkNumbers> {
  const network = allocateNetwork(engine, architecture.architecture);
  const { height, width, channels } = inputShape(architecture.architecture.input);
  const { matrix: inputs } = await loadModelInputs(
    engine,
    { data, width: height * width * channels, rows: mostInputs, key },
    surroundings,
  );
  try {
    initializeParameters(engine, network, named.initializer, key, { inputs });
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new UsageError(
      `--init ${named.name} does not fit the network: ${error.message.replace(/^\w+: /, '')}`,
    );
  }
  const mappings = new Map(architecture.parameters.map((mapping) => [mapping.parameter, mapping]));
  const numbers = new Map<string, Float32Array>();
  for (const { name, matrix, kind } of network.parameters) {
    // Normalization stays as it is in the file.
    if (kind !== 'weights' && kind !== 'biases') continue;
    const values = readMatrix(engine, matrix);
    const mapping = mappings.get(name);
    if (mapping === undefined) {
      if (kind !== 'biases' || values.every((value) => value === 0)) continue;
      throw new UsageError(
        `--init ${named.name} draws biases, and the file has none for ${name.replace(/\.biases$/, '')}; expected an initializer of zero biases`,
      );
    }
    const tensor = tensorFromParameter(values, mapping);
    const before = numbers.get(mapping.tensor);
    if (before?.some((value, i) => value !== tensor[i]) === true) {
      throw new UsageError(
        `--init ${named.name} draws biases of their own for layers that share "${printableName(mapping.tensor)}"; expected an initializer of zero biases`,
      );
    }
    numbers.set(mapping.tensor, tensor);
  }
  return numbers;
}
