/** What the study comes to: by architecture, the distance of nets on their way to the law of other nets at their end. */
import { deriveKey, mean, median, type RandomKey, rootKey, sampleVariance } from '@kindling/core';
import type { JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { type PermutationTest, permutationTest } from '../../statistics/permutation-test.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import { distanceMatrix, type LawAspect, lawAspects, netDistance } from '../../weight-laws/law-distance.js';
import type { NetLaw } from '../../weight-laws/layer-statistics.js';
import type { ZooArchitectureName } from '../../zoo/architectures.js';
import { lawArrivalCells } from './cells.js';
import { type ArrivalInitializerName, arrivalSteps, type LawArrivalSpec } from './spec.js';
import type { ArrivalPoint, LawArrivalResult } from './trial.js';

/** Purpose of the tests' keys: "test" in ASCII; none of the tree's own. */
const testing = 0x74_65_73_74;

/** One aspect of the law of nets from one initializer. */
export interface ArrivalPath extends JsonObject {
  readonly initializer: ArrivalInitializerName;
  readonly aspect: LawAspect;
  /** By step: mean over the nets of the mean distance to the reference nets at their end; the least and the largest of the nets. */
  readonly distance: readonly number[];
  readonly least: readonly number[];
  readonly most: readonly number[];
  /**
   * First of the steps from which on a net has come half, and nine tenths, of the way from its beginning to the floor: median over nets; null
   * where that median never has, or the way is no longer than the floor's own scatter.
   */
  readonly halfStep: number | null;
  readonly nearStep: number | null;
  /** First step from which on the mean distance stays within two deviations of the floor; null where there is none. */
  readonly arrivedStep: number | null;
}

/** The floor of one aspect: independently trained nets of the reference. */
export interface ArrivalFloor extends JsonObject {
  readonly aspect: LawAspect;
  /** Mean distance of one to the others at the end, and the deviation over nets. */
  readonly mean: number;
  readonly deviation: number;
  /** Do nets of different initializers differ at the beginning, at the end? Null for a single initializer. */
  readonly fresh: PermutationTest | null;
  readonly trained: PermutationTest | null;
}

/** One architecture. */
export interface ArrivalArchitecture extends JsonObject {
  readonly architecture: ZooArchitectureName;
  /** Null where fewer than two nets of some initializer came to the end. */
  readonly law: { readonly floors: readonly ArrivalFloor[]; readonly paths: readonly ArrivalPath[] } | null;
  /** By initializer. */
  readonly accuracies: readonly {
    readonly initializer: ArrivalInitializerName;
    readonly nets: number;
    /** Means by step over the nets that came to the end; empty where none did. */
    readonly testAccuracy: readonly number[];
    /** First step with nine tenths of the last step's; null where no net came to the end. */
    readonly nearStep: number | null;
  }[];
}

/** The whole of `summary.json`. */
export interface LawArrivalSummary extends JsonObject {
  readonly study: 'law-arrival';
  readonly spec: LawArrivalSpec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  /** 0 and those of `arrivalSteps`. */
  readonly steps: readonly number[];
  readonly diverged: number;
  readonly architectures: readonly ArrivalArchitecture[];
}

type Way = readonly ArrivalPoint[];

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeLawArrival(
  spec: LawArrivalSpec,
  records: readonly TrialRecord[],
): LawArrivalSummary {
  const cells = lawArrivalCells(spec);
  const groups = recordsByCell(records);
  checkComplete('law-arrival', cells, groups);
  const steps = [0, ...arrivalSteps(spec)];
  const ways = new Map(
    cells.map(({ id }) => [
      id,
      (groups.get(id) ?? [])
        .map(({ result }) => (result as LawArrivalResult).points)
        .filter(({ length }) => length === steps.length),
    ]),
  );
  const kept = [...ways.values()].reduce((sum, { length }) => sum + length, 0);
  return {
    study: 'law-arrival',
    spec: spec as LawArrivalSpec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    steps,
    diverged: records.length - kept,
    architectures: spec.architectures.map((architecture, index) => {
      const own = spec.initializers.map((initializer) => ways.get(`${architecture}/${initializer}`) ?? []);
      return {
        architecture,
        law: lawOf(spec, steps, own, deriveKey(rootKey(spec.seed), testing, index)),
        accuracies: spec.initializers.map((initializer, i) => ({
          initializer,
          nets: own[i]?.length ?? 0,
          ...accuracyOf(steps, own[i] ?? []),
        })),
      };
    }),
  };
}

function accuracyOf(steps: readonly number[], ways: readonly Way[]) {
  if (ways.length === 0) return { testAccuracy: [], nearStep: null };
  const testAccuracy = steps.map((_, at) => mean(ways.map((way) => way[at]?.testAccuracy ?? Number.NaN)));
  const last = testAccuracy.at(-1) ?? Number.NaN;
  const near = testAccuracy.findIndex((accuracy) => accuracy >= 0.9 * last);
  return { testAccuracy, nearStep: steps[near] ?? null };
}

function lawOf(
  spec: LawArrivalSpec,
  steps: readonly number[],
  ways: readonly (readonly Way[])[],
  key: RandomKey,
): ArrivalArchitecture['law'] {
  if (ways.some(({ length }) => length < 2)) return null;
  const [reference = []] = ways;
  const ends = reference.map((way) => way.at(-1)?.law as NetLaw);
  const found = lawAspects.map((aspect, index) => {
    /** By net and step: the mean distance to the reference nets at their end, its own end left out. */
    const distances = ways.map((own, group) =>
      own.map((way, net) =>
        way.map(({ law }) =>
          mean(ends.flatMap((end, j) => (group === 0 && j === net ? [] : [netDistance(aspect, law, end)]))),
        ),
      ),
    );
    const atEnd = (distances[0] ?? []).map((way) => way.at(-1) ?? Number.NaN);
    const floor = { mean: mean(atEnd), deviation: Math.sqrt(sampleVariance(atEnd)) };
    const test = (which: 0 | -1) =>
      testAt(spec, ways, aspect, which, deriveKey(key, testing, 2 * index - which));
    return {
      floor: { aspect, ...floor, fresh: test(0), trained: test(-1) },
      paths: spec.initializers.map((initializer, group) =>
        pathOf({ initializer, aspect }, steps, distances[group] ?? [], floor),
      ),
    };
  });
  return { floors: found.map(({ floor }) => floor), paths: found.flatMap(({ paths }) => paths) };
}

function pathOf(
  name: { readonly initializer: ArrivalInitializerName; readonly aspect: LawAspect },
  steps: readonly number[],
  distances: readonly (readonly number[])[],
  floor: { readonly mean: number; readonly deviation: number },
): ArrivalPath {
  const at = (index: number) => distances.map((way) => way[index] ?? Number.NaN);
  const path = steps.map((_, index) => mean(at(index)));
  const within = (distance: number) => distance <= floor.mean + 2 * floor.deviation;
  const outside = path.findLastIndex((distance) => !within(distance));
  // A way that is no longer than the floor's own scatter has no middle.
  const known = !within(path[0] ?? Number.NaN);
  const stepTo = (share: number) => {
    const found = distances.map((way) => {
      const start = way[0] ?? Number.NaN;
      const before = way.findLastIndex((distance) => !(start - distance >= share * (start - floor.mean)));
      return steps[before + 1] ?? Number.POSITIVE_INFINITY;
    });
    const middle = median(found);
    return known && Number.isFinite(middle) ? middle : null;
  };
  return {
    ...name,
    distance: path,
    least: steps.map((_, index) => Math.min(...at(index))),
    most: steps.map((_, index) => Math.max(...at(index))),
    halfStep: stepTo(0.5),
    nearStep: stepTo(0.9),
    arrivedStep: known ? (steps[outside + 1] ?? null) : null,
  };
}

function testAt(
  { permutations }: LawArrivalSpec,
  ways: readonly (readonly Way[])[],
  aspect: LawAspect,
  which: 0 | -1,
  key: RandomKey,
): PermutationTest | null {
  if (ways.length < 2) return null;
  const nets = ways.flatMap((own, group) => own.map((way) => ({ group, law: way.at(which)?.law as NetLaw })));
  return permutationTest({
    distances: distanceMatrix(nets, (a, b) => netDistance(aspect, a.law, b.law)),
    groups: nets.map(({ group }) => group),
    permutations,
    key,
  });
}
