/** The verdict that lengths and dead units of one set of weights allow. */
import { type Architecture, portableMath } from '@kindling/core';
import { type VerdictCode, verdictThresholds } from '@kindling/diagnostics';
import type { DeadUnits } from '../measure/dead-units.js';
import { isChained } from '../measure/dead-units.js';
import type { KernelStatistics } from '../measure/kernel-statistics.js';
import type { LayerActivity } from '../measure/measure-layers.js';
import type { ModelKernel } from '../model/kernels.js';
import type { MeasuredVerdict } from './model-diagnosis.js';

/** What was measured. */
export interface MeasuredModel {
  readonly activities: readonly LayerActivity[];
  readonly kernels: readonly ModelKernel[];
  /** By kernel. */
  readonly statistics: readonly KernelStatistics[];
  readonly deadUnits: DeadUnits;
  readonly architecture: Architecture | null;
  /** Mean square of the input. */
  readonly inputMeanSquare: number;
}

/**
 * Hidden is what stands before the last layer with a kernel. Lines are those of `diagnose`: below 10⁻⁵ and above 10^2.5 of the input's
 * length a net does not start in time. Of a ReLU chain, Π mean square × fan-in / 2 tells failure mode 1 (the weights are too small
 * or large) from mode 2 (they are not, and this draw scatters); of others a length out of range counts as mode 1.
 */
export function judgeMeasured(model: MeasuredModel): MeasuredVerdict {
  const { activities, kernels, statistics, inputMeanSquare } = model;
  const lastKernel = kernels.at(-1);
  const hidden = activities.filter(({ tap }) => tap.layerIndex < (lastKernel?.layerIndex ?? 0));
  const depth = Math.max(0, kernels.length - 1);
  const last = hidden.at(-1);
  // Behind numbers that left f32 a ReLU may give zeros: WebAssembly's makes 0 of NaN.
  const lost = hidden.some(({ meanSquare }) => !Number.isFinite(meanSquare));
  const reached = lost ? Number.POSITIVE_INFINITY : last?.meanSquare;
  const length = reached === undefined || depth === 0 ? null : reached / inputMeanSquare;
  const log10Length = length === null ? null : log10(length);
  const log10Weights = isReluChain(model)
    ? kernels
        .slice(0, -1)
        .reduce(
          (total, { fans }, index) => total + log10(((statistics[index]?.meanSquare ?? 0) * fans.fanIn) / 2),
          0,
        )
    : null;
  return { verdict: verdictOf(model, log10Length, log10Weights), log10Length, log10Weights, depth };
}

function verdictOf(
  { statistics, kernels, deadUnits }: MeasuredModel,
  length: number | null,
  weights: number | null,
): VerdictCode {
  if (kernels.length > 0 && statistics.every(({ meanSquare }) => meanSquare === 0)) return 'zero-output';
  if (length === Number.POSITIVE_INFINITY) return 'fm1-exploding';
  if (deadUnits.kinds === 'classified' && deadUnits.deadLayers.length > 0) {
    // A chain whose weights shrink as fast leaves f32, which looks like death.
    return weights !== null && weights < f32Decades ? 'fm1-vanishing' : 'born-dead';
  }
  if (length === null) return 'starts';
  const { vanishingDecades, explodingDecades } = verdictThresholds;
  if (length > explodingDecades) {
    return weights === null || weights > explodingDecades ? 'fm1-exploding' : 'fm2-length-variance';
  }
  if (length >= vanishingDecades) return 'starts';
  const scatter = weights === null ? 0 : length - weights;
  return weights === null || weights <= scatter ? 'fm1-vanishing' : 'fm2-length-variance';
}

/** Lengths below it have no numbers in f32: log₁₀ of (2⁻¹⁴⁹)². */
const f32Decades = -89;

function isReluChain({ architecture, kernels }: MeasuredModel): boolean {
  if (architecture === null) return false;
  const { layers } = architecture;
  const weighted = layers.filter((layer) => layer.kind === 'dense' || layer.kind === 'conv2d');
  if (weighted.length !== kernels.length || !layers.every(isChained)) return false;
  return weighted.slice(0, -1).every(({ activation }) => activation === 'relu');
}

function log10(x: number): number {
  return x === 0 ? Number.NEGATIVE_INFINITY : portableMath.log(x) / Math.LN10;
}

/** A measured verdict in a sentence. */
export function measuredHeadline({ verdict, log10Length, depth }: MeasuredVerdict): string {
  const decades = log10Length === null ? '' : `${Math.round(10 * log10Length) / 10}`;
  const where = `behind ${depth} hidden layers with weights the length is 10^${decades} of the input's`;
  switch (verdict) {
    case 'starts':
      return log10Length === null
        ? 'Nothing stands in the way of training: there is no hidden layer.'
        : `Nothing measured stands in the way of training: ${where}.`;
    case 'zero-output':
      return 'Training does not start: all weights are zero, and so is the output.';
    case 'born-dead':
      return 'Training does not start: a layer that every path leads through is zero on all inputs.';
    default:
      return `Training is unlikely to start: ${where}${verdict === 'fm2-length-variance' ? ', although the weights have the right size' : ''}.`;
  }
}
