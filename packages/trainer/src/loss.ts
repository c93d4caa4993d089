/** The losses a network can be trained on. A loss is data: which one, and where its answers lie. */
import type { Engine, Matrix, Pointer } from '@kindling/core';

/** What the outputs of a batch are compared with. Plain data. */
export type Loss =
  | {
      readonly kind: 'softmax-cross-entropy';
      /** Address of one byte a row, each below the number of outputs. */
      readonly labels: Pointer;
    }
  | {
      readonly kind: 'mean-squared-error';
      /** Rows × outputs, as many rows as the batch at least. */
      readonly targets: Matrix;
    };

/**
 * Mean over the batch of −log softmax(outputs)[label].
 *
 * @param labels address of one byte a row, each below the number of outputs; not checked
 */
export function softmaxCrossEntropy(labels: Pointer): Loss {
  return { kind: 'softmax-cross-entropy', labels };
}

/** (1/(m·n)) Σ (output − target)² over the batch's m rows and n outputs. */
export function meanSquaredError(targets: Matrix): Loss {
  return { kind: 'mean-squared-error', targets };
}

/**
 * The loss of a batch, in f64; the outputs become the gradient of it by them, in f32.
 *
 * @param outputs overwritten; its size and the loss's must agree, which the caller sees to
 */
export function takeLoss(engine: Engine, outputs: Matrix, loss: Loss): number {
  const { rows, columns, pointer, stride } = outputs;
  const { kernels } = engine;
  if (loss.kind === 'softmax-cross-entropy') {
    return kernels.softmax_cross_entropy(rows, columns, pointer, stride, loss.labels) / rows;
  }
  const { targets } = loss;
  const sum = kernels.mean_squared_error(rows, columns, pointer, stride, targets.pointer, targets.stride);
  return sum / (rows * columns);
}
