/** Draws the numbers of one layer, as Kindling draws that layer of a network. */
import { allocateMatrix, type RandomKey, readMatrix } from '@kindling/core';
import { drawLayer, type LayerInitializer, type LayerShape } from '@kindling/initializers';
import { withEngine } from '../thread-engine.js';

/** Numbers in TensorFlow.js's order, which is Kindling's: [inputs, units], [height, width, inputs, units]. */
export interface DrawnKernel {
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/**
 * The numbers that `initializeNetwork` and `initializeParameters` give weight matrix `index` under `key`.
 *
 * @throws InvalidArgumentError for a law out of range, or one that does not fit the shape
 */
export function drawKernel(
  law: LayerInitializer,
  fans: LayerShape,
  key: RandomKey,
  index: number,
): DrawnKernel {
  const [height, width] = fans.kernel ?? [1, 1];
  const units = fans.fanOut / (height * width);
  return withEngine((engine) => {
    const kernel = allocateMatrix(engine, fans.fanIn, units);
    const bias = allocateMatrix(engine, 1, units);
    drawLayer(engine, law, fans, key, index, kernel, bias);
    return { kernel: readMatrix(engine, kernel), bias: readMatrix(engine, bias) };
  });
}
