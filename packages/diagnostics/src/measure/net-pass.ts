/** What is common to the ways through a random net. */
import type { RandomKey } from '@kindling/core';
import type { ScaledActivations } from './scaled-layer.js';

/** A layer's activations as they were stored: their mean square, and the power of two that is taken out of them. */
export interface PassedLayer {
  readonly square: number;
  readonly exponent: number;
}

/** Passes the activations through the net of a key; they are overwritten. */
export type NetPass = (key: RandomKey, input: ScaledActivations) => readonly PassedLayer[];
