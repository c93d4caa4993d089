/**
 * The spec of figure 4: everything that decides its numbers.
 *
 * Purely convolutional nets with kernels of 3 × 3, a tenth as many channels as layers (at least one), no pooling, one fixed image of
 * 32 × 32 × 3 and the initializers of figure 1 are recalled from Hanin & Rolnick (2018). Padding, image and counts are ours: with circular
 * padding the mean length has a factor a layer, as in fully connected nets; the image is noise.
 */
import { z } from 'zod';
import {
  type Figure1InitializerName,
  figure1InitializerNames,
  figure1Initializers,
} from '../../lengths/curves.js';
import { countSchema, distinctList, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { StudySpec } from '../../study.js';

/** What a convolution sees beyond the image, in the order of the help. */
export const figure4Paddings = ['circular', 'zero', 'valid'] as const;

/** One of them. */
export type Figure4Padding = (typeof figure4Paddings)[number];

export interface Figure4Spec extends StudySpec {
  readonly study: 'figure-4';
  readonly version: 1;
  readonly initializers: readonly Figure1InitializerName[];
  /** Convolutional layers. */
  readonly depths: readonly number[];
  /** Nets a point. */
  readonly trials: number;
  readonly padding: Figure4Padding;
  /** Pixels a side of the image. */
  readonly size: number;
  /** A net of d layers has d over this many channels in every layer, rounded down, and at least one. */
  readonly depthPerChannel: number;
}

/** What a person may say; the rest follows. */
export interface Figure4Options {
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Default: the eight curves of figure 1. */
  readonly initializers?: readonly Figure1InitializerName[] | undefined;
  /** Default: see `figure4Defaults`. */
  readonly depths?: readonly number[] | undefined;
  readonly trials?: number | undefined;
  /** Default `circular`. */
  readonly padding?: Figure4Padding | undefined;
  /** Default 32. */
  readonly size?: number | undefined;
  /** Default 10. */
  readonly depthPerChannel?: number | undefined;
  /** Smaller defaults, for a first look. */
  readonly quick?: boolean | undefined;
}

/** Defaults, full and quick. Without padding every layer loses two pixels a side, so depths end where the image does. */
export const figure4Defaults = {
  full: {
    depths: [5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
    valid: [3, 5, 7, 9, 11, 13, 15],
    trials: 1000,
  },
  quick: { depths: [5, 10, 20, 30, 40], valid: [3, 7, 11, 15], trials: 100 },
  size: 32,
  depthPerChannel: 10,
} as const;

/** Most of anything a spec may ask for; beyond it a typing error is likelier than a wish. */
export const figure4Limits = { depth: 1000, trials: 1_000_000, size: 512, depthPerChannel: 1000 } as const;

/** Kernels are 3 × 3: without padding an image loses so many pixels a side and layer. */
const lostPixels = 2;

const schema = z
  .strictObject({
    study: z.literal('figure-4'),
    version: z.literal(1),
    seed: seedSchema,
    initializers: distinctList(z.enum(figure1InitializerNames), 'initializers'),
    depths: distinctList(countSchema(figure4Limits.depth), 'depths'),
    trials: countSchema(figure4Limits.trials),
    padding: z.enum(figure4Paddings),
    size: countSchema(figure4Limits.size).min(3),
    depthPerChannel: countSchema(figure4Limits.depthPerChannel),
  })
  .refine(
    ({ padding, size, depths }) =>
      padding !== 'valid' || depths.every((depth) => size - lostPixels * depth >= 1),
    {
      path: ['depths'],
      message: 'without padding every layer takes two pixels a side; expected depths that leave one',
    },
  );

/**
 * Reads a spec from JSON.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function parseFigure4Spec(value: unknown): Figure4Spec {
  return readSpec<Figure4Spec>('figure-4', schema, value);
}

/**
 * A whole spec from the few things a person says.
 *
 * @throws InvalidArgumentError for values out of range
 */
export function figure4Spec(options: Figure4Options = {}): Figure4Spec {
  const { seed = 1, initializers = figure1Initializers, padding = 'circular', quick = false } = options;
  const defaults = figure4Defaults[quick ? 'quick' : 'full'];
  return parseFigure4Spec({
    study: 'figure-4',
    version: 1,
    seed,
    initializers: [...initializers],
    depths: [...(options.depths ?? (padding === 'valid' ? defaults.valid : defaults.depths))],
    trials: options.trials ?? defaults.trials,
    padding,
    size: options.size ?? figure4Defaults.size,
    depthPerChannel: options.depthPerChannel ?? figure4Defaults.depthPerChannel,
  });
}
