/** A network with another depth, width or kind: what the controls ask for, as configurations. Nothing here is checked. */
import type { ExploreConfiguration, ExploreNetwork } from '@kindling/studies';

/** The kinds of networks, in the order of the controls. */
export const networkKinds = [
  'dense',
  'residual',
  'convolutional',
] as const satisfies readonly ExploreNetwork['kind'][];

/** Hidden layers, or modules. */
export function depthOf(network: ExploreNetwork): number {
  switch (network.kind) {
    case 'dense':
      return network.widths.length;
    case 'residual':
      return network.modules;
    case 'convolutional':
      return network.layers.length;
  }
}

/** The usual width or number of channels: that of the last layer. */
export function widthOf(network: ExploreNetwork): number {
  switch (network.kind) {
    case 'dense':
      return network.widths.at(-1) ?? 1;
    case 'residual':
      return network.width;
    case 'convolutional':
      return network.layers.at(-1)?.channels ?? 1;
  }
}

/** The same network with so many layers: a pattern of widths goes on as it was, strides stay at the beginning. */
export function withDepth(network: ExploreNetwork, depth: number): ExploreNetwork {
  switch (network.kind) {
    case 'dense': {
      const { widths } = network;
      return { ...network, widths: Array.from({ length: depth }, (_, i) => widths[i % widths.length] ?? 1) };
    }
    case 'residual':
      return { ...network, modules: depth };
    case 'convolutional': {
      const { layers } = network;
      const last = { channels: widthOf(network), stride: 1 };
      return { ...network, layers: Array.from({ length: depth }, (_, i) => layers[i] ?? last) };
    }
  }
}

/** The same network with one width everywhere. */
export function withWidth(network: ExploreNetwork, width: number): ExploreNetwork {
  switch (network.kind) {
    case 'dense':
      return { ...network, widths: network.widths.map(() => width) };
    case 'residual':
      return { ...network, width };
    case 'convolutional':
      return { ...network, layers: network.layers.map((layer) => ({ ...layer, channels: width })) };
  }
}

/** A network of another kind, of like depth and width; what convolutions cost is kept bearable. */
export function withKind(network: ExploreNetwork, kind: ExploreNetwork['kind']): ExploreNetwork {
  if (network.kind === kind) return network;
  const [depth, width] = [depthOf(network), widthOf(network)];
  switch (kind) {
    case 'dense':
      return { kind, widths: new Array<number>(depth).fill(width) };
    case 'residual':
      return { kind, width, modules: depth, module: 'relu', scale: '1' };
    case 'convolutional':
      return {
        kind,
        layers: Array.from({ length: Math.min(depth, 50) }, (_, i) => ({
          channels: Math.min(width, 16),
          // Two strides of two take the images to a sixteenth of their pixels.
          stride: depth > 2 && i < 2 ? 2 : 1,
        })),
        kernel: [3, 3],
        padding: 'zero',
      };
  }
}

/** A configuration to compare with: the same network with the first initializer that is not there yet. */
export function companionOf(
  configuration: ExploreConfiguration,
  others: readonly ExploreConfiguration[],
): ExploreConfiguration {
  const names = ['he-normal', 'lecun-normal', 'glorot-uniform', 'he-normal-2x', 'orthogonal'];
  const plain = { ...configuration, weightFactor: 1, biases: null };
  const network = JSON.stringify(configuration.network);
  const taken = others
    .filter((other) => JSON.stringify(other.network) === network)
    .map(({ initializer }) => initializer);
  const initializer = names.find((name) => !taken.includes(name)) ?? 'he-uniform';
  return { ...plain, initializer };
}
