/** The two parts of figures 1 and 2: lengths of random nets, and epochs that the same nets train to an accuracy. */
import { InvalidArgumentError } from '@kindling/core';
import { z } from 'zod';
import { countSchema, distinctList } from '../spec/read-spec.js';
import type { DatasetIdentity } from '../study.js';
import {
  paperBatchSize,
  paperTraining,
  type TrainingSettings,
  trainingSettingsFields,
} from './training-settings.js';

/** Lengths of random nets. */
export interface LengthsPart {
  /** Hidden layers, or modules. */
  readonly depths: readonly number[];
  /** Nets a point. */
  readonly trials: number;
}

/** Trainings on images. */
export interface TrainingPart extends TrainingSettings {
  readonly depths: readonly number[];
  /** Trainings a point. */
  readonly runs: number;
}

/** Both parts of a spec; null leaves one out. */
export interface LengthsAndTraining {
  readonly lengths: LengthsPart | null;
  readonly training: TrainingPart | null;
}

/** The schemas of both parts, to be spread into a spec's. @param most of anything a spec may ask for */
export function lengthsAndTrainingFields(most: {
  readonly depth: number;
  readonly trials: number;
  readonly runs: number;
}) {
  const depths = distinctList(countSchema(most.depth), 'depths');
  return {
    lengths: z.strictObject({ depths, trials: countSchema(most.trials) }).nullable(),
    training: z.strictObject({ ...trainingSettingsFields, depths, runs: countSchema(most.runs) }).nullable(),
  } as const;
}

/** @throws InvalidArgumentError when both parts are left out */
export function checkLengthsOrTraining(study: string, { lengths, training }: LengthsAndTraining): void {
  if (lengths === null && training === null) {
    throw new InvalidArgumentError(
      `${study}: both parts are left out; expected lengths (trials ≥ 1) or training (runs ≥ 1)`,
    );
  }
}

/** What a person says of the parts, with its defaults. */
export interface LengthsAndTrainingChoice {
  /** What the part with trainings is called, such as `1b`. */
  readonly trainingPart: string;
  readonly data: DatasetIdentity | null;
  readonly lengthDepths: readonly number[];
  readonly trainingDepths: readonly number[];
  /** 0 leaves the lengths out. */
  readonly trials: number;
  /** 0 leaves the trainings out. */
  readonly runs: number;
  readonly maxEpochs: number;
}

/**
 * The parts of a spec, with the paper's settings of a training; not checked yet.
 *
 * @throws InvalidArgumentError for trainings without data
 */
export function lengthsAndTraining(study: string, choice: LengthsAndTrainingChoice) {
  const { trainingPart, data, lengthDepths, trainingDepths, trials, runs, maxEpochs } = choice;
  if (runs !== 0 && data === null) {
    throw new InvalidArgumentError(
      `${study}: runs is not 0 and there is no data; expected data for part ${trainingPart}`,
    );
  }
  return {
    lengths: trials === 0 ? null : { depths: [...lengthDepths], trials },
    training:
      runs === 0
        ? null
        : {
            data,
            depths: [...trainingDepths],
            runs,
            learningRate: paperTraining.learningRate,
            batchSize: paperBatchSize(data),
            maxEpochs,
            targetAccuracy: paperTraining.targetAccuracy,
          },
  };
}
