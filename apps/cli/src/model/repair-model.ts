/** New numbers for the weight matrices of a model, everything else as it is. */
import {
  allocateMatrix,
  createEngine,
  deriveKey,
  type Engine,
  InvalidArgumentError,
  keyPurpose,
  type RandomKey,
  readMatrix,
} from '@kindling/core';
import { criticalScale } from '@kindling/diagnostics';
import { drawWeights, type NamedInitializer, type WeightLaw } from '@kindling/initializers';
import {
  encodeFloats,
  type FloatDType,
  type ModelTensor,
  printableName,
  type TensorToWrite,
} from '@kindling/models';
import { UsageError } from '../usage-error.js';
import type { TensorFindings } from './tensor-findings.js';
import { WeightsError } from './weights-error.js';

/** What is done to the weights. */
export type RepairChange =
  | { readonly kind: 'redraw'; readonly named: NamedInitializer; readonly key: RandomKey }
  | { readonly kind: 'scale-only' };

/** Tensors to write, and what was done to which. */
export interface RepairedTensors {
  /** In the order of the file. Numbers are made when they are asked for, a tensor at a time. */
  readonly tensors: readonly TensorToWrite[];
  readonly changed: readonly string[];
  /** Biases that become zero. */
  readonly zeroed: readonly string[];
  /** Matrices of zeros, which no scale helps. */
  readonly unscaled: readonly string[];
}

/** The law of weights that are drawn one by one; others depend on the order of a file's axes. @throws UsageError for those */
export function independentLaw({ initializer, name }: NamedInitializer): WeightLaw {
  const law = initializer.kind === 'layerwise' ? initializer.weights : null;
  const kinds: readonly WeightLaw['kind'][] = [
    'variance-scaling',
    'stated-variance',
    'uniform-range',
    'constant',
  ];
  if (law !== null && kinds.includes(law.kind)) return law;
  throw new UsageError(
    `--init ${name} is no law of independent weights; expected one, such as he-normal or glorot-uniform`,
  );
}

/**
 * Redraws or rescales every weight matrix. Biases become zero where matrices are redrawn and stay where they are rescaled;
 * normalization, embeddings and everything else stay, byte by byte.
 *
 * @param findings of all matrices
 * @throws UsageError for an initializer that is no law of independent weights; WeightsError where there is no matrix, one is of a type that
 *   cannot be written, or one that is to be rescaled is not finite
 */
export function repairTensors(
  all: readonly ModelTensor[],
  findings: readonly TensorFindings[],
  change: RepairChange,
): RepairedTensors {
  const found = new Map(findings.map((item) => [item.tensor.name, item]));
  const law = change.kind === 'redraw' ? independentLaw(change.named) : null;
  const engine = createEngine();
  const changed: string[] = [];
  const zeroed: string[] = [];
  const unscaled: string[] = [];
  const tensors = all.map((tensor, index): TensorToWrite => {
    const item = found.get(tensor.name);
    if (tensor.fans !== null && item !== undefined) {
      const dtype = writableType(tensor);
      if (change.kind === 'redraw' && law !== null) {
        changed.push(tensor.name);
        const key = deriveKey(deriveKey(change.key, keyPurpose.weights), index);
        return withNumbers(tensor, dtype, async () => drawn(engine, tensor, law, key));
      }
      const factor = scaleOf(item);
      (factor === null ? unscaled : changed).push(tensor.name);
      if (factor === null) return tensor;
      return withNumbers(tensor, dtype, async () => (await tensor.read()).map((w) => factor * w));
    }
    if (change.kind === 'redraw' && tensor.role === 'bias') {
      zeroed.push(tensor.name);
      return withNumbers(tensor, writableType(tensor), async () => new Float32Array(tensor.size));
    }
    return tensor;
  });
  if (changed.length === 0) {
    throw new WeightsError(
      'repairTensors: there are no weight matrices that could be repaired; expected dense or convolution kernels that are not zero — kindling inspect shows what there is',
    );
  }
  return { tensors, changed, zeroed, unscaled };
}

/** What makes the mean square 2/fan-in; `null` of zeros. */
function scaleOf({ tensor, summary }: TensorFindings): number | null {
  const { mean, variance, nans, infinities } = summary;
  const shown = `"${printableName(tensor.name)}"`;
  if (nans + infinities > 0) {
    throw new WeightsError(
      `repairTensors: the tensor ${shown} holds ${nans} NaN and ${infinities} infinite numbers, which no scale helps; expected finite weights — leave --scale-only out to draw them anew`,
    );
  }
  return criticalScale(variance + mean * mean, tensor.fans?.fanIn ?? 1);
}

const writable: readonly string[] = ['f64', 'f32', 'f16', 'bf16'] satisfies readonly FloatDType[];

/** The type in which new numbers are written: its own, and f32 where integers or narrower floats stood for floats. */
function writableType({ dtype, quantization, name }: ModelTensor): FloatDType {
  if (quantization !== null) return 'f32';
  if (writable.includes(dtype)) return dtype as FloatDType;
  throw new WeightsError(
    `repairTensors: the tensor "${printableName(name)}" is of type ${dtype}; expected f64, f32, f16 or bf16, in which new numbers can be written`,
  );
}

function withNumbers(
  { name, shape }: ModelTensor,
  dtype: FloatDType,
  numbers: () => Promise<Float32Array | Float64Array>,
): TensorToWrite {
  return { name, shape, dtype, readBytes: async () => encodeFloats(dtype, await numbers()) };
}

/** Independent numbers, in the order of the file. */
function drawn(engine: Engine, { fans, size }: ModelTensor, law: WeightLaw, key: RandomKey): Float32Array {
  if (fans === null) throw new InvalidArgumentError('repairTensors: only kernels are drawn; expected fans');
  const mark = engine.arena.mark();
  try {
    const matrix = allocateMatrix(engine, 1, size);
    drawWeights(engine, law, fans, key, matrix);
    return readMatrix(engine, matrix).slice();
  } finally {
    engine.arena.release(mark);
  }
}
