/** How likely a net is born dead: bounds where there are any, measured where they leave it open. */
import type { Engine, RandomKey } from '@kindling/core';
import type { InitializationData, Initializer } from '@kindling/initializers';
import { bornDeadBounds } from '../theory/born-dead-bounds.js';
import { type SimulatedNet, simulateNets } from './simulate-nets.js';
import { negligibleBornDead } from './thresholds.js';

/** What is known of the probability that a net is a constant function at initialization. */
export interface BornDeadRisk {
  /** Absent where no formula is known. */
  readonly lower?: number;
  readonly upper?: number;
  /** The best number there is: measured, or the upper bound where that is negligible. */
  readonly probability: number;
  /** Of a measured probability. */
  readonly standardError: number | null;
}

/** The net in question, as `simulateNets` takes it. */
export interface BornDeadRiskOptions {
  readonly widths: readonly number[];
  readonly outputs: number;
  readonly initializer: Initializer;
  readonly weightScales: readonly number[] | null;
  readonly key: RandomKey;
  readonly trials: number;
  readonly data: InitializationData | null;
}

/**
 * Bounds for symmetric continuous laws (`bornDeadBounds`, whatever the data); measured where the upper one is not
 * negligible, and where there are none.
 *
 * @param nets what a simulation of the same net has already found
 */
export function bornDeadRisk(
  engine: Engine,
  options: BornDeadRiskOptions,
  nets: readonly SimulatedNet[] | null,
): BornDeadRisk {
  const { widths, initializer } = options;
  const known = bornDeadBounds(initializer, widths);
  const bounds = known.lower === undefined && known.upper >= 1 ? {} : known;
  if (nets === null && known.upper <= negligibleBornDead) {
    return { ...bounds, probability: known.upper, standardError: null };
  }
  const found = nets ?? simulateNets(engine, { ...options, gradients: false });
  const probability = found.filter(({ dead }) => dead).length / found.length;
  return {
    ...bounds,
    probability,
    standardError: Math.sqrt((probability * (1 - probability)) / found.length),
  };
}
