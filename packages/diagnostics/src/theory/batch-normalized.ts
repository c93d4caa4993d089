/** Which networks pass a batch that belongs together. */
import type { Layer } from '@kindling/core';

/** Whether a batch normalization is among the layers, in blocks too. */
export function hasBatchNormalization(layers: readonly Layer[]): boolean {
  return layers.some(
    (layer) =>
      layer.kind === 'batch-normalization' ||
      (layer.kind === 'residual' && hasBatchNormalization(layer.branch)),
  );
}
