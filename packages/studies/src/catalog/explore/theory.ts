/** What theory says of a configuration before anything is drawn: the mean length of every layer, what is typical, and why. Pure. */
import {
  type Architecture,
  denseSizesOf,
  portableMath,
  residualScales,
  residualSizesOf,
} from '@kindling/core';
import {
  approximateLogLengths,
  bornDeadBounds,
  predictLengths,
  predictNetworkLengths,
  sumReciprocalWidths,
} from '@kindling/diagnostics';
import { type Initializer, needsData } from '@kindling/initializers';
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import {
  type ExploreConfiguration,
  exploreArchitectureOf,
  exploreInitializer,
} from './configuration/configuration.js';
import { type ExploreEnds, hiddenPart } from './configuration/network.js';

/** One hidden layer, a residual block being one. Logarithms are natural; numbers as `encodeNumber` writes them, null where unknown. */
export interface ExploreTheoryLayer extends JsonObject {
  /** From 1. */
  readonly layer: number;
  /** log E[M_j]/M₀, exact; null where there is no closed form. */
  readonly logMean: number | string | null;
  /** The same or an approximation. */
  readonly logEstimate: number | string | null;
  /** Proved bounds of log E[M_j]/M₀; equal to the mean where that is exact. */
  readonly logLower: number | string | null;
  readonly logUpper: number | string | null;
  /** Of living nets: E[log M_j/M₀], whose exponential is the typical length, and √Var. */
  readonly typical: number | string | null;
  readonly deviation: number | string | null;
  /** What the layer multiplies the mean by; failure mode 1 is that it stays away from 1. */
  readonly factor: number | string | null;
}

/** What `exploreTheory` says. Plain JSON. */
export interface ExploreTheory extends JsonObject {
  readonly layers: readonly ExploreTheoryLayer[];
  /** `exact`: typical lengths and deviations are; `log-normal`: an approximation by the first two moments; null: neither is known. */
  readonly spread: 'exact' | 'log-normal' | null;
  /** S = Σ 1/n_j of dense nets. */
  readonly sumReciprocalWidths: number | null;
  /** Of residual nets: Σ |η_l| where modules end in a ReLU, Σ η_l² where they end in a linear layer. */
  readonly sumScales: number | null;
  /** Bounds on the probability that a dense net is a constant from the start, `lower` null where none is proved; null of other nets. */
  readonly bornDead: { readonly lower: number | null; readonly upper: number } | null;
  /** Why a mean is missing, or null. */
  readonly why: string | null;
}

/**
 * Theory for random inputs of mean square 1. Typical lengths are exact for Gaussian and orthogonal weights without biases; else
 * `approximateLogLengths` or, of other nets with known second moments, log-normal: mean log E − ½ log(E[M²]/E[M]²).
 *
 * @throws InvalidArgumentError where the configuration does not fit the ends
 */
export function exploreTheory(configuration: ExploreConfiguration, ends: ExploreEnds): ExploreTheory {
  const architecture = exploreArchitectureOf(configuration, ends);
  const initializer = exploreInitializer(configuration);
  const dense = denseSizesOf(architecture);
  const sums = {
    sumReciprocalWidths: dense === null ? null : sumReciprocalWidths(dense.widths),
    sumScales: sumOfScales(architecture),
    bornDead: dense === null ? null : bornDeadOf(initializer, dense.widths),
  };
  if (needsData(initializer)) {
    const why = `the "${initializer.kind}" initializer looks at data: what it delivers is known when it has`;
    return { layers: [], spread: null, ...sums, why };
  }
  const hidden = hiddenPart(architecture);
  const predicted = predictNetworkLengths({ architecture: hidden, initializer });
  const spread = spreadOf(dense?.widths ?? null, initializer, predicted);
  let before: number | null = 0;
  const layers = predicted.map((found, index): ExploreTheoryLayer => {
    const { layer, logMean, logEstimate, logLower, logUpper } = found;
    const factor = logEstimate === null || before === null ? null : portableMath.exp(logEstimate - before);
    before = logEstimate;
    const { typical = null, deviation = null } = spread.layers[index] ?? {};
    return {
      layer,
      logMean: encoded(logMean),
      logEstimate: encoded(logEstimate),
      logLower: encoded(logLower),
      logUpper: encoded(logUpper),
      typical: encoded(typical),
      deviation: encoded(deviation),
      factor: encoded(factor),
    };
  });
  return {
    layers,
    spread: spread.kind,
    ...sums,
    why: predicted.find(({ why }) => why !== null)?.why ?? null,
  };
}

function bornDeadOf(initializer: Initializer, widths: readonly number[]): ExploreTheory['bornDead'] {
  const { lower = null, upper } = bornDeadBounds(initializer, widths);
  return { lower, upper };
}

interface Spread {
  readonly kind: ExploreTheory['spread'];
  readonly layers: readonly { readonly typical: number | null; readonly deviation: number | null }[];
}

function spreadOf(
  widths: readonly number[] | null,
  initializer: Initializer,
  predicted: ReturnType<typeof predictNetworkLengths>,
): Spread {
  if (widths !== null) {
    const exact = predictLengths({ widths, initializer });
    if (exact.every(({ meanLog, varianceLog }) => meanLog !== null && varianceLog !== null)) {
      const layers = exact.map(({ meanLog, varianceLog }) => ({
        typical: meanLog,
        deviation: varianceLog === null ? null : Math.sqrt(varianceLog),
      }));
      return { kind: 'exact', layers };
    }
    const approximate = approximateLogLengths({ widths, initializer });
    if (approximate === null) return { kind: null, layers: [] };
    const layers = approximate.map(({ meanLog, varianceLog }) => ({
      typical: meanLog,
      deviation: Math.sqrt(varianceLog),
    }));
    return { kind: 'log-normal', layers };
  }
  const layers = predicted.map(({ logMean, logRelativeSecondMoment: variance }) =>
    logMean === null || variance === null
      ? { typical: null, deviation: null }
      : { typical: logMean - variance / 2, deviation: Math.sqrt(Math.max(0, variance)) },
  );
  return { kind: layers.some(({ typical }) => typical !== null) ? 'log-normal' : null, layers };
}

function sumOfScales(architecture: Architecture): number | null {
  const sizes = residualSizesOf(architecture);
  if (sizes === null) return null;
  const scales = residualScales(sizes.scale, sizes.modules);
  return scales.reduce((sum, eta) => sum + (sizes.module === 'relu' ? Math.abs(eta) : eta * eta), 0);
}

function encoded(value: number | null): number | string | null {
  return value === null ? null : encodeNumber(value);
}
