/** Whether a rule of residual scales keeps lengths bounded for every number of modules. */
import type { ResidualScaleRule } from '@kindling/core';

/**
 * What the decisive sum tends to, or never passes, as modules are added: Σ η_l for ReLU modules, Σ η_l² for those that end in a linear
 * layer (`predictResidualGrowth` says which). Finite exactly where E[M_L] is bounded for all L.
 *
 *     rule        Σ η_l            Σ η_l²
 *     b^l, b < 1  b/(1 − b)        b²/(1 − b²)
 *     1/L         1                1 (at L = 1; 1/L tends to 0)
 *     1/√L        ∞                1
 *     constant    ∞, or 0 for 0    ∞, or 0 for 0
 *
 * Source: Hanin & Rolnick (2018), Theorem 2 and section 5.
 *
 * @returns null for a list, which says nothing of more modules
 */
export function predictResidualLimit(
  rule: ResidualScaleRule,
  decisive: 'sum' | 'sum-of-squares',
): number | null {
  switch (rule.rule) {
    case 'constant':
      return rule.value === 0 ? 0 : Number.POSITIVE_INFINITY;
    case 'power': {
      const ratio = decisive === 'sum' ? Math.abs(rule.base) : rule.base * rule.base;
      return ratio < 1 ? ratio / (1 - ratio) : Number.POSITIVE_INFINITY;
    }
    case 'inverse-modules':
      return 1;
    case 'inverse-root-modules':
      return decisive === 'sum' ? Number.POSITIVE_INFINITY : 1;
    case 'list':
      return null;
  }
}
