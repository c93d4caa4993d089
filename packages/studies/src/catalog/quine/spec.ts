/**
 * The spec of the quine study. Width, epochs and the optimizers follow Chang & Lipson (2018, arXiv 1803.05859), at second hand; see
 * `methods.ts` and `quine-net.ts` for what is our reading.
 */
import { InvalidArgumentError } from '@kindling/core';
import { z } from 'zod';
import { countSchema, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { StudySpec } from '../../study.js';
import {
  methodFields,
  type QuineMethod,
  type QuineMethodName,
  quineMethodNames,
  quineMethods,
} from './methods.js';

/** A method with its name. */
export interface NamedQuineMethod extends QuineMethod {
  readonly name: QuineMethodName;
}

export interface QuineSpec extends StudySpec {
  readonly study: 'quine';
  readonly version: 1;
  /** Units a layer, a multiple of 4; 2·width² + width parameters. */
  readonly width: number;
  readonly methods: readonly NamedQuineMethod[];
  /** Draws a method. */
  readonly runs: number;
  /** Passes over all coordinates, or regenerations. */
  readonly epochs: number;
  /** The loss over all coordinates is recorded at epoch 0, every so many, and at the end. */
  readonly reportEvery: number;
}

/** What a person may say; the rest follows. */
export interface QuineOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Default: all. */
  readonly methods?: readonly QuineMethodName[] | undefined;
  readonly width?: number | undefined;
  readonly runs?: number | undefined;
  readonly epochs?: number | undefined;
  /** Smaller defaults, for a first look. */
  readonly quick?: boolean | undefined;
}

/** Defaults, full and quick. */
export const quineDefaults = {
  full: { width: 100, runs: 3, epochs: 100 },
  quick: { width: 32, runs: 2, epochs: 30 },
  /** Records of the loss over a search. */
  reports: 50,
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const quineLimits = { width: 400, runs: 1000, epochs: 100_000 } as const;

const schema = z.strictObject({
  study: z.literal('quine'),
  version: z.literal(1),
  seed: seedSchema,
  width: countSchema(quineLimits.width).multipleOf(4),
  methods: z
    .array(
      z.strictObject({
        name: z.enum(quineMethodNames as [QuineMethodName, ...QuineMethodName[]]),
        ...methodFields,
      }),
    )
    .min(1)
    .refine(
      (methods) => new Set(methods.map(({ name }) => name)).size === methods.length,
      'expected distinct methods',
    ),
  runs: countSchema(quineLimits.runs),
  epochs: countSchema(quineLimits.epochs),
  reportEvery: countSchema(quineLimits.epochs),
});

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseQuineSpec(value: unknown): QuineSpec {
  const spec = readSpec<QuineSpec>('quine', schema, value);
  spec.methods.forEach(({ optimizer, regenerate, norm, targets, nets, sign }, i) => {
    if (targets === 'through' && nets > 1)
      refuse(`methods.${i}.targets`, 'expected epoch or step for several nets');
    if (sign < 0 && optimizer !== null) refuse(`methods.${i}.sign`, 'expected 1 with an optimizer');
    if (optimizer === null && !regenerate)
      refuse(`methods.${i}.regenerate`, 'expected true without an optimizer');
    if (norm === 'tuned' && optimizer !== null) {
      refuse(
        `methods.${i}.norm`,
        'expected free or fixed with an optimizer: only regeneration alone tunes it',
      );
    }
  });
  return spec;
}

function refuse(field: string, text: string): never {
  throw new InvalidArgumentError(`quine: ${field}: ${text}`, { details: { field } });
}

/**
 * A whole spec from the few things a person says.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function quineSpec(options: QuineOptions = {}): QuineSpec {
  const { seed = 1, methods = quineMethodNames, quick = false } = options;
  const defaults = quineDefaults[quick ? 'quick' : 'full'];
  const { width = defaults.width, runs = defaults.runs, epochs = defaults.epochs } = options;
  return parseQuineSpec({
    study: 'quine',
    version: 1,
    seed,
    width,
    methods: methods.map((name) => ({ name, ...quineMethods[name] })),
    runs,
    epochs,
    reportEvery: Math.max(1, Math.floor(epochs / quineDefaults.reports)),
  });
}
