/** About what a training costs, in floating-point operations: for sharing out work and the time left, never a result. */
import { type Architecture, compileArchitecture } from '@kindling/core';

/** Forward, gradient by weights and gradient by inputs: two operations a product each; small nets reach a fifth of the speed that `Cell.cost` assumes. */
const operationsPerProduct = 6 * 5;

/** Operations of passing so many images through an architecture and back. */
export function trainingWork(architecture: Architecture, images: number): number {
  const { steps, values, parameters } = compileArchitecture(architecture);
  const products = steps.reduce((sum, step) => {
    if (step.kind !== 'dense' && step.kind !== 'conv2d') return sum;
    const { rows = 0, columns = 0 } = parameters[step.weights] ?? {};
    const { height = 1, width = 1 } = values[step.output]?.shape ?? {};
    return sum + rows * columns * height * width;
  }, 0);
  return images * products * operationsPerProduct;
}
