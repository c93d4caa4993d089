/**
 * Mean and mean square of what a residual branch adds, from layer to layer and with He's variance: what it adds in one direction piles up
 * from block to block, what scatters about zero does not.
 */
import type { Activation, Layer } from '@kindling/core';
import { slopeOf } from '../theory/network-signal.js';

/** Of one unit, for an input of mean square 1. */
export interface BranchMoments {
  /** 1/√π for a ReLU layer, (1 − s)/√π for a leaky one of slope s, 0 for a linear one. */
  readonly mean: number;
  /** 1, 1 + s² and 2. */
  readonly square: number;
  /** No number is negative. */
  readonly positive: boolean;
}

/**
 * The moments behind the last layer of a branch. Numbers before an activation are taken as normal, layers as wide; pools are taken to
 * keep both moments.
 */
export function branchMoments(branch: readonly Layer[]): BranchMoments {
  return branch.reduce(passLayer, { mean: 0, square: 1, positive: false });
}

function passLayer(before: BranchMoments, layer: Layer): BranchMoments {
  switch (layer.kind) {
    case 'dense':
    case 'conv2d':
      return activate({ mean: 0, square: 2 * before.square, positive: false }, layer.activation);
    case 'activation':
      return activate(before, layer.activation);
    case 'batch-normalization':
      return { mean: 0, square: 1, positive: false };
    case 'residual': {
      const added = layer.branch.reduce(passLayer, before);
      const scale = typeof layer.scale === 'number' ? layer.scale : layer.scale.learned;
      const identity = layer.shortcut === 'identity';
      const kept = identity ? before : { mean: 0, square: 2 * before.square, positive: false };
      return {
        mean: kept.mean + scale * added.mean,
        square: kept.square + 2 * scale * kept.mean * added.mean + scale * scale * added.square,
        positive: kept.positive && added.positive && scale >= 0,
      };
    }
    default:
      return before;
  }
}

/** x is (1 + s)/2 · x + (1 − s)/2 · |x| behind the slope s. */
function activate(before: BranchMoments, activation: Activation): BranchMoments {
  const slope = slopeOf(activation);
  if (slope === 1 || before.positive) return before;
  const size = Math.sqrt((2 * before.square) / Math.PI);
  return {
    mean: ((1 + slope) / 2) * before.mean + ((1 - slope) / 2) * size,
    square: ((1 + slope * slope) / 2) * before.square,
    positive: slope === 0,
  };
}
