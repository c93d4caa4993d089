/** What the study comes to: one row a grid point, two thresholds read off every training, and the length of its net beside theory's. */
import { mean, quantile } from '@kindling/core';
import { predictNetworkLengths } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { decodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { type EpochsToAccuracy, summarizeEpochs } from '../../training/epochs-to-accuracy.js';
import { convTrainingCells, sizesOf } from './cells.js';
import type { ConvTrainingSpec } from './spec.js';
import type { ConvTrainingResult } from './trial.js';
import { type ConvVariantName, convArchitecture, convVariants, measuredPart } from './variants.js';

/** Lengths behind the body before the first step, relative to the input's, as natural logarithms. */
export interface ConvLength extends JsonObject {
  /** log E[M]; null where theory has bounds or nothing. */
  readonly predictedLogMean: number | null;
  /** The mean, else an approximation; null where there is none. */
  readonly predictedLogEstimate: number | null;
  /** Why there is no exact mean; null where there is. */
  readonly why: string | null;
  /** Mean of the logarithms over the nets that are not dead, or null. */
  readonly meanLog: number | null;
  /** The least and the largest of them, or null. */
  readonly leastLog: number | null;
  readonly mostLog: number | null;
  /** Nets whose length is exactly 0. */
  readonly deadNets: number;
}

/** One grid point. */
export interface ConvTrainingPoint extends JsonObject {
  readonly net: ConvVariantName;
  /** Convolutions of the body. */
  readonly depth: number;
  /** Epochs to `startAccuracy`. */
  readonly start: EpochsToAccuracy;
  /** Epochs to `targetAccuracy`. */
  readonly target: EpochsToAccuracy;
  readonly length: ConvLength;
}

/** The whole of `summary.json`. */
export interface ConvTrainingSummary extends JsonObject {
  readonly study: 'conv-training';
  readonly spec: ConvTrainingSpec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  readonly points: readonly ConvTrainingPoint[];
}

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeConvTraining(
  spec: ConvTrainingSpec,
  records: readonly TrialRecord[],
): ConvTrainingSummary {
  const cells = convTrainingCells(spec);
  const groups = recordsByCell(records);
  checkComplete('conv-training', cells, groups);
  return {
    study: 'conv-training',
    spec: spec as ConvTrainingSpec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    points: cells.map(({ id, net, depth }) => {
      const group = groups.get(id) ?? [];
      return {
        net,
        depth,
        start: summarizeEpochs(group.map((record) => upTo(record, spec.startAccuracy))),
        target: summarizeEpochs(group),
        length: lengthOf(spec, net, depth, group),
      };
    }),
  };
}

/** The record as if the training had stopped at the first epoch with this accuracy; unchanged if there was none. */
function upTo(record: TrialRecord, accuracy: number): TrialRecord {
  const result = record.result as ConvTrainingResult;
  // Epoch 0, before the first step, never counts.
  const epochs = result.testAccuracy.findIndex(
    (value, epoch) => epoch > 0 && decodeNumber(value) >= accuracy,
  );
  // What broke in the epoch it reached the target's accuracy in has not reached it.
  if (epochs < 0 || (result.outcome === 'diverged' && epochs === result.epochs)) return record;
  return {
    ...record,
    result: {
      ...result,
      outcome: 'reached',
      epochs,
      testAccuracy: result.testAccuracy.slice(0, epochs + 1),
      deadLayer: null,
    },
  };
}

function lengthOf(
  spec: ConvTrainingSpec,
  net: ConvVariantName,
  depth: number,
  records: readonly TrialRecord[],
): ConvLength {
  const prediction = predictNetworkLengths({
    architecture: measuredPart(convArchitecture(net, sizesOf(spec, depth))),
    initializer: findInitializer(convVariants[net].initializer).initializer,
  }).at(-1);
  const logs = records.map(({ result }) => decodeNumber((result as ConvTrainingResult).logLength));
  const living = logs.filter((log) => log !== Number.NEGATIVE_INFINITY);
  return {
    predictedLogMean: prediction?.logMean ?? null,
    predictedLogEstimate: prediction?.logMean ?? prediction?.logEstimate ?? null,
    why: prediction?.why ?? null,
    meanLog: living.length === 0 ? null : mean(living),
    leastLog: living.length === 0 ? null : quantile(living, 0),
    mostLog: living.length === 0 ? null : quantile(living, 1),
    deadNets: logs.length - living.length,
  };
}
