/** One trial of figure 4: the lengths of one random convolutional net for the one image. */
import { portableMath } from '@kindling/core';
import { measureNetworkLengths } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { findFigure4Cell } from './cells.js';
import { architectureOf, gainOf, imageOf } from './nets.js';
import type { Figure4Spec } from './spec.js';

/** Result of a trial. Numbers as `encodeNumber` writes them. */
export interface Figure4Result extends JsonObject {
  /** M_d / M_0 of the last layer; 0 beyond the range of f64. */
  readonly length: number | string;
  /** log(M_d / M_0), natural; "-Infinity" for a dead net. */
  readonly logLength: number | string;
  /** Layers that saw anything but zeros: all up to the one that died, that one included. */
  readonly steps: number;
  /** Σ and Σ of squares of M_j / (g_j M_{j−1}) over these layers. */
  readonly stepSum: number | string;
  readonly stepSquares: number | string;
}

/** Runs the trial `key`; pure. */
export async function runFigure4Trial(
  { engine }: TrialContext,
  spec: Figure4Spec,
  key: TrialKey,
): Promise<Figure4Result> {
  const cell = findFigure4Cell(spec, key.cell);
  const { layers } = measureNetworkLengths(engine, {
    architecture: architectureOf(spec, cell),
    initializer: findInitializer(cell.initializer).initializer,
    input: imageOf(spec),
    key: trialRandomKey(spec, key),
  });
  let before = 0;
  let steps = 0;
  let stepSum = 0;
  let stepSquares = 0;
  for (const { layer, logLength } of layers) {
    if (before === Number.NEGATIVE_INFINITY) break;
    const step = portableMath.exp(logLength - before) / gainOf(cell, Math.min(layer, 2));
    steps += 1;
    stepSum += step;
    stepSquares += step * step;
    before = logLength;
  }
  const last = layers.at(-1);
  return {
    length: encodeNumber(last?.length ?? Number.NaN),
    logLength: encodeNumber(last?.logLength ?? Number.NaN),
    steps,
    stepSum: encodeNumber(stepSum),
    stepSquares: encodeNumber(stepSquares),
  };
}
