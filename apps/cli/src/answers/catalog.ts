/** What each initializer of the catalog delivers on a layer, and as JSON. */
import { InvalidArgumentError } from '@kindling/core';
import {
  type EffectiveVariance,
  effectiveVariance,
  type Fans,
  type NamedInitializer,
  needsData,
} from '@kindling/initializers';
import type { JsonValue } from '@kindling/studies';
import { errorMessage } from '../output/error-text.js';

/** One initializer on one layer. */
export interface CatalogRow {
  readonly named: NamedInitializer;
  readonly fans: Fans;
  /** Null where it depends on the data or the layer cannot have it; `reason` says which. */
  readonly delivered: EffectiveVariance | null;
  readonly reason: string | null;
}

/** Rounding of variances that are 2/fan-in by construction stays far below this. */
const rounding = 1e-9;

/** Looks what `named` delivers. */
export function catalogRow(named: NamedInitializer, fans: Fans): CatalogRow {
  if (needsData(named.initializer)) {
    return { named, fans, delivered: null, reason: 'it depends on the data' };
  }
  try {
    return { named, fans, delivered: effectiveVariance(named.initializer, fans), reason: null };
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    return { named, fans, delivered: null, reason: errorMessage(error) };
  }
}

/** Var(w) / (2/fan-in), which for symmetric laws is the factor of the mean length; null where it is not known. */
export function varianceRatioOf({ delivered, fans }: CatalogRow): number | null {
  return delivered === null ? null : (delivered.variance * fans.fanIn) / 2;
}

/** True when the mean length keeps its size but for biases: symmetric, variance 2/fan-in. Null where it is not known. */
export function isCritical(row: CatalogRow): boolean | null {
  const ratio = varianceRatioOf(row);
  if (row.delivered === null || ratio === null) return null;
  return row.delivered.symmetric && Math.abs(ratio - 1) < rounding;
}

/** How much larger a layer is looked at to see whether weights scale with it. */
const scaled = 4;

/** True when the effect holds for these fans only, because the weights do not scale with them. */
export function dependsOnFans(row: CatalogRow): boolean {
  const ratio = varianceRatioOf(row);
  if (ratio === null || ratio === 0) return false;
  const { fanIn, fanOut } = row.fans;
  const larger = varianceRatioOf(catalogRow(row.named, { fanIn: scaled * fanIn, fanOut: scaled * fanOut }));
  return larger !== null && Math.abs(larger / ratio - 1) > rounding;
}

/** One initializer as `kindling initializers --json` has it. */
export function catalogJson(row: CatalogRow): { readonly [key: string]: JsonValue } {
  const { named, delivered, reason } = row;
  return {
    name: named.name,
    title: named.title,
    source: named.source,
    preset: named.preset === undefined ? null : { ...named.preset },
    variance: delivered?.variance ?? null,
    varianceRatio: varianceRatioOf(row),
    mean: delivered?.mean ?? null,
    excessKurtosis: delivered?.excessKurtosis ?? null,
    critical: isCritical(row),
    biasMean: delivered?.biasMean ?? null,
    biasVariance: delivered?.biasVariance ?? null,
    symmetric: delivered?.symmetric ?? null,
    dependence: delivered?.dependence ?? null,
    reason,
    // Descriptions are plain JSON; their interfaces cannot say so.
    initializer: named.initializer as unknown as JsonValue,
  };
}
