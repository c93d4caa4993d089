/** How the studies of epochs to a test accuracy train: the part of their specs that is the same, its schema and its defaults. */
import { embeddedDigest } from '@kindling/trainer';
import { z } from 'zod';
import { countSchema } from '../spec/read-spec.js';
import type { DatasetIdentity } from '../study.js';

/** Plain SGD on images until a test accuracy or a cap. */
export interface TrainingSettings {
  readonly data: DatasetIdentity;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly maxEpochs: number;
  /** Test accuracy at which a training has started, 0 … 1. */
  readonly targetAccuracy: number;
}

/**
 * The settings of Hanin & Rolnick (2018), as recalled: SGD at 0.01 in batches of 1024, at most 100 epochs. The 20 % are
 * published.
 */
export const paperTraining = {
  learningRate: 0.01,
  batchSize: 1024,
  /** An epoch of the embedded subset (1,500 images) then has 47 steps, about the 59 of MNIST's 60,000 at 1024. */
  embeddedBatchSize: 32,
  maxEpochs: 100,
  targetAccuracy: 0.2,
} as const;

/** The batch size that the paper's settings have on some data. */
export function paperBatchSize(data: DatasetIdentity | null): number {
  return data?.digest === embeddedDigest ? paperTraining.embeddedBatchSize : paperTraining.batchSize;
}

/** Most epochs a spec may ask for; beyond it a typing error is likelier than a wish. */
export const mostEpochs = 100_000;

/** The data in a spec. */
export const datasetIdentitySchema = z.strictObject({
  name: z.string().min(1),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  trainCount: z.int().min(1),
  testCount: z.int().min(1),
  features: z.int().min(1),
  classes: z.int().min(2).max(256),
});

/** The fields of `TrainingSettings`, to be spread into a spec's schema. */
export const trainingSettingsFields = {
  data: datasetIdentitySchema,
  learningRate: z.number().positive(),
  batchSize: z.int().min(1).max(65_536),
  maxEpochs: countSchema(mostEpochs),
  targetAccuracy: z.number().gt(0).max(1),
} as const;
