/** The nets of figure 2 as architectures: what is measured, and what is trained. */
import { type Architecture, residualArchitecture } from '@kindling/core';
import type { PredictResidualOptions } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import type { Figure2Spec } from './spec.js';

/** The one initializer of the figure. */
export const figure2Initializer = findInitializer('he-normal').initializer;

/** L modules alone: the stream from the input on. */
export function measuredNet({ module, width }: Figure2Spec, base: number, modules: number): Architecture {
  return residualArchitecture({ module, width, modules, scale: { rule: 'power', base } });
}

/**
 * The same for images: one ReLU layer from the pixels to the stream in front, which the paper does not describe and any such net
 * needs, and a linear output layer behind.
 */
export function trainedNet(
  { module, width }: Figure2Spec,
  { base, modules }: { readonly base: number; readonly modules: number },
  { features, classes }: { readonly features: number; readonly classes: number },
): Architecture {
  return residualArchitecture({
    module,
    width,
    modules,
    scale: { rule: 'power', base },
    inputLayer: { inputs: features, activation: 'relu' },
    outputs: classes,
  });
}

/** The measured net as theory takes it, for a random direction of norm 1. */
export function predictedNet(
  { module, width }: Figure2Spec,
  scales: readonly number[],
): PredictResidualOptions {
  return {
    width,
    module: module === 'relu' ? { kind: 'relu' } : { kind: 'linear', hidden: [width] },
    scales,
    initializer: figure2Initializer,
  };
}
