/** The grid of the study of convolutional trainings. */
import { cellFinder } from '../../find-cell.js';
import type { Cell } from '../../study.js';
import { type ConvTrainingSpec, sideOf } from './spec.js';
import type { ConvNetSizes, ConvVariantName } from './variants.js';

/** One grid point. */
export interface ConvTrainingCell extends Cell {
  readonly net: ConvVariantName;
  readonly depth: number;
}

/**
 * Forward, gradient by weights and gradient by inputs: two operations a product of the convolutions each. These reach about a
 * fifth of the speed that `Cell.cost` assumes.
 */
const operationsPerProduct = 6 * 5;

/** Sizes of a cell's net. */
export function sizesOf(spec: ConvTrainingSpec, depth: number): ConvNetSizes {
  return { side: sideOf(spec), channels: spec.channels, depth, classes: spec.data.classes };
}

/** Every grid point. */
export function convTrainingCells(spec: ConvTrainingSpec): readonly ConvTrainingCell[] {
  return spec.nets.flatMap((net) =>
    spec.depths.map((depth) => ({
      id: `training/${net}/channels=${spec.channels}/depth=${depth}`,
      net,
      depth,
      trials: spec.runs,
      cost: expectedEpochs(spec, net) * epochCost(spec, depth),
    })),
  );
}

function epochCost(spec: ConvTrainingSpec, depth: number): number {
  const side = Math.ceil(sideOf(spec) / 4);
  const products = side * side * 9 * spec.channels * (spec.channels * (depth + 1) + 4);
  return spec.data.trainCount * products * operationsPerProduct;
}

/** About how long a training takes: a hint for sharing out the work, never a result. */
export function expectedEpochs({ maxEpochs }: ConvTrainingSpec, net: ConvVariantName): number {
  if (net === 'plain-lecun' || net === 'plain-glorot') return maxEpochs;
  return Math.min(maxEpochs, net === 'plain-he' || net === 'residual-1' ? 12 : 4);
}

/** The cell called `id`; `InvalidArgumentError` when the spec has none of that name. */
export const findConvTrainingCell = cellFinder('conv-training', convTrainingCells);
