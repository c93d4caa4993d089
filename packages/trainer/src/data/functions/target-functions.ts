/**
 * The functions that papers on born-dead networks learn: |x| and its folded kin of Shin & Karniadakis (2020), and the four of
 * Lu, Shin, Su & Karniadakis (2020).
 */
import { InvalidArgumentError, portableMath } from '@kindling/core';
import type { TargetFunction } from './target-function.js';

/** √3: on [−√3, √3] a uniform coordinate has variance 1. The default half-edge of the domain. */
export const unitVarianceRadius = Math.sqrt(3);

const relu = (x: number) => Math.max(x, 0);

function ofOne(
  name: string,
  formula: string,
  neededUnits: number | null,
  value: (x: number) => number,
): TargetFunction {
  return {
    name,
    formula,
    inputs: 1,
    outputs: 1,
    neededUnits,
    evaluate: ([x = Number.NaN]) => [value(x)],
  };
}

/** Slope that brings |x| from 1 back to 0 at √3. */
const fold = Math.sqrt(3) / (Math.sqrt(3) - 1);

/** All of them. */
export const targetFunctions: readonly TargetFunction[] = [
  ofOne('absolute', '|x|', 2, Math.abs),
  ofOne(
    'folded',
    '|x| − √3/(√3 − 1)·(ReLU(x − 1) + ReLU(−x − 1))',
    4,
    (x) => Math.abs(x) - fold * (relu(x - 1) + relu(-x - 1)),
  ),
  ofOne('x-sin-5x', 'x sin 5x', null, (x) => x * portableMath.sin(5 * x)),
  ofOne(
    'step-sine',
    '1 for x > 0, + 0.2 sin 5x',
    null,
    (x) => (x > 0 ? 1 : 0) + 0.2 * portableMath.sin(5 * x),
  ),
  {
    name: 'absolute-pair',
    formula: '[|x₁ + x₂|, |x₁ − x₂|]',
    inputs: 2,
    outputs: 2,
    neededUnits: 4,
    evaluate: ([x = Number.NaN, y = Number.NaN]) => [Math.abs(x + y), Math.abs(x - y)],
  },
];

/**
 * The function of this name.
 *
 * @throws InvalidArgumentError with the names there are
 */
export function findTargetFunction(name: string): TargetFunction {
  const found = targetFunctions.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const names = targetFunctions.map((candidate) => candidate.name).join(', ');
  throw new InvalidArgumentError(`findTargetFunction: there is no function "${name}"; expected ${names}`);
}
