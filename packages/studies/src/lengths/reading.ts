/**
 * What the figures, tables and findings read off a summary: the order of initializers and depths, the factor a layer. Pure, and
 * silent on empty parts.
 */

import { numberText } from '../report/number-text.js';
import { readNumber } from '../report/read-number.js';
import type { LengthPoint } from './length-point.js';

/** Each initializer of the cells once, in the order they first appear. */
export function initializersOf(cells: readonly { readonly initializer: string }[]): readonly string[] {
  return [...new Set(cells.map((cell) => cell.initializer))];
}

/** Each depth of the cells once, ascending. */
export function depthsOf(cells: readonly { readonly depth: number }[]): readonly number[] {
  return [...new Set(cells.map((cell) => cell.depth))].sort((a, b) => a - b);
}

/** Cells of one initializer, shallow to deep. */
export function curveOf<Cell extends { readonly initializer: string; readonly depth: number }>(
  cells: readonly Cell[],
  initializer: string,
): readonly Cell[] {
  return cells.filter((cell) => cell.initializer === initializer).sort((a, b) => a.depth - b.depth);
}

/** The deepest cell of one initializer, if it has any. */
export function deepestOf<Cell extends { readonly initializer: string; readonly depth: number }>(
  cells: readonly Cell[],
  initializer: string,
): Cell | undefined {
  return curveOf(cells, initializer).at(-1);
}

/** The factor a layer that theory predicts: (E[M_d] / M_0)^(1/d). */
export function predictedFactor(cell: LengthPoint): number {
  return readNumber(cell.predictedLength) ** (1 / cell.depth);
}

/** The factor a layer that was measured: (mean of M_d / M_0)^(1/d). */
export function measuredFactor(cell: LengthPoint): number {
  return readNumber(cell.meanLength) ** (1 / cell.depth);
}

/** A theoretical factor to `digits` significant digits without trailing zeros; a 1 up to rounding is printed as 1. */
export function factorText(factor: number, digits: number): string {
  return numberText(fateOf(factor) === 'keeps' ? 1 : factor, digits).replace(/(\.\d*?)0+$/, '$1');
}

/** A measured factor to three decimals, zeros kept: they are part of the measurement. */
export function measuredFactorText(factor: number): string {
  return factor >= 0.001 && factor < 1000 ? factor.toFixed(3) : numberText(factor);
}

/** What a factor a layer does to the lengths. Theory's factors are exact up to rounding, so the band is narrow. */
export function fateOf(factor: number): 'keeps' | 'vanishes' | 'explodes' {
  if (Math.abs(factor - 1) < 1e-6) return 'keeps';
  return factor < 1 ? 'vanishes' : 'explodes';
}

/** Initializers whose theory is the same curve. */
export interface CurveGroup {
  readonly initializers: readonly string[];
  /** The common factor a layer, or null where it is not the same at every depth. */
  readonly factor: number | null;
  /** Predicted length at the deepest depth. */
  readonly end: number;
}

/** Groups the initializers by predicted curve (equal within a millionth at every depth), highest end first. */
export function curveGroups(cells: readonly LengthPoint[]): readonly CurveGroup[] {
  const groups: { initializers: string[]; curve: readonly LengthPoint[] }[] = [];
  for (const initializer of initializersOf(cells)) {
    const curve = curveOf(cells, initializer);
    const twin = groups.find((group) => sameCurve(group.curve, curve));
    if (twin) twin.initializers.push(initializer);
    else groups.push({ initializers: [initializer], curve });
  }
  const described = groups.map(({ initializers, curve }) => {
    const factors = curve.map(predictedFactor);
    const first = factors[0] ?? Number.NaN;
    const steady = factors.every((factor) => Math.abs(factor - first) <= 1e-6 * first);
    const last = curve.at(-1);
    return {
      initializers,
      factor: steady ? first : null,
      end: last ? readNumber(last.predictedLength) : Number.NaN,
    };
  });
  return described.sort((a, b) => b.end - a.end);
}

function sameCurve(a: readonly LengthPoint[], b: readonly LengthPoint[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((cell, i) => {
    const other = b[i];
    if (other === undefined || other.depth !== cell.depth) return false;
    return Math.abs(predictedFactor(other) - predictedFactor(cell)) <= 1e-6 * predictedFactor(cell);
  });
}
