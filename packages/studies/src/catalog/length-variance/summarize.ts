/** What the length-variance study comes to: E[V̂]/E[L]² of every family against S, theory beside simulation. */
import { portableMath } from '@kindling/core';
import { largestRelativeError } from '@kindling/diagnostics';
import { decodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { type LengthVarianceCell, lengthVarianceCells } from './cells.js';
import type { NetFamilyName } from './families.js';
import type { LengthVarianceSpec } from './spec.js';
import { predictVariance, predictVarianceError, type VarianceTheory } from './theory.js';
import type { LengthVarianceResult } from './trial.js';

/** One family, width and depth. */
export interface LengthVariancePoint extends JsonObject {
  readonly family: NetFamilyName;
  readonly width: number;
  readonly depth: number;
  /** S = Σ 1/n_j over the ReLU layers, one a module in residual nets. */
  readonly sumReciprocalWidths: number;
  readonly nets: number;
  readonly method: LengthVarianceResult['method'];
  readonly deadNets: number;
  /** E[V̂]/E[L]², L = (1/d) Σ M_j; null where it has no closed form. */
  readonly predicted: number | null;
  /** Mean of V̂ over the nets, M_0 = 1, and E[L]: by theory, or where that has no closed form the mean over the nets. */
  readonly meanVariance: number;
  readonly meanLength: number;
  /** Their meanVariance/meanLength². */
  readonly sampleValue: number;
  /** Of that value: from exact moments for fully connected nets, else from the sample. */
  readonly standardError: number;
  readonly errorFrom: 'theory' | 'sample';
  /** sampleValue, or null where the standard error is more than half of what it should be: then it says nothing. */
  readonly measured: number | null;
  /** (measured − predicted) / standardError; null where one of them is. */
  readonly deviation: number | null;
  /** exp of the mean of log (V̂/L²) over the nets that do not die in the first layer: what most nets have; null without such nets. */
  readonly typical: number | null;
}

/** E[V̂]/E[L]² of a family with a closed form, at every depth up to the deepest that was tried. */
export interface LengthVarianceCurve extends JsonObject {
  readonly family: NetFamilyName;
  readonly width: number;
  readonly sums: readonly number[];
  readonly predicted: readonly number[];
}

/** The whole of `summary.json`. */
export interface LengthVarianceSummary extends JsonObject {
  readonly study: 'length-variance';
  readonly spec: LengthVarianceSpec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  readonly curves: readonly LengthVarianceCurve[];
  readonly points: readonly LengthVariancePoint[];
}

/** Depths of a curve: enough for a smooth line. */
const mostCurvePoints = 60;

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeLengthVariance(
  spec: LengthVarianceSpec,
  records: readonly TrialRecord[],
): LengthVarianceSummary {
  const cells = lengthVarianceCells(spec);
  const groups = recordsByCell(records);
  checkComplete('length-variance', cells, groups);
  return {
    study: 'length-variance',
    spec: spec as LengthVarianceSpec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    curves: curvesOf(spec, cells),
    points: cells.map((cell) => pointOf(cell, groups.get(cell.id) ?? [])),
  };
}

function curvesOf(
  { depths }: LengthVarianceSpec,
  cells: readonly LengthVarianceCell[],
): readonly LengthVarianceCurve[] {
  const deepest = Math.max(...depths);
  const step = Math.ceil((deepest - 1) / mostCurvePoints);
  const tried: number[] = [];
  for (let depth = 2; depth < deepest; depth += step) tried.push(depth);
  tried.push(deepest);
  return cells
    .filter(({ depth }) => depth === deepest)
    .flatMap(({ family, width }) => {
      const values = tried.map((depth) => relative(predictVariance({ family, width, depth })));
      const predicted = values.filter((value) => value !== null);
      if (predicted.length < values.length) return [];
      return [{ family, width, sums: tried.map((depth) => depth / width), predicted }];
    });
}

/** E[V̂]/E[L]²: of fully connected He nets E[V̂] itself, and comparable where lengths grow before they stay. */
function relative(theory: VarianceTheory | null): number | null {
  return theory === null ? null : theory.variance / (theory.length * theory.length);
}

const sumNames = ['sum', 'squares', 'lengthSum', 'lengthSquares', 'products', 'logSum'] as const;

function pointOf(cell: LengthVarianceCell, records: readonly TrialRecord[]): LengthVariancePoint {
  const { family, width, depth } = cell;
  const results = records.map(({ result }) => result as LengthVarianceResult);
  const total = (value: (result: LengthVarianceResult) => number) =>
    results.reduce((sum, result) => sum + value(result), 0);
  const nets = total((result) => result.nets);
  const [variance = 0, square = 0, length = 0, lengthSquare = 0, product = 0, logSum = 0] = sumNames.map(
    (name) => total((result) => decodeNumber(result[name])) / nets,
  );
  const logNets = total((result) => result.logNets);
  const theory = predictVariance({ family, width, depth });
  const predicted = relative(theory);
  const fromTheory = predictVarianceError({ family, width, depth }, nets);
  const meanLength = theory?.length ?? length;
  const sampleValue = variance / (meanLength * meanLength);
  // Where E[L] is the sample's, its error counts too: V̂/L² changes by dV̂/L² − 2V̂ dL/L³.
  const weight = theory === null ? (2 * variance) / length : 0;
  const scatter =
    square -
    variance * variance -
    2 * weight * (product - variance * length) +
    weight * weight * (lengthSquare - length * length);
  const sampleError = Math.sqrt(Math.max(0, scatter) / Math.max(1, nets - 1)) / (meanLength * meanLength);
  const standardError = fromTheory ?? sampleError;
  const told = standardError <= largestRelativeError * (predicted ?? sampleValue);
  return {
    family,
    width,
    depth,
    sumReciprocalWidths: depth / width,
    nets,
    method: results[0]?.method ?? 'matrices',
    deadNets: total((result) => result.deadNets),
    predicted,
    meanVariance: variance,
    meanLength,
    sampleValue,
    standardError,
    errorFrom: fromTheory === null ? 'sample' : 'theory',
    measured: told ? sampleValue : null,
    deviation: told && predicted !== null ? (sampleValue - predicted) / standardError : null,
    typical: logNets === 0 ? null : portableMath.exp((logSum * nets) / logNets),
  };
}
