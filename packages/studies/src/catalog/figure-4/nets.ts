/** The nets of figure 4 and the image they see. */
import {
  type Architecture,
  convolutionalArchitecture,
  deriveKey,
  keyPurpose,
  philox4x32,
  rootKey,
} from '@kindling/core';
import { meanLengthFactor } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import type { Figure4Cell } from './cells.js';
import type { Figure4Spec } from './spec.js';

/** Channels of the image. */
const imageChannels = 3;
/** Pixels a side of the kernels. */
export const kernelSize = 3;

/** Channels of every layer of a net of `depth` layers. */
export function channelsOf({ depthPerChannel }: Figure4Spec, depth: number): number {
  return Math.max(1, Math.floor(depth / depthPerChannel));
}

/** The net of a grid point: convolutions with ReLU, and nothing else. */
export function architectureOf(
  { padding, size }: Figure4Spec,
  { depth, channels }: Pick<Figure4Cell, 'depth' | 'channels'>,
): Architecture {
  return convolutionalArchitecture({
    input: { height: size, width: size, channels: imageChannels },
    filters: new Array<number>(depth).fill(channels),
    kernel: [kernelSize, kernelSize],
    padding,
  });
}

/**
 * What layer `layer` (from 1) multiplies the mean length by, g = Var(w) · fan-in / 2. With circular padding M_j / (g_j M_{j−1}) has
 * the mean 1, whatever the layers before it.
 */
export function gainOf(
  { initializer, channels }: Pick<Figure4Cell, 'initializer' | 'channels'>,
  layer: number,
): number {
  const area = kernelSize * kernelSize;
  const fanIn = area * (layer === 1 ? imageChannels : channels);
  return meanLengthFactor(findInitializer(initializer).initializer, { fanIn, fanOut: area * channels });
}

const images = new Map<string, Float64Array>();

/** The one image of a spec: noise, every number independent and uniform on 0, 1/255, …, 1; NHWC. */
export function imageOf({ seed, size }: Pick<Figure4Spec, 'seed' | 'size'>): Float64Array {
  const name = `${seed}/${size}`;
  const known = images.get(name);
  if (known !== undefined) return known;
  const [k0, k1, k2, k3] = deriveKey(rootKey(seed), keyPurpose.input);
  const image = Float64Array.from({ length: size * size * imageChannels }, (_, i) => {
    const [word] = philox4x32([i, 0, k2, k3], [k0, k1]);
    return Math.fround((word >>> 24) / 255);
  });
  images.clear();
  images.set(name, image);
  return image;
}
