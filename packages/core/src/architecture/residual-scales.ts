/** Scales η_l of residual branches by rule: which numbers multiply the branches of L modules, l = 1 … L. */
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';

/** A rule. Plain JSON. */
export type ResidualScaleRule =
  | {
      /** η_l = value. */
      readonly rule: 'constant';
      readonly value: number;
    }
  | {
      /** η_l = base^l: the sum stays below base/(1 − base) for base < 1. */
      readonly rule: 'power';
      readonly base: number;
    }
  | {
      /** η_l = 1/L: Σ η = 1. */
      readonly rule: 'inverse-modules';
    }
  | {
      /** η_l = 1/√L: Σ η² = 1. */
      readonly rule: 'inverse-root-modules';
    }
  | {
      /** As given; one a module. */
      readonly rule: 'list';
      readonly values: readonly number[];
    };

/** Most modules that are taken. */
export const mostModules = 100_000;

/**
 * The scales of `modules` modules, first module first. Powers are running products, so the bits are the same everywhere.
 *
 * @param modules L, an integer from 1 to 100,000
 * @throws InvalidArgumentError for a count out of range, a number that is not finite, or a list of another length
 */
export function residualScales(rule: ResidualScaleRule, modules: number): readonly number[] {
  if (!Number.isSafeInteger(modules) || modules < 1 || modules > mostModules) {
    throw new InvalidArgumentError(
      `residualScales: modules is ${modules}; expected an integer from 1 to ${mostModules}`,
    );
  }
  const scales = scalesOf(rule, modules);
  const bad = scales.find((scale) => !Number.isFinite(scale));
  if (bad !== undefined) {
    throw new InvalidArgumentError(`residualScales: a scale is ${bad}; expected finite numbers`);
  }
  return scales;
}

function scalesOf(rule: ResidualScaleRule, modules: number): readonly number[] {
  switch (rule.rule) {
    case 'constant':
      return new Array<number>(modules).fill(rule.value);
    case 'power': {
      let power = 1;
      return Array.from({ length: modules }, () => {
        power *= rule.base;
        return power;
      });
    }
    case 'inverse-modules':
      return new Array<number>(modules).fill(1 / modules);
    case 'inverse-root-modules':
      return new Array<number>(modules).fill(1 / Math.sqrt(modules));
    case 'list':
      if (rule.values.length !== modules) {
        throw new InvalidArgumentError(
          `residualScales: the list has ${rule.values.length} scales; expected ${modules}, one a module`,
        );
      }
      return [...rule.values];
    default:
      throw new InvalidArgumentError(
        `residualScales: the rule is ${JSON.stringify((rule as { rule: unknown }).rule)}; expected constant, power, inverse-modules, inverse-root-modules or list`,
      );
  }
}
