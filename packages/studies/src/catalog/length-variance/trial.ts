/** One trial of the length-variance study: V̂ of some random nets. */
import {
  deriveKey,
  type Engine,
  keyPurpose,
  mean,
  portableMath,
  type RandomKey,
  residualArchitecture,
} from '@kindling/core';
import { empiricalLengthVariance, measureNetworkLengths, sampleLengths } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { findLengthVarianceCell, type LengthVarianceCell } from './cells.js';
import { residualFamily } from './families.js';
import type { LengthVarianceSpec } from './spec.js';

/** Result of a trial. Sums as `encodeNumber` writes them. */
export interface LengthVarianceResult extends JsonObject {
  readonly nets: number;
  /**
   * How the lengths came about: `exact-law` draws them as products of scaled χ², which is their law for Gaussian weights and zero biases;
   * `matrices` draws a net and passes an input through it.
   */
  readonly method: 'exact-law' | 'matrices';
  /** Over the nets, with L = (1/d) Σ M_j: Σ V̂, Σ V̂², Σ L, Σ L², Σ V̂ L. */
  readonly sum: number | string;
  readonly squares: number | string;
  readonly lengthSum: number | string;
  readonly lengthSquares: number | string;
  readonly products: number | string;
  /** Σ log (V̂/L²), natural, over the nets that are not dead from the first layer on. */
  readonly logSum: number | string;
  readonly logNets: number;
  /** Nets that die on the way; their lengths from there on are 0. */
  readonly deadNets: number;
}

/** Runs the trial `key`; pure. */
export async function runLengthVarianceTrial(
  { engine }: TrialContext,
  spec: LengthVarianceSpec,
  key: TrialKey,
): Promise<LengthVarianceResult> {
  const cell = findLengthVarianceCell(spec, key.cell);
  const randomKey = trialRandomKey(spec, key);
  const nets = Math.min(cell.netsPerTrial, cell.nets - key.trial * cell.netsPerTrial);
  const sums = { sum: 0, squares: 0, lengthSum: 0, lengthSquares: 0, products: 0, logSum: 0 };
  let logNets = 0;
  let deadNets = 0;
  for (let net = 0; net < nets; net++) {
    const lengths = lengthsOf(engine, cell, deriveKey(randomKey, keyPurpose.trial, net));
    const variance = empiricalLengthVariance(lengths);
    const length = mean(lengths);
    sums.sum += variance;
    sums.squares += variance * variance;
    sums.lengthSum += length;
    sums.lengthSquares += length * length;
    sums.products += variance * length;
    if (variance > 0) {
      sums.logSum += portableMath.log(variance / (length * length));
      logNets += 1;
    }
    if (lengths.at(-1) === 0) deadNets += 1;
  }
  return {
    nets,
    method: cell.family === 'dense' ? 'exact-law' : 'matrices',
    sum: encodeNumber(sums.sum),
    squares: encodeNumber(sums.squares),
    lengthSum: encodeNumber(sums.lengthSum),
    lengthSquares: encodeNumber(sums.lengthSquares),
    products: encodeNumber(sums.products),
    logSum: encodeNumber(sums.logSum),
    logNets,
    deadNets,
  };
}

/** M_1/M_0 … M_d/M_0 of one net. */
function lengthsOf(
  engine: Engine,
  { family, width, depth }: LengthVarianceCell,
  key: RandomKey,
): readonly number[] {
  const { initializer } = findInitializer('he-normal');
  const residual = residualFamily(family);
  if (residual === null) {
    const widths = new Array<number>(depth + 1).fill(width);
    return sampleLengths(engine, { widths, initializer, key }).lengths;
  }
  const architecture = residualArchitecture({
    module: residual.module,
    width,
    modules: depth,
    scale: { rule: 'power', base: residual.base },
  });
  return measureNetworkLengths(engine, { architecture, initializer, key }).layers.map(({ length }) => length);
}
