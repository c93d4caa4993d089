/** What the study comes to: a fit to all nets, and how well fits to some tell the others. */
import { deriveKey, philox4x32, rootKey } from '@kindling/core';
import { probabilityOfLogOdds, type TrainedModel } from '@kindling/diagnostics';
import type { JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import type { Estimate } from '../../statistics/bootstrap.js';
import { areaEstimate, areaUnderRoc, type RocPoint, rocCurve } from '../../statistics/roc.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { type TrainedOrNotCell, trainedOrNotCells } from './cells.js';
import { fitTrainedModel, scoreHeldOut, type ZooFile } from './fit.js';
import { stagesOf, type TrainedOrNotSpec } from './spec.js';
import type { TensorFeatures, TrainedOrNotResult } from './trial.js';

/** How well nets at one stage are told from the same nets before training, by a fit to other architectures. */
export interface StageSummary extends JsonObject {
  readonly epoch: number;
  /** Nets that got there. */
  readonly nets: number;
  /** Area under the ROC curve. */
  readonly area: Estimate;
  /** The same from weight matrices alone. */
  readonly kernelArea: Estimate;
  /** Share of these nets that is called fresh: P(trained) < 1/2. */
  readonly missed: number;
  readonly kernelMissed: number;
  readonly medianTestAccuracy: number;
}

/** Areas of one held-out group, by stage. */
export interface HeldOutSummary extends JsonObject {
  readonly group: string;
  readonly nets: number;
  /** Of all tensors, one a stage after the first; null where no net got there. */
  readonly areas: readonly (number | null)[];
  /** Of weight matrices alone. */
  readonly kernelAreas: readonly (number | null)[];
  /** Share of its fresh nets that is called trained. */
  readonly falseAlarms: number;
}

/** Held-out probabilities between two bounds, beside what was true. */
export interface ReliabilityRow extends JsonObject {
  readonly from: number;
  readonly to: number;
  readonly fresh: number;
  readonly trained: number;
  /** Means, fresh and trained nets weighing the same together; null where there are none. */
  readonly predicted: number | null;
  readonly observed: number | null;
}

/** The whole of `summary.json`. */
export interface TrainedOrNotSummary extends JsonObject {
  readonly study: 'trained-or-not';
  readonly spec: TrainedOrNotSpec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  readonly nets: number;
  /** Trainings that broke before their last stage. */
  readonly diverged: number;
  /** Fitted to all nets: what the tool has for the default spec. */
  readonly model: TrainedModel & JsonObject;
  /** Those after the first. */
  readonly stages: readonly StageSummary[];
  readonly curves: readonly {
    readonly epoch: number;
    readonly kernels: boolean;
    readonly points: readonly (RocPoint & JsonObject)[];
  }[];
  /** Nets of which the last layer alone is that of the last stage. */
  readonly head: { readonly area: Estimate; readonly missed: number };
  /** Share of fresh nets that is called trained, of all tensors and of kernels alone. */
  readonly falseAlarms: number;
  readonly kernelFalseAlarms: number;
  readonly architectures: readonly HeldOutSummary[];
  readonly initializers: readonly HeldOutSummary[];
  readonly reliability: readonly ReliabilityRow[];
  /** Areas that must be near 1/2: fresh nets against other fresh ones, and labels drawn by lot. */
  readonly controls: { readonly freshAgainstFresh: Estimate; readonly labelsByLot: Estimate };
}

/** A net with its parameters' evidence at each stage it got to. */
interface Net {
  readonly cell: TrainedOrNotCell;
  readonly stages: readonly { readonly tensors: readonly TensorFeatures[]; readonly testAccuracy: number }[];
}

const bounds = [0, 0.01, 0.1, 0.5, 0.9, 0.99, 1] as const;
/** Purpose of the keys of lots: "lots" in ASCII. */
const lots = 0x6c_6f_74_73;

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeTrainedOrNot(
  spec: TrainedOrNotSpec,
  records: readonly TrialRecord[],
): TrainedOrNotSummary {
  const cells = trainedOrNotCells(spec);
  const groups = recordsByCell(records);
  checkComplete('trained-or-not', cells, groups);
  const nets = cells.flatMap((cell) =>
    (groups.get(cell.id) ?? []).map(
      ({ result }): Net => ({
        cell,
        stages: (result as TrainedOrNotResult).stages.map(({ tensors, testAccuracy }) => ({
          tensors,
          testAccuracy: Number(testAccuracy),
        })),
      }),
    ),
  );
  const epochs = stagesOf(spec);
  const key = deriveKey(rootKey(spec.seed), lots);
  const architectureOf = ({ cell }: Net) => cell.architecture;
  const scores = scoreHeldOut(nets, architectureOf, filesOf, fittedOf);
  const headScores = scoreHeldOut(nets, architectureOf, headOf, fittedOf);
  const kernelScores = scoreHeldOut(
    nets,
    architectureOf,
    (net) => filesOf(net).map(kernelsOnly),
    (net) => fittedOf(net).map(kernelsOnly),
  );
  const byInitializer = scoreHeldOut(nets, ({ cell }) => cell.initializer, filesOf, fittedOf);
  const kernelsByInitializer = scoreHeldOut(
    nets,
    ({ cell }) => cell.initializer,
    (net) => filesOf(net).map(kernelsOnly),
    (net) => fittedOf(net).map(kernelsOnly),
  );
  const later = epochs.map((epoch, stage) => ({ epoch, stage })).slice(1);
  return {
    study: 'trained-or-not',
    spec: spec as TrainedOrNotSpec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    nets: nets.length,
    diverged: nets.filter(({ stages }) => stages.length < epochs.length).length,
    model: fitTrainedModel(nets.flatMap(fittedOf)) as TrainedModel & JsonObject,
    stages: later.map(({ epoch, stage }) => {
      const accuracies = nets.flatMap(({ stages }) => stages[stage]?.testAccuracy ?? []);
      return {
        epoch,
        nets: accuracies.length,
        area: areaEstimate(pairsAt(scores, stage)),
        kernelArea: areaEstimate(pairsAt(kernelScores, stage)),
        missed: shareBelowEven(scores, stage),
        kernelMissed: shareBelowEven(kernelScores, stage),
        medianTestAccuracy: accuracies.sort((a, b) => a - b)[Math.floor(accuracies.length / 2)] ?? 0,
      };
    }),
    curves: [false, true].flatMap((kernels) =>
      later.map(({ epoch, stage }) => {
        const pairs = pairsAt(kernels ? kernelScores : scores, stage);
        const points = rocCurve(
          pairs.map(({ trained }) => trained),
          pairs.map(({ fresh }) => fresh),
        );
        return { epoch, kernels, points: points as readonly (RocPoint & JsonObject)[] };
      }),
    ),
    head: {
      area: areaEstimate(pairsAt(headScores, 1)),
      missed: shareBelowEven(headScores, 1),
    },
    falseAlarms: 1 - shareBelowEven(scores, 0),
    kernelFalseAlarms: 1 - shareBelowEven(kernelScores, 0),
    architectures: heldOut(nets, spec.architectures, architectureOf, scores, kernelScores, epochs.length),
    initializers: heldOut(
      nets,
      spec.initializers,
      ({ cell }) => cell.initializer,
      byInitializer,
      kernelsByInitializer,
      epochs.length,
    ),
    reliability: reliabilityOf(scores),
    controls: controlsOf(nets, key),
  };
}

/** One a stage; the first is fresh. */
function filesOf({ stages }: Net): readonly ZooFile[] {
  return stages.map(({ tensors }, stage) => ({
    tensors,
    trained: stage > 0,
    weight: stage === 0 ? 1 : 1 / stages.length,
  }));
}

/** Weights and biases of the last layer. */
const headTensors = 2;

/** The fresh net, and the same with the last layer of the late one: what training the head alone leaves. */
function headOf({ stages }: Net): readonly ZooFile[] {
  const [first, last] = [stages[0]?.tensors ?? [], stages.at(-1)?.tensors ?? []];
  if (stages.length < 2) return [];
  const tensors = [...first.slice(0, -headTensors), ...last.slice(-headTensors)];
  return [
    { tensors: first, trained: false, weight: 1 },
    { tensors, trained: true, mixed: true, weight: 1 / stages.length },
  ];
}

/** What fits are made to. */
function fittedOf(net: Net): readonly ZooFile[] {
  return [...filesOf(net), ...headOf(net).filter(({ mixed }) => mixed)];
}

function kernelsOnly(file: ZooFile): ZooFile {
  return { ...file, tensors: file.tensors.filter(({ kind }) => kind === 'kernel') };
}

type Scores = readonly (readonly number[])[];

function pairsAt(scores: Scores, stage: number) {
  return scores.flatMap(({ [0]: fresh, [stage]: trained }) =>
    fresh === undefined || trained === undefined ? [] : [{ fresh, trained }],
  );
}

function shareBelowEven(scores: Scores, stage: number): number {
  const found = pairsAt(scores, stage);
  return found.filter(({ trained }) => trained < 0).length / found.length;
}

function heldOut(
  nets: readonly Net[],
  groups: readonly string[],
  groupOf: (net: Net) => string,
  scores: Scores,
  kernelScores: Scores,
  stages: number,
): readonly HeldOutSummary[] {
  return groups.map((group) => {
    const own = (all: Scores) => all.filter((_, i) => groupOf(nets[i] as Net) === group);
    const areas = (all: Scores) =>
      Array.from({ length: stages - 1 }, (_, i) => {
        const pairs = pairsAt(own(all), i + 1);
        if (pairs.length === 0) return null;
        return areaUnderRoc(
          pairs.map(({ trained }) => trained),
          pairs.map(({ fresh }) => fresh),
        );
      });
    return {
      group,
      nets: own(scores).length,
      areas: areas(scores),
      kernelAreas: areas(kernelScores),
      falseAlarms: 1 - shareBelowEven(own(scores), 0),
    };
  });
}

function reliabilityOf(scores: Scores): readonly ReliabilityRow[] {
  const all = scores.flatMap((stages) =>
    stages.map((score, stage) => ({
      probability: probabilityOfLogOdds(score),
      trained: stage > 0,
      weight: stage === 0 ? 1 : 1 / (stages.length - 1),
    })),
  );
  return bounds.slice(1).map((to, i) => {
    const from = bounds[i] ?? 0;
    const own = all.filter(
      ({ probability }) => probability >= from && (probability < to || (to === 1 && probability === 1)),
    );
    const weight = own.reduce((sum, row) => sum + row.weight, 0);
    const meanOf = (value: (row: (typeof own)[number]) => number) =>
      weight === 0 ? null : own.reduce((sum, row) => sum + row.weight * value(row), 0) / weight;
    return {
      from,
      to,
      fresh: own.filter(({ trained }) => !trained).length,
      trained: own.filter(({ trained }) => trained).length,
      predicted: meanOf(({ probability }) => probability),
      observed: meanOf(({ trained }) => (trained ? 1 : 0)),
    };
  });
}

/** The same fits and scores with labels that mean nothing. */
function controlsOf(nets: readonly Net[], key: ReturnType<typeof rootKey>): TrainedOrNotSummary['controls'] {
  const coin = (i: number, purpose: number) =>
    (philox4x32([i, purpose, key[2], key[3]], [key[0], key[1]])[0] & 1) === 1;
  // Neighbors in the list differ in their optimizer, which no fresh net knows of.
  const twins = nets.flatMap((net, i) => {
    const other = nets[i + 1];
    return i % 2 === 0 && other !== undefined && other.cell.architecture === net.cell.architecture
      ? [[net, other] as const]
      : [];
  });
  const labelled = (first: readonly TensorFeatures[], second: readonly TensorFeatures[], swapped: boolean) =>
    (swapped ? [second, first] : [first, second]).map((tensors, i) => ({
      tensors,
      trained: i === 1,
      weight: 1,
    }));
  const pairsOf = (scores: Scores) => pairsAt(scores, 1);
  const fresh = scoreHeldOut(
    twins.map((twin, i) => ({ twin, i })),
    ({ twin }) => twin[0].cell.architecture,
    ({ twin, i }) => labelled(twin[0].stages[0]?.tensors ?? [], twin[1].stages[0]?.tensors ?? [], coin(i, 0)),
  );
  const byLot = scoreHeldOut(
    nets.map((net, i) => ({ net, i })),
    ({ net }) => net.cell.architecture,
    ({ net, i }) => labelled(net.stages[0]?.tensors ?? [], net.stages.at(-1)?.tensors ?? [], coin(i, 1)),
  );
  return {
    freshAgainstFresh: areaEstimate(pairsOf(fresh)),
    labelsByLot: areaEstimate(pairsOf(byLot)),
  };
}
