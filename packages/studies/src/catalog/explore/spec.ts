/** The spec of the explorable: everything that decides its numbers. */
import { InvalidArgumentError } from '@kindling/core';
import { needsData } from '@kindling/initializers';
import { datasetName, findTargetFunction, targetFunctions } from '@kindling/trainer';
import { z } from 'zod';
import { optimizerSchema, type SpecOptimizer } from '../../regression/optimizers.js';
import { canonicalJson, type JsonValue } from '../../spec/canonical-json.js';
import { countSchema, readSpec, seedSchema } from '../../spec/read-spec.js';
import type { DatasetIdentity, StudySpec } from '../../study.js';
import { datasetIdentitySchema, mostEpochs } from '../../training/training-settings.js';
import {
  type ExploreConfiguration,
  exploreArchitectureOf,
  exploreConfigurationText,
  exploreInitializer,
  parseExploreConfiguration,
} from './configuration/configuration.js';
import type { ExploreEnds } from './configuration/network.js';

/** Images of a data set, or points of a function. */
export type ExploreData =
  | {
      readonly kind: 'images';
      /** Only so many training images, and at most as many test images; null for all. The identity is that of what is left. */
      readonly first: number | null;
      readonly identity: DatasetIdentity;
    }
  | {
      readonly kind: 'function';
      /** Of a target function of @kindling/trainer. Points are a grid: 512, or 24 × 24 of two inputs. */
      readonly name: string;
    };

/** Trainings. */
export interface ExploreTraining {
  /** Runs a configuration. */
  readonly runs: number;
  /** Every run goes on for so many, unless it diverges or provably never moves. */
  readonly epochs: number;
  readonly optimizer: SpecOptimizer;
  readonly batchSize: number;
  /** Of images the test accuracy, 0 … 1, of a function the mean squared error, at which a training has started. */
  readonly target: number;
  /** After which epochs layers are looked at, ascending; 0 is before the first step. */
  readonly lookAt: readonly number[];
}

/** Parts that are null or false are not run. */
export interface ExploreSpec extends StudySpec {
  readonly study: 'explore';
  readonly version: 1;
  /** One to four, all different. */
  readonly configurations: readonly ExploreConfiguration[];
  readonly data: ExploreData;
  /** Lengths by layer of so many random nets. */
  readonly lengths: { readonly nets: number } | null;
  /** Maps of dead neurons of so many random nets. */
  readonly neurons: { readonly nets: number } | null;
  /** Diagnosis with remedies. */
  readonly verdict: boolean;
  readonly training: ExploreTraining | null;
}

/** Most of anything a spec may ask for. */
export const exploreLimits = {
  configurations: 4,
  nets: 10_000,
  maps: 1000,
  runs: 1000,
  epochs: mostEpochs,
  lookAt: 100,
  batchSize: 65_536,
  images: 1_000_000,
} as const;

/** Functions that can be data. */
export const exploreFunctionNames: readonly string[] = targetFunctions.map(({ name }) => name);

const configurationSchema = z.strictObject({
  network: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('dense'), widths: z.array(z.int()).min(1) }),
    z.strictObject({
      kind: z.literal('residual'),
      width: z.int(),
      modules: z.int(),
      module: z.enum(['relu', 'linear']),
      scale: z.string(),
    }),
    z.strictObject({
      kind: z.literal('convolutional'),
      layers: z.array(z.strictObject({ channels: z.int(), stride: z.int() })).min(1),
      kernel: z.tuple([z.int(), z.int()]),
      padding: z.enum(['zero', 'circular', 'valid']),
    }),
  ]),
  initializer: z.string(),
  weightFactor: z.number().positive(),
  biases: z.nullable(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('constant'), value: z.number() }),
      z.strictObject({ kind: z.literal('normal'), variance: z.number().min(0) }),
    ]),
  ),
});

const { epochs, lookAt, ...most } = exploreLimits;
const schema = z.strictObject({
  study: z.literal('explore'),
  version: z.literal(1),
  seed: seedSchema,
  configurations: z.array(configurationSchema).min(1).max(most.configurations),
  data: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('images'),
      first: z.nullable(countSchema(most.images)),
      identity: datasetIdentitySchema,
    }),
    z.strictObject({ kind: z.literal('function'), name: z.enum(exploreFunctionNames as [string]) }),
  ]),
  lengths: z.nullable(z.strictObject({ nets: countSchema(most.nets) })),
  neurons: z.nullable(z.strictObject({ nets: countSchema(most.maps) })),
  verdict: z.boolean(),
  training: z.nullable(
    z.strictObject({
      runs: countSchema(most.runs),
      epochs: countSchema(epochs),
      optimizer: optimizerSchema,
      batchSize: countSchema(most.batchSize),
      target: z.number().positive(),
      lookAt: z.array(z.int().min(0).max(epochs)).max(lookAt),
    }),
  ),
});

/**
 * Reads a spec from JSON; `parseExploreSpec` looks at what it costs, too.
 *
 * @throws InvalidArgumentError naming the field, what it is and what was expected
 */
export function readExploreSpec(value: unknown): ExploreSpec {
  const spec = readSpec<ExploreSpec>('explore', schema, value);
  const ends = exploreEnds(spec.data);
  const texts = spec.configurations.map((configuration, index) => {
    return naming(`configurations.${index}`, () => {
      const text = exploreConfigurationText(configuration);
      const read = parseExploreConfiguration(text);
      if (
        canonicalJson(read as unknown as JsonValue) !== canonicalJson(configuration as unknown as JsonValue)
      ) {
        throw new InvalidArgumentError(`explore: it is not as its text "${text.slice(0, 60)}" is read`);
      }
      exploreArchitectureOf(configuration, ends);
      return text;
    });
  });
  texts.forEach((text, index) => {
    const first = texts.indexOf(text);
    if (first === index) return;
    throw fieldError(
      `configurations.${index}`,
      `it is number ${first + 1} again, which has the same numbers; expected different ones`,
    );
  });
  const { training } = spec;
  if (training === null) return spec;
  if (spec.data.kind === 'images' && training.target > 1) {
    throw fieldError('training.target', `a test accuracy of ${training.target}; expected one from 0 to 1`);
  }
  training.lookAt.forEach((epoch, index) => {
    if (epoch <= training.epochs && epoch > (training.lookAt[index - 1] ?? -1)) return;
    throw fieldError(
      `training.lookAt.${index}`,
      `${epoch}; expected epochs in ascending order, each once, up to training.epochs`,
    );
  });
  return spec;
}

/** The numbers of an input and of an answer. */
export function exploreEnds(data: ExploreData): ExploreEnds {
  if (data.kind === 'function') {
    const { inputs, outputs } = findTargetFunction(data.name);
    return { inputs, side: null, outputs };
  }
  const { features, classes } = data.identity;
  const side = Math.round(Math.sqrt(features));
  return { inputs: features, side: side * side === features ? side : null, outputs: classes };
}

/** The data the trials need, or null where none look at images. */
export function exploreDataset({
  data,
  configurations,
  neurons,
  training,
}: ExploreSpec): DatasetIdentity | null {
  if (data.kind === 'function') return null;
  const looks = configurations.some((configuration) => needsData(exploreInitializer(configuration)));
  return neurons !== null || training !== null || looks ? data.identity : null;
}

/**
 * Images as data of a spec. A data set that was not asked for by its name is called after its digest, so that a folder and the same files
 * dropped on a page make the same spec.
 */
export function exploreImages(
  identity: DatasetIdentity,
  { asked, first }: { readonly asked: string; readonly first: number | null },
): ExploreData {
  const known = ['embedded', 'mnist', 'fashion-mnist'].includes(asked);
  return {
    kind: 'images',
    first,
    identity: { ...identity, name: known ? asked : datasetName(identity.digest) },
  };
}

/** Runs `read` and puts the field before what it refuses. */
export function naming<Value>(field: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw fieldError(field, reasonOf(error));
  }
}

/** A refusal without the function or study that it is from, in one line. */
export function reasonOf({ message }: InvalidArgumentError): string {
  return message.replace(/^\w+: /, '').replaceAll(/\s*\n\s*/g, ' ');
}

function fieldError(field: string, reason: string): InvalidArgumentError {
  return new InvalidArgumentError(`explore: ${field}: ${reason}`, { details: { field } });
}
