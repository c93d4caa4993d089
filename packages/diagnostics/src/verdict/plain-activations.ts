/** One form for every function: activations that are another one's in other words. */
import type { Activation, Architecture, Layer } from '@kindling/core';
import { slopeOf } from '../theory/network-signal.js';

/** The same network, every leaky ReLU of slope 0 a ReLU and every one of slope 1 linear. */
export function withPlainActivations({ input, layers }: Architecture): Architecture {
  return { input, layers: layers.map(plainLayer) };
}

function plainLayer(layer: Layer): Layer {
  if (layer.kind === 'residual') return { ...layer, branch: layer.branch.map(plainLayer) };
  return 'activation' in layer ? { ...layer, activation: plainActivation(layer.activation) } : layer;
}

function plainActivation(activation: Activation): Activation {
  const slope = slopeOf(activation);
  if (slope === 0) return 'relu';
  return slope === 1 ? 'linear' : activation;
}
