/** Checks of laws that may come from JSON or from a command line: once, at the edge, with one line of words. */
import { InvalidArgumentError } from '@kindling/core';
import type { Initializer } from '../initializer.js';
import type { BiasLaw } from './bias-law.js';
import { distributions } from './distribution.js';
import { fanModes } from './layer-shape.js';
import type { StatedVariance, VarianceScaling, WeightLaw } from './weight-law.js';

/**
 * Checks every number and name of an initializer.
 *
 * @param caller begins the message
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function checkInitializer(caller: string, initializer: Initializer): void {
  // What comes from JSON may lack anything.
  switch (initializer?.kind) {
    case 'layerwise':
      present(caller, 'weights', initializer.weights, 'a law such as {"kind":"orthogonal","gain":1}');
      present(caller, 'biases', initializer.biases, 'a law such as {"kind":"zeros"}');
      checkWeightLaw(caller, initializer.weights);
      checkBiasLaw(caller, initializer.biases);
      return;
    case 'randomized-asymmetric':
      return;
    case 'lsuv':
      positive(caller, 'tolerance', initializer.tolerance);
      if (!Number.isSafeInteger(initializer.maxTries) || initializer.maxTries < 1) {
        throw refusal(caller, 'maxTries', initializer.maxTries, 'an integer ≥ 1');
      }
      return;
    case 'sign-flip':
      if (initializer.base?.kind !== 'layerwise') {
        throw refusal(caller, 'base', initializer.base?.kind, 'an initializer of kind layerwise');
      }
      checkInitializer(caller, initializer.base);
      return;
    case 'fixup':
      present(caller, 'weights', initializer.weights, 'a law such as {"kind":"orthogonal","gain":1}');
      checkWeightLaw(caller, initializer.weights);
      oneOf(caller, 'output', initializer.output, ['zero', 'drawn']);
      return;
    case 'data-dependent':
      oneOf(caller, 'anchors', initializer.anchors, ['cycle', 'uniform']);
      if (initializer.weightDeviation !== undefined)
        positive(caller, 'weightDeviation', initializer.weightDeviation);
      if (initializer.biasDeviation !== undefined)
        positive(caller, 'biasDeviation', initializer.biasDeviation);
      return;
    default:
      throw refusal(caller, 'kind of initializer', kindOf(initializer), 'a kind there is');
  }
}

/**
 * Checks every number and name of a law of weights.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function checkWeightLaw(caller: string, law: WeightLaw): void {
  switch (law?.kind) {
    case 'identity':
      finite(caller, 'gain', law.gain);
      return;
    case 'orthogonal':
    case 'delta-orthogonal':
      positive(caller, 'gain', law.gain);
      return;
    case 'sparse':
      if (!(law.sparsity >= 0 && law.sparsity < 1)) {
        throw refusal(caller, 'sparsity', law.sparsity, 'a number ≥ 0 and < 1');
      }
      positive(caller, 'deviation', law.deviation);
      return;
    default:
      checkIndependentLaw(caller, law);
  }
}

/**
 * Checks every number and name of a law of biases.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function checkBiasLaw(caller: string, law: BiasLaw): void {
  if (law?.kind !== 'zeros' && law?.kind !== 'inverse-root-fan-in') checkIndependentLaw(caller, law);
}

function checkIndependentLaw(
  caller: string,
  law: Exclude<BiasLaw, { kind: 'zeros' | 'inverse-root-fan-in' }>,
) {
  switch (law?.kind) {
    case 'variance-scaling':
      checkDistribution(caller, law);
      oneOf(caller, 'mode', law.mode, fanModes);
      positive(caller, 'scale', law.scale);
      return;
    case 'stated-variance':
      checkDistribution(caller, law);
      positive(caller, 'variance', law.variance);
      return;
    case 'uniform-range':
      finite(caller, 'low', law.low);
      finite(caller, 'high', law.high);
      if (law.dividedBy !== undefined) oneOf(caller, 'dividedBy', law.dividedBy, ['root-fan-in']);
      if (!(law.low < law.high)) throw refusal(caller, 'high', law.high, `a number > low = ${law.low}`);
      return;
    case 'constant':
      finite(caller, 'value', law.value);
      return;
    default:
      throw refusal(caller, 'kind of law', kindOf(law), 'a kind there is');
  }
}

function checkDistribution(caller: string, law: VarianceScaling | StatedVariance): void {
  oneOf(caller, 'distribution', law.distribution, distributions);
  const { degreesOfFreedom } = law;
  if (degreesOfFreedom !== undefined && !(degreesOfFreedom > 2 && Number.isFinite(degreesOfFreedom))) {
    throw refusal(
      caller,
      'degreesOfFreedom',
      degreesOfFreedom,
      'a finite number > 2 (below it there is no variance)',
    );
  }
}

function present(caller: string, field: string, value: unknown, expected: string): void {
  if (value === undefined || value === null) throw refusal(caller, field, value, expected);
}

function positive(caller: string, field: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw refusal(caller, field, value, 'a positive finite number');
}

function finite(caller: string, field: string, value: number): void {
  if (!Number.isFinite(value)) throw refusal(caller, field, value, 'a finite number');
}

function oneOf(caller: string, field: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw refusal(caller, field, `"${value}"`, `one of ${known.join(', ')}`);
}

function kindOf(value: unknown): string {
  const { kind } = Object(value) as { readonly kind?: unknown };
  return JSON.stringify(kind) ?? 'missing';
}

function refusal(caller: string, field: string, value: unknown, expected: string): InvalidArgumentError {
  return new InvalidArgumentError(`${caller}: ${field} is ${value}; expected ${expected}`, {
    details: { field },
  });
}
