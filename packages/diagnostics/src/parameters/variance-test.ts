/** Is the variance that of the law? */
import { portableMath } from '@kindling/core';
import { normalShareBelow } from '../verdict/normal-law.js';
import { type LawShape, shapeKurtosis } from './law-shape.js';

/** n/(κ + 2) must be at least this for the cube root to be normal. */
const fewest = 20;

/**
 * Two-sided p-value of Σ w² / σ² of n numbers of mean 0. Its mean is n and its variance (κ + 2) n; it is taken as a Gamma variable of these
 * moments, which for normal weights it is (χ²), by the cube root of Wilson & Hilferty (PNAS 17, 1931).
 *
 * @param ratio Σ w² / (n σ²)
 */
export function variancePValue(ratio: number, count: number, shape: LawShape): number {
  const degrees = (2 * Math.max(fewest, count)) / (shapeKurtosis[shape] + 2);
  const spread = 2 / (9 * degrees);
  const z = (cubeRoot(ratio) - (1 - spread)) / Math.sqrt(spread);
  return Math.min(1, 2 * normalShareBelow(-Math.abs(z)));
}

/** @param x ≥ 0 */
function cubeRoot(x: number): number {
  return x === 0 ? 0 : portableMath.exp(portableMath.log(x) / 3);
}
