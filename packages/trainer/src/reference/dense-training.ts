/** Forward, loss and backward of a dense ReLU network in f64, by the textbook's loops. */

/** One layer's parameters. All layers but the last are followed by ReLU. */
export interface ReferenceLayer {
  readonly fanIn: number;
  readonly fanOut: number;
  /** Row-major, fanIn × fanOut. */
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

/** The mean loss of a batch, and its gradient by every parameter, in the layout of the layers. */
export interface ReferenceStep {
  readonly loss: number;
  readonly gradients: readonly { readonly weights: Float64Array; readonly biases: Float64Array }[];
}

/** A loss and its gradient by every output, row-major. */
interface OutputLoss {
  readonly loss: number;
  readonly delta: Float64Array;
}

/**
 * Mean softmax cross-entropy of a batch and its gradients.
 *
 * @param input row-major, labels.length × the first layer's fanIn
 */
export function referenceGradients(
  layers: readonly ReferenceLayer[],
  input: ArrayLike<number>,
  labels: ArrayLike<number>,
): ReferenceStep {
  return gradientsOf(layers, input, labels.length, (logits) => crossEntropy(logits, labels));
}

/**
 * Mean squared error of a batch, over rows and outputs, and its gradients.
 *
 * @param input row-major, as many rows as `targets` has
 * @param targets row-major, rows × outputs
 */
export function referenceRegressionGradients(
  layers: readonly ReferenceLayer[],
  input: ArrayLike<number>,
  targets: ArrayLike<number>,
): ReferenceStep {
  const rows = targets.length / (layers.at(-1)?.fanOut ?? 1);
  return gradientsOf(layers, input, rows, (outputs) => {
    const errors = outputs.map((output, i) => output - Number(targets[i]));
    return {
      loss: errors.reduce((sum, error) => sum + error * error, 0) / errors.length,
      delta: errors.map((error) => (2 * error) / errors.length),
    };
  });
}

function crossEntropy(logits: Float64Array, labels: ArrayLike<number>): OutputLoss {
  const rows = labels.length;
  const classes = logits.length / rows;
  const delta = new Float64Array(logits.length);
  let loss = 0;
  for (let i = 0; i < rows; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const top = Math.max(...row);
    const sum = row.reduce((total, value) => total + Math.exp(value - top), 0);
    const label = labels[i] ?? 0;
    loss += (Math.log(sum) - (at(row, label) - top)) / rows;
    for (let j = 0; j < classes; j++) {
      delta[i * classes + j] = (Math.exp(at(row, j) - top) / sum - (j === label ? 1 : 0)) / rows;
    }
  }
  return { loss, delta };
}

function gradientsOf(
  layers: readonly ReferenceLayer[],
  input: ArrayLike<number>,
  rows: number,
  lossOf: (outputs: Float64Array) => OutputLoss,
): ReferenceStep {
  const activations: Float64Array[] = [Float64Array.from(input)];
  layers.forEach((layer, index) => {
    const below = activations[index] ?? new Float64Array();
    const output = new Float64Array(rows * layer.fanOut);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < layer.fanOut; j++) {
        let sum = at(layer.biases, j);
        for (let k = 0; k < layer.fanIn; k++) {
          sum += at(below, i * layer.fanIn + k) * at(layer.weights, k * layer.fanOut + j);
        }
        output[i * layer.fanOut + j] = index < layers.length - 1 ? Math.max(sum, 0) : sum;
      }
    }
    activations.push(output);
  });

  const outcome = lossOf(activations.at(-1) ?? new Float64Array());
  let { delta } = outcome;
  const gradients = layers.map((layer) => ({
    weights: new Float64Array(layer.weights.length),
    biases: new Float64Array(layer.fanOut),
  }));
  for (let index = layers.length - 1; index >= 0; index--) {
    const layer = layers[index];
    const gradient = gradients[index];
    const below = activations[index];
    if (layer === undefined || gradient === undefined || below === undefined) break;
    const { fanIn, fanOut } = layer;
    const next = new Float64Array(rows * fanIn);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < fanOut; j++) {
        const d = at(delta, i * fanOut + j);
        gradient.biases[j] = at(gradient.biases, j) + d;
        for (let k = 0; k < fanIn; k++) {
          gradient.weights[k * fanOut + j] =
            at(gradient.weights, k * fanOut + j) + at(below, i * fanIn + k) * d;
          if (at(below, i * fanIn + k) > 0) {
            next[i * fanIn + k] = at(next, i * fanIn + k) + d * at(layer.weights, k * fanOut + j);
          }
        }
      }
    }
    delta = next;
  }
  return { loss: outcome.loss, gradients };
}

/** One step θ ← θ − rate · ∂θ in place; returns the mean loss before it. */
export function referenceSgdStep(
  layers: readonly ReferenceLayer[],
  input: ArrayLike<number>,
  labels: ArrayLike<number>,
  learningRate: number,
): number {
  const { loss, gradients } = referenceGradients(layers, input, labels);
  layers.forEach((layer, index) => {
    gradients[index]?.weights.forEach((g, i) => {
      layer.weights[i] = at(layer.weights, i) - learningRate * g;
    });
    gradients[index]?.biases.forEach((g, i) => {
      layer.biases[i] = at(layer.biases, i) - learningRate * g;
    });
  });
  return loss;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? Number.NaN;
}
