/** Which layer and variable a name of a tensor means. */

/** Parts of a layer's name that are looked at together. */
const mostParts = 16;

export interface VariableName {
  /** `null` if no part of the name is a layer. */
  readonly layer: string | null;
  /** `kernel`, without what makes it unique (`kernel_1`, `kernel:0`). */
  readonly variable: string;
}

/**
 * `dense_Dense1/kernel` (TensorFlow.js), `dense_1/dense_1/kernel:0` (Keras 2), `model/dense_1/kernel`.
 *
 * @param layers names of all layers; of several that fit, the longest beginning of the name counts, then the first part
 */
export function splitVariableName(name: string, layers: ReadonlySet<string>): VariableName {
  const parts = name.split('/');
  const variable = (parts.at(-1) ?? '').replace(/:\d+$/, '').replace(/_\d+$/, '');
  // Names of layers have a few parts; a forged one must not be put together a million times.
  for (let end = Math.min(parts.length - 1, mostParts); end >= 1; end--) {
    const layer = parts.slice(0, end).join('/');
    if (layers.has(layer)) return { layer, variable };
  }
  return { layer: parts.slice(0, -1).find((part) => layers.has(part)) ?? null, variable };
}
