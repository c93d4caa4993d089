/** Kindling's convolutions. */
import {
  allocateImages,
  allocateMatrix,
  allocateScratch,
  type Convolution,
  conv2dForward,
  conv2dInputGradient,
  conv2dWeightGradient,
  convolutionGeometry,
  convolutionScratchFloats,
  type Engine,
  readImages,
  readMatrix,
  writeImages,
  writeMatrix,
} from '@kindling/core';
import type { PreparedWork } from '../benchmark.js';
import { timed } from '../run/clock.js';
import type { ConvolutionProblem } from './peer.js';

const same: Convolution = { kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 'zero' };

/** Everything a pass needs, in memory. */
function place(engine: Engine, problem: ConvolutionProblem) {
  const { batch, size, channels, filters } = problem;
  const { border, gradientBorder } = convolutionGeometry(same, size, size);
  const sizes = { batch, height: size, width: size };
  const input = allocateImages(engine, { ...sizes, channels }, { border });
  const output = allocateImages(engine, { ...sizes, channels: filters }, { border: gradientBorder });
  const weights = allocateMatrix(engine, 9 * channels, filters);
  const biases = allocateMatrix(engine, 1, filters);
  writeImages(engine, input, problem.images);
  writeImages(engine, output, problem.gradient);
  writeMatrix(engine, weights, problem.weights);
  writeMatrix(engine, biases, problem.biases);
  const scratch = allocateScratch(engine, convolutionScratchFloats(same, input, filters));
  return { input, output, weights, biases, scratch };
}

const nothing = () => Promise.resolve();

/** Forward with bias and ReLU. */
export function prepareConvolution(engine: Engine, problem: ConvolutionProblem): Promise<PreparedWork> {
  const tensors = place(engine, problem);
  return Promise.resolve({
    run: timed(() => conv2dForward(engine, same, { ...tensors, relu: true })),
    result: () => Promise.resolve(readImages(engine, tensors.output)),
    dispose: nothing,
  });
}

/** The gradient by the images. */
export function prepareInputGradient(engine: Engine, problem: ConvolutionProblem): Promise<PreparedWork> {
  const { input: inputGradient, output: outputGradient, weights, scratch } = place(engine, problem);
  return Promise.resolve({
    run: timed(() => conv2dInputGradient(engine, same, { outputGradient, weights, inputGradient, scratch })),
    result: () => Promise.resolve(readImages(engine, inputGradient)),
    dispose: nothing,
  });
}

/** The gradient by the weights. */
export function prepareWeightGradient(engine: Engine, problem: ConvolutionProblem): Promise<PreparedWork> {
  const { input, output: outputGradient, weights: weightGradient, scratch } = place(engine, problem);
  return Promise.resolve({
    run: timed(() => conv2dWeightGradient(engine, same, { input, outputGradient, weightGradient, scratch })),
    result: () => Promise.resolve(readMatrix(engine, weightGradient)),
    dispose: nothing,
  });
}
