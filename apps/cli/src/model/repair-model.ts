/** New numbers for the weight matrices of a model, everything else as it is. */

import { createEngine, deriveKey, keyPurpose, type RandomKey } from '@kindling/core';
import { criticalScale } from '@kindling/diagnostics';
import { notFiniteText, type TensorFindings, WeightsError } from '@kindling/diagnostics/models';
import type { NamedInitializer } from '@kindling/initializers';
import {
  encodeFloats,
  type FloatDType,
  type ModelTensor,
  printableName,
  type TensorToWrite,
} from '@kindling/models';
import { drawKernel, type NetworkNumbers } from './draw-kernels.js';

/** What is done to the weights. */
export type RepairChange =
  | {
      readonly kind: 'redraw';
      readonly named: NamedInitializer;
      readonly key: RandomKey;
      /** Where the initializer draws all layers together; `null` where it draws each from its shape. */
      readonly network: NetworkNumbers | null;
    }
  | { readonly kind: 'scale-only' };

/** Tensors to write, and what was done to which. */
export interface RepairedTensors {
  /** In the order of the file. Numbers are made when they are asked for, a tensor at a time. */
  readonly tensors: readonly TensorToWrite[];
  readonly changed: readonly string[];
  /** Biases that become zero. */
  readonly zeroed: readonly string[];
  /** Biases that are drawn together with their weights. */
  readonly drawnBiases: readonly string[];
  /** Matrices of zeros, which no scale helps. */
  readonly unscaled: readonly string[];
}

/**
 * Redraws or rescales every weight matrix. Biases become zero where matrices are redrawn and stay where they are rescaled;
 * normalization, embeddings and everything else stay, byte by byte.
 *
 * @param findings of all matrices
 * @throws UsageError for a kernel that the initializer does not fit (when it is drawn); WeightsError where there is no matrix, one is of a type that
 *   cannot be written, or one that is to be rescaled is not finite
 */
export function repairTensors(
  all: readonly ModelTensor[],
  findings: readonly TensorFindings[],
  change: RepairChange,
): RepairedTensors {
  const found = new Map(findings.map((item) => [item.tensor.name, item]));
  const engine = createEngine();
  const changed: string[] = [];
  const zeroed: string[] = [];
  const drawnBiases: string[] = [];
  const unscaled: string[] = [];
  const tensors = all.map((tensor, index): TensorToWrite => {
    const item = found.get(tensor.name);
    // A kernel without numbers, as of a layer that was pruned away, has nothing to draw.
    if (tensor.fans !== null && item !== undefined && tensor.size > 0) {
      const dtype = writableType(tensor);
      if (change.kind === 'redraw') {
        const { named, network } = change;
        const own = network?.get(tensor.name);
        if (network !== null && own === undefined) return tensor;
        changed.push(tensor.name);
        if (own !== undefined) return withNumbers(tensor, dtype, async () => own);
        const key = deriveKey(deriveKey(change.key, keyPurpose.weights), index);
        return withNumbers(tensor, dtype, async () => drawKernel(engine, tensor, named, key));
      }
      const factor = scaleOf(item);
      (factor === null ? unscaled : changed).push(tensor.name);
      if (factor === null) return tensor;
      return withNumbers(tensor, dtype, async () => (await tensor.read()).map((w) => factor * w));
    }
    const drawn = change.kind === 'redraw' ? change.network?.get(tensor.name) : undefined;
    if (change.kind === 'redraw' && (tensor.role === 'bias' || drawn !== undefined)) {
      const own = drawn ?? new Float32Array(tensor.size);
      (own.some((value) => value !== 0) ? drawnBiases : zeroed).push(tensor.name);
      return withNumbers(tensor, writableType(tensor), async () => own);
    }
    return tensor;
  });
  if (changed.length === 0) {
    throw new WeightsError(
      'repairTensors: there are no weight matrices that could be repaired; expected dense or convolution kernels that are not zero — kindling inspect shows what there is',
    );
  }
  return { tensors, changed, zeroed, drawnBiases, unscaled };
}

/** What makes the mean square 2/fan-in; `null` of zeros. */
function scaleOf({ tensor, summary }: TensorFindings): number | null {
  const { mean, variance, nans, infinities } = summary;
  const shown = `"${printableName(tensor.name)}"`;
  if (nans + infinities > 0) {
    throw new WeightsError(
      `repairTensors: the tensor ${shown} holds ${notFiniteText(summary)}, which no scale helps; expected finite weights — leave --scale-only out to draw them anew`,
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
