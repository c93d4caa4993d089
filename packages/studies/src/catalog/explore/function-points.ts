/** The points of the functions that nets of the explorable learn. */
import type { Engine } from '@kindling/core';
import { findTargetFunction, type RegressionData, sampleFunction } from '@kindling/trainer';

/** Points over one input; over two a grid of 24 × 24. */
const pointsOfOne = 512;
const sideOfTwo = 24;

/** How many points the function has. */
export function functionPoints(name: string): number {
  return findTargetFunction(name).inputs === 1 ? pointsOfOne : sideOfTwo * sideOfTwo;
}

/** A grid over [−√3, √3] in every coordinate, the same for every net and run. The caller marks and releases. */
export function sampleExploreFunction(engine: Engine, name: string): RegressionData {
  return sampleFunction(engine, findTargetFunction(name), { count: functionPoints(name) });
}
