/**
 * The spec of the length-variance study: everything that decides its numbers.
 *
 * That E[V̂] of fully connected nets is exponential in S = Σ 1/n_j, and that of residual nets with a bounded Σ η_l is not, is published
 * (Hanin & Rolnick, 2018, Theorems 3 and 4); the paper shows it through trainings only. Widths, depths and counts are ours; the bases of
 * η_l = b^l are those of its figure 2.
 */
import { z } from 'zod';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { StudySpec } from '../../study.js';
import { type NetFamilyName, netFamilyNames } from './families.js';

export interface LengthVarianceSpec extends StudySpec {
  readonly study: 'length-variance';
  readonly version: 1;
  readonly families: readonly NetFamilyName[];
  /** Of fully connected nets: every layer's, and the input's. */
  readonly widths: readonly number[];
  /** Of residual nets: the stream's. */
  readonly residualWidth: number;
  /** Hidden layers, or modules. */
  readonly depths: readonly number[];
  /** Fully connected nets a point. */
  readonly nets: number;
  /** Residual nets a point. */
  readonly residualNets: number;
}

/** What a person may say; the rest follows. */
export interface LengthVarianceOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Default: all. */
  readonly families?: readonly NetFamilyName[] | undefined;
  readonly widths?: readonly number[] | undefined;
  readonly residualWidth?: number | undefined;
  readonly depths?: readonly number[] | undefined;
  readonly nets?: number | undefined;
  readonly residualNets?: number | undefined;
  /** Smaller defaults, for a first look. */
  readonly quick?: boolean | undefined;
}

/** Defaults, full and quick. */
export const lengthVarianceDefaults = {
  full: {
    widths: [10, 20, 40],
    depths: [2, 5, 10, 15, 20, 30, 40, 60],
    nets: 20_000,
    residualNets: 1000,
  },
  quick: { widths: [10, 20, 40], depths: [2, 5, 10, 20, 40], nets: 2000, residualNets: 100 },
  residualWidth: 20,
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const lengthVarianceLimits = { width: 1000, depth: 1000, nets: 10_000_000 } as const;

const { width, depth, nets } = lengthVarianceLimits;
const schema = z.strictObject({
  study: z.literal('length-variance'),
  version: z.literal(1),
  seed: seedSchema,
  families: distinctList(z.enum(netFamilyNames), 'families'),
  widths: distinctList(countSchema(width), 'widths'),
  residualWidth: countSchema(width),
  // One layer has no variance across layers.
  depths: distinctList(countSchema(depth).min(2), 'depths'),
  nets: countSchema(nets),
  residualNets: countSchema(nets),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseLengthVarianceSpec(value: unknown): LengthVarianceSpec {
  return readSpec<LengthVarianceSpec>('length-variance', schema, value);
}

/**
 * A whole spec from the few things a person says.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function lengthVarianceSpec(options: LengthVarianceOptions = {}): LengthVarianceSpec {
  const { seed = 1, families = netFamilyNames, quick = false } = options;
  const defaults = lengthVarianceDefaults[quick ? 'quick' : 'full'];
  return parseLengthVarianceSpec({
    study: 'length-variance',
    version: 1,
    seed,
    families: [...families],
    widths: [...(options.widths ?? defaults.widths)],
    residualWidth: options.residualWidth ?? lengthVarianceDefaults.residualWidth,
    depths: [...(options.depths ?? defaults.depths)],
    nets: options.nets ?? defaults.nets,
    residualNets: options.residualNets ?? defaults.residualNets,
  });
}
