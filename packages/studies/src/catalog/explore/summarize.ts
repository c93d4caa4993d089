/** What the explorable comes to: of every configuration theory, lengths, dead neurons, trainings and the verdict side by side. */
import { mean, median, portableMath, quantile, sampleVariance } from '@kindling/core';
import type { TrainingOutcome } from '@kindling/trainer';
import { decodeNumber, encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { type ExploreCell, type ExplorePart, exploreCells } from './cells.js';
import { exploreConfigurationText } from './configuration/configuration.js';
import type {
  ExploreLayersAt,
  ExploreLengthsResult,
  ExploreNeuronsResult,
  ExploreTrainingResult,
  ExploreVerdictResult,
} from './results.js';
import { type ExploreSpec, exploreEnds } from './spec.js';
import { type ExploreTheory, exploreTheory } from './theory.js';

/** Lengths of one layer over the nets. Natural logarithms of M_j/M₀; null where no net lives. */
export interface ExploreLayerLengths extends JsonObject {
  /** From 1. */
  readonly layer: number;
  /** Nets in which the layer is dead. They count in the mean, and have no logarithm. */
  readonly dead: number;
  /** log of the mean of M_j/M₀ over all nets. */
  readonly logMean: number | string;
  /** Of the living: mean and standard deviation of log M_j/M₀; the deviation of one net is null. */
  readonly meanLog: number | string | null;
  readonly deviationLog: number | string | null;
  /** Quantiles of the living: 5, 25, 50, 75 and 95 %. */
  readonly quantiles: readonly (number | string)[] | null;
}

/** Lengths over the nets of a configuration. */
export interface ExploreLengthsSummary extends JsonObject {
  readonly nets: number;
  readonly layers: readonly ExploreLayerLengths[];
  /** Nets that are dead at their end. */
  readonly dead: number;
  /** The first nets, layer by layer, for drawing. */
  readonly singles: readonly (readonly (number | string)[])[];
}

/** Dead neurons over the nets of a configuration. */
export interface ExploreNeuronsSummary extends JsonObject {
  readonly nets: number;
  /** Nets that are constant functions on the data. */
  readonly bornDead: number;
  /** Shares of all neurons of all nets. */
  readonly active: number;
  readonly tentativelyDead: number;
  readonly permanentlyDead: number;
}

/** Trainings of a configuration. */
export interface ExploreTrainingSummary extends JsonObject {
  readonly runs: number;
  readonly reached: number;
  readonly outcomes: readonly TrainingOutcome[];
  /** Of every run; null where it did not reach the target. */
  readonly epochsToTarget: readonly (number | null)[];
  /** Median, runs that did not reach the target counted as longer than any; null where that is the median. */
  readonly medianEpochs: number | null;
  /** Of every run, for drawing: as in its record. */
  readonly loss: readonly (readonly (number | string)[])[];
  readonly testAccuracy: readonly (readonly (number | string)[])[] | null;
  readonly deadNeurons: readonly (readonly number[])[];
  /** Of the first run. */
  readonly layersAt: readonly ExploreLayersAt[];
}

/** One configuration; what was not asked for is null. */
export interface ExploreSummaryRow extends JsonObject {
  /** As `exploreConfigurationText` writes it. */
  readonly configuration: string;
  readonly theory: ExploreTheory;
  readonly verdict: ExploreVerdictResult | null;
  readonly lengths: ExploreLengthsSummary | null;
  readonly neurons: ExploreNeuronsSummary | null;
  readonly training: ExploreTrainingSummary | null;
}

/** The whole of `summary.json`. */
export interface ExploreSummary extends JsonObject {
  readonly study: 'explore';
  readonly spec: ExploreSpec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  readonly configurations: readonly ExploreSummaryRow[];
}

/** Single nets that are kept for drawing. */
const singleNets = 10;

/** Points of the band of `ExploreLayerLengths`. */
export const exploreQuantiles = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeExplore(spec: ExploreSpec, records: readonly TrialRecord[]): ExploreSummary {
  const cells = exploreCells(spec);
  const groups = recordsByCell(records);
  checkComplete('explore', cells, groups);
  const ends = exploreEnds(spec.data);
  return {
    study: 'explore',
    spec: spec as ExploreSpec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    configurations: spec.configurations.map((configuration, index): ExploreSummaryRow => {
      const read = <Result, Summary>(part: ExplorePart, sum: (results: readonly Result[]) => Summary) => {
        const cell = cells.find((each: ExploreCell) => each.part === part && each.index === index);
        if (cell === undefined) return null;
        return sum((groups.get(cell.id) ?? []).map(({ result }) => result as Result));
      };
      return {
        configuration: exploreConfigurationText(configuration),
        theory: exploreTheory(configuration, ends),
        verdict: read('verdict', ([result]: readonly ExploreVerdictResult[]) => result ?? null),
        lengths: read('lengths', summarizeExploreLengths),
        neurons: read('neurons', summarizeNeurons),
        training: read('training', summarizeTraining),
      };
    }),
  };
}

/** Lengths of nets of one configuration, in the order of their trials: the page sums up what it has, too. @param results at least one */
export function summarizeExploreLengths(results: readonly ExploreLengthsResult[]): ExploreLengthsSummary {
  const nets = results.map(({ logLengths }) => logLengths.map(decodeNumber));
  const depth = nets[0]?.length ?? 0;
  const layers = Array.from({ length: depth }, (_, index): ExploreLayerLengths => {
    const all = nets.map((lengths) => lengths[index] ?? Number.NaN);
    const living = all.filter((value) => value !== Number.NEGATIVE_INFINITY);
    const some = living.length > 0;
    // Lengths that left f32 inside a block are not known, and nothing between which others lie.
    const known = living.every((value) => !Number.isNaN(value));
    const pointOf = (point: number) => encodeNumber(known ? quantile(living, point) : Number.NaN);
    return {
      layer: index + 1,
      dead: all.length - living.length,
      logMean: encodeNumber(logMeanOf(all)),
      meanLog: some ? encodeNumber(mean(living)) : null,
      deviationLog: living.length > 1 ? encodeNumber(Math.sqrt(sampleVariance(living))) : null,
      quantiles: some ? exploreQuantiles.map(pointOf) : null,
    };
  });
  return {
    nets: nets.length,
    layers,
    dead: layers.at(-1)?.dead ?? 0,
    singles: results.slice(0, singleNets).map(({ logLengths }) => logLengths),
  };
}

/** log of the mean of the exponentials, whatever their range; NaN where one is. */
function logMeanOf(logs: readonly number[]): number {
  const most = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(most)) return most;
  const sum = logs.reduce((total, value) => total + portableMath.exp(value - most), 0);
  return most + portableMath.log(sum / logs.length);
}

function summarizeNeurons(results: readonly ExploreNeuronsResult[]): ExploreNeuronsSummary {
  const counts = [0, 0, 0];
  for (const { layers } of results) {
    for (const { states } of layers) {
      for (const state of states) counts[Number(state)] = (counts[Number(state)] ?? 0) + 1;
    }
  }
  const [active = 0, tentative = 0, permanent = 0] = counts;
  const all = Math.max(1, active + tentative + permanent);
  return {
    nets: results.length,
    bornDead: results.filter(({ bornDeadLayer }) => bornDeadLayer !== null).length,
    active: active / all,
    tentativelyDead: tentative / all,
    permanentlyDead: permanent / all,
  };
}

function summarizeTraining(results: readonly ExploreTrainingResult[]): ExploreTrainingSummary {
  const epochsToTarget = results.map((result) => result.epochsToTarget);
  const middle = median(epochsToTarget.map((epochs) => epochs ?? Number.POSITIVE_INFINITY));
  const accuracies = results.map(({ testAccuracy }) => testAccuracy);
  return {
    runs: results.length,
    reached: epochsToTarget.filter((epochs) => epochs !== null).length,
    outcomes: results.map(({ outcome }) => outcome),
    epochsToTarget,
    medianEpochs: Number.isFinite(middle) ? middle : null,
    loss: results.map(({ loss }) => loss),
    testAccuracy: accuracies.some((values) => values === null)
      ? null
      : accuracies.map((values) => values ?? []),
    deadNeurons: results.map(({ deadNeurons }) => deadNeurons),
    layersAt: results[0]?.layersAt ?? [],
  };
}
