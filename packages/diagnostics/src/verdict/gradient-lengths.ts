/** Where a length tells what becomes of gradients. */
import type { Layer } from '@kindling/core';
import { slopeOf } from '../theory/network-signal.js';

/**
 * Whether E‖J‖²/n is the factor of the mean length, J the Jacobian of these layers and n the numbers in the input, for weights as likely
 * as their opposites: where every activation reads fresh sums, half of which are negative whatever came in, and every branch ends in
 * weights that nothing follows.
 *
 * Not behind a block that ends in an activation: what it adds points to where its input does, and only to there, so that a length grows by
 * a cross term which all other directions lack. Not with a batch normalization, which undoes a length and not a gradient; not with
 * pools, which read numbers that depend on each other.
 */
export function gradientsAreLengths(layers: readonly Layer[]): boolean {
  let fresh = false;
  for (const layer of layers) {
    switch (layer.kind) {
      case 'dense':
      case 'conv2d':
        fresh = slopeOf(layer.activation) === 1;
        break;
      case 'activation':
        if (!fresh && slopeOf(layer.activation) !== 1) return false;
        fresh = false;
        break;
      case 'residual':
        if (!gradientsAreLengths(layer.branch) || !endsInWeights(layer.branch)) return false;
        fresh = false;
        break;
      case 'flatten':
        fresh = false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function endsInWeights(branch: readonly Layer[]): boolean {
  const last = branch.at(-1);
  return (last?.kind === 'dense' || last?.kind === 'conv2d') && slopeOf(last.activation) === 1;
}
