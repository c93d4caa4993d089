/**
 * What the dying-ReLU study comes to: for every target and initializer how many nets were born dead, how many were
 * constant after training, and what theory says of the former. A pure function of the spec and its records.
 */
import { median } from '@kindling/core';
import { predictBornDead } from '@kindling/diagnostics';
import { comparedInitializer } from '../../regression/compared-initializers.js';
import { decodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { type Share, shareOf } from '../../statistics/share.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { type DyingReluCell, dyingReluCells } from './cells.js';
import type { DyingReluSpec } from './spec.js';
import type { DyingReluResult } from './trial.js';

/** One target and initializer. */
export interface DyingReluPoint extends JsonObject {
  readonly target: string;
  readonly initializer: string;
  readonly hiddenLayers: number;
  readonly width: number;
  readonly runs: number;
  /** Nets with a ReLU layer that is zero at every point, before the first step. */
  readonly bornDead: Share;
  /** Bounds from theory on that probability; null where there is no formula. */
  readonly bornDeadLower: number | null;
  readonly bornDeadUpper: number | null;
  /** Nets that give a constant after training. */
  readonly collapsed: Share;
  /** Of those, the ones that were alive at the start. */
  readonly diedInTraining: number;
  /** Median steps of these until a dead layer was sure, or until the cap; null when there are none. */
  readonly medianStepsToDeath: number | null;
  /** Runs that came to the target loss. */
  readonly learned: number;
  readonly diverged: number;
  /** Median loss of the nets that are not constant; null when there are none. */
  readonly medianLoss: number | null;
}

/** The whole of `summary.json`. */
export interface DyingReluSummary extends JsonObject {
  readonly study: 'dying-relu';
  readonly spec: DyingReluSpec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  readonly points: readonly DyingReluPoint[];
}

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeDyingRelu(spec: DyingReluSpec, records: readonly TrialRecord[]): DyingReluSummary {
  const cells = dyingReluCells(spec);
  const groups = recordsByCell(records);
  checkComplete('dying-relu', cells, groups);
  return {
    study: 'dying-relu',
    spec: spec as DyingReluSpec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    points: cells.map((cell) => pointOf(spec, cell, groups.get(cell.id) ?? [])),
  };
}

function pointOf(
  { constantShare }: DyingReluSpec,
  cell: DyingReluCell,
  records: readonly TrialRecord[],
): DyingReluPoint {
  const { target, initializer } = cell;
  const results = records.map((record) => record.result as DyingReluResult);
  const collapsed = results.filter(({ variation }) => decodeNumber(variation) <= constantShare);
  const died = collapsed.filter(({ bornDeadLayer }) => bornDeadLayer === null);
  const losses = results
    .filter(({ variation, outcome }) => decodeNumber(variation) > constantShare && outcome !== 'diverged')
    .map(({ loss }) => decodeNumber(loss));
  const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
  return {
    target: target.name,
    initializer,
    hiddenLayers: target.hiddenLayers,
    width: target.width,
    runs: results.length,
    bornDead: shareOf(results.filter(({ bornDeadLayer }) => bornDeadLayer !== null).length, results.length),
    ...boundsOf(cell),
    collapsed: shareOf(collapsed.length, results.length),
    diedInTraining: died.length,
    medianStepsToDeath: died.length === 0 ? null : median(died.map(({ steps }) => steps)),
    learned: count('reached'),
    diverged: count('diverged'),
    medianLoss: losses.length === 0 ? null : median(losses),
  };
}

/** Bounds for laws that are symmetric about zero; a data-dependent net is alive by construction; RAI has no formula. */
function boundsOf({
  target: { hiddenLayers, width },
  initializer,
  inputs,
}: DyingReluCell): Pick<DyingReluPoint, 'bornDeadLower' | 'bornDeadUpper'> {
  const { initializer: law } = comparedInitializer(initializer);
  if (law.kind === 'data-dependent') return { bornDeadLower: 0, bornDeadUpper: 0 };
  if (law.kind !== 'layerwise') return { bornDeadLower: null, bornDeadUpper: null };
  const hidden = new Array<number>(hiddenLayers).fill(width);
  const zeroBiases = law.biases.kind === 'zeros';
  const { lower, upper } = predictBornDead({ inputDimension: inputs, hidden, zeroBiases });
  return { bornDeadLower: lower ?? null, bornDeadUpper: upper };
}
