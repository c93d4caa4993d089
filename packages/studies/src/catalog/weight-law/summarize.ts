/** What the study comes to: tests of data sets within every architecture, of layers, and of architectures among each other. */
import { deriveKey, listParameters, mean, type RandomKey, rootKey } from '@kindling/core';
import { decodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import { hashSpec } from '../../spec/hash-spec.js';
import { type PermutationTest, permutationTest } from '../../statistics/permutation-test.js';
import { checkComplete, recordsByCell } from '../../store/records-by-cell.js';
import type { TrialRecord } from '../../study.js';
import {
  distanceMatrix,
  type LawAspect,
  lawAspects,
  layerDistance,
  netDistance,
  pooledDistance,
} from '../../weight-laws/law-distance.js';
import type { LayerLaw, NetLaw } from '../../weight-laws/layer-statistics.js';
import type { ZooArchitectureName } from '../../zoo/architectures.js';
import { architectureOf, weightLawCells } from './cells.js';
import type { WeightLawSpec } from './spec.js';
import type { WeightLawResult } from './trial.js';

/** Purpose of the tests' keys: "test" in ASCII; none of the tree's own. */
const testing = 0x74_65_73_74;

/** Whose law: of weights before training, after it, or of the difference. */
export type LawState = 'fresh' | 'trained' | 'update';

/** Tests of one aspect of an architecture's law. */
export interface AspectTests extends JsonObject {
  readonly aspect: LawAspect;
  /** Do tasks differ before the first step? They must not. */
  readonly fresh: PermutationTest;
  /** Do they after training? */
  readonly trained: PermutationTest;
  /** Do the updates, trained less fresh weights? */
  readonly update: PermutationTest;
  /** Mean distance of a trained net to a fresh one of another seed. */
  readonly fromFresh: number;
  /** Every two tasks alone, trained. */
  readonly pairs: readonly { readonly tasks: readonly [number, number]; readonly test: PermutationTest }[];
}

/** One weight matrix. */
export interface LayerSummary extends JsonObject {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** By task, means over the trained nets: ½ log(Var · fan-in/2), excess kurtosis. */
  readonly logScales: readonly number[];
  readonly kurtoses: readonly number[];
  /** By task: log of the updates' deviation over that of fresh weights, means over nets. */
  readonly logUpdates: readonly number[];
  /** Of the fresh nets of all tasks. */
  readonly freshLogScale: number;
  readonly freshKurtosis: number;
  /** Of the trained nets, by aspect in the order of `lawAspects`. */
  readonly tests: readonly PermutationTest[];
}

/** One architecture. */
export interface ArchitectureSummary extends JsonObject {
  readonly architecture: ZooArchitectureName;
  /** By task: nets that did not diverge, and the mean of their test accuracies; null where none is left. */
  readonly tasks: readonly { readonly nets: number; readonly testAccuracy: number | null }[];
  /** Null where some task has fewer than two nets left. */
  readonly tests: readonly AspectTests[] | null;
  readonly layers: readonly LayerSummary[];
  /** By task: means over trained nets of the quantiles of a whole net's standardized weights; null where none is left. */
  readonly quantiles: readonly (readonly number[] | null)[];
}

/** The whole of `summary.json`. */
export interface WeightLawSummary extends JsonObject {
  readonly study: 'weight-law';
  readonly spec: WeightLawSpec & JsonObject;
  readonly specHash: string;
  readonly kernels: string;
  readonly version: string;
  readonly diverged: number;
  readonly architectures: readonly ArchitectureSummary[];
  /** Do architectures differ, on the same task, in the marginal of the whole net? Null for a single one. */
  readonly between: Readonly<Record<LawState, PermutationTest>> | null;
  /** Means over all fresh nets of the quantiles of a whole net. */
  readonly freshQuantiles: readonly number[];
}

/** A net that did not diverge. */
interface Net {
  readonly architecture: number;
  readonly task: number;
  readonly fresh: NetLaw;
  readonly trained: NetLaw;
  readonly update: NetLaw;
  readonly testAccuracy: number;
}

/**
 * The summary of a finished study.
 *
 * @throws InvalidArgumentError when a trial of the plan has no record
 */
export function summarizeWeightLaw(spec: WeightLawSpec, records: readonly TrialRecord[]): WeightLawSummary {
  const cells = weightLawCells(spec);
  const groups = recordsByCell(records);
  checkComplete('weight-law', cells, groups);
  const nets = cells.flatMap(({ id, architecture, task }): readonly Net[] =>
    (groups.get(id) ?? []).flatMap(({ result }) => {
      const { fresh, trained, update, testAccuracy } = result as WeightLawResult;
      if (trained === null || update === null) return [];
      const place = {
        architecture: spec.architectures.indexOf(architecture),
        task: spec.tasks.indexOf(task),
      };
      return [{ ...place, fresh, trained, update, testAccuracy }];
    }),
  );
  const key = deriveKey(rootKey(spec.seed), testing);
  return {
    study: 'weight-law',
    spec: spec as WeightLawSpec & JsonObject,
    specHash: hashSpec(spec),
    kernels: records[0]?.kernels ?? '',
    version: records[0]?.version ?? '',
    diverged: records.length - nets.length,
    architectures: spec.architectures.map((name, index) => {
      const own = nets.filter(({ architecture }) => architecture === index);
      return summarizeArchitecture(spec, name, own, deriveKey(key, testing, index));
    }),
    between: betweenArchitectures(spec, nets, key),
    freshQuantiles: meanQuantiles(nets.map(({ fresh }) => fresh.pooled)) ?? [],
  };
}

function summarizeArchitecture(
  spec: WeightLawSpec,
  architecture: ZooArchitectureName,
  nets: readonly Net[],
  key: RandomKey,
): ArchitectureSummary {
  const byTask = spec.tasks.map((_, task) => nets.filter((net) => net.task === task));
  const testable = byTask.every(({ length }) => length >= 2);
  const test = (index: number, members: readonly Net[], distance: (a: Net, b: Net) => number) =>
    permutationTest({
      distances: distanceMatrix(members, distance),
      groups: members.map(({ task }) => task),
      permutations: spec.permutations,
      key: deriveKey(key, testing, index),
    });
  return {
    architecture,
    tasks: byTask.map((own) => ({
      nets: own.length,
      testAccuracy: own.length === 0 ? null : mean(own.map(({ testAccuracy }) => testAccuracy)),
    })),
    tests: testable
      ? lawAspects.map((aspect, index) =>
          aspectTests(spec, nets, aspect, (i, members, distance) =>
            test(1000 * index + i, members, distance),
          ),
        )
      : null,
    layers: testable
      ? layersOf(spec, architecture, byTask, (i, distance) => test(10_000 + i, nets, distance))
      : [],
    quantiles: byTask.map((own) => meanQuantiles(own.map(({ trained }) => trained.pooled))),
  };
}

function aspectTests(
  { tasks }: WeightLawSpec,
  nets: readonly Net[],
  aspect: LawAspect,
  test: (index: number, nets: readonly Net[], distance: (a: Net, b: Net) => number) => PermutationTest,
): AspectTests {
  const trained = (a: Net, b: Net) => netDistance(aspect, a.trained, b.trained);
  const apart = nets.flatMap((a, i) =>
    nets.flatMap((b, j) => (i === j ? [] : [netDistance(aspect, a.trained, b.fresh)])),
  );
  const pairs = tasks.flatMap((_, b) => tasks.slice(0, b).map((_, a): [number, number] => [a, b]));
  return {
    aspect,
    fresh: test(0, nets, (a, b) => netDistance(aspect, a.fresh, b.fresh)),
    trained: test(1, nets, trained),
    update: test(2, nets, (a, b) => netDistance(aspect, a.update, b.update)),
    fromFresh: mean(apart),
    pairs: pairs.map((two, index) => ({
      tasks: two,
      test: test(
        3 + index,
        nets.filter(({ task }) => two.includes(task)),
        trained,
      ),
    })),
  };
}

function layersOf(
  spec: WeightLawSpec,
  architecture: ZooArchitectureName,
  byTask: readonly (readonly Net[])[],
  test: (index: number, distance: (a: Net, b: Net) => number) => PermutationTest,
): readonly LayerSummary[] {
  const weights = listParameters(architectureOf(spec, architecture)).filter(({ kind }) => kind === 'weights');
  const all = byTask.flat();
  return weights.map(({ name, rows, columns }, layer) => {
    const at = ({ layers }: NetLaw) => layers[layer] as LayerLaw;
    const meanOf = (laws: readonly NetLaw[], field: 'logScale' | 'excessKurtosis') =>
      mean(laws.map((law) => decodeNumber(at(law)[field])));
    const fresh = all.map((net) => net.fresh);
    return {
      name,
      rows,
      columns,
      logScales: byTask.map((own) =>
        meanOf(
          own.map(({ trained }) => trained),
          'logScale',
        ),
      ),
      kurtoses: byTask.map((own) =>
        meanOf(
          own.map(({ trained }) => trained),
          'excessKurtosis',
        ),
      ),
      logUpdates: byTask.map(
        (own) =>
          meanOf(
            own.map(({ update }) => update),
            'logScale',
          ) -
          meanOf(
            own.map((net) => net.fresh),
            'logScale',
          ),
      ),
      freshLogScale: meanOf(fresh, 'logScale'),
      freshKurtosis: meanOf(fresh, 'excessKurtosis'),
      tests: lawAspects.map((aspect, index) =>
        test(layer * lawAspects.length + index, (a, b) =>
          layerDistance(aspect, at(a.trained), at(b.trained)),
        ),
      ),
    };
  });
}

function betweenArchitectures(
  { architectures, permutations }: WeightLawSpec,
  nets: readonly Net[],
  key: RandomKey,
): WeightLawSummary['between'] {
  const counts = architectures.map(
    (_, index) => nets.filter(({ architecture }) => architecture === index).length,
  );
  if (architectures.length < 2 || counts.some((count) => count < 2)) return null;
  const test = (index: number, law: (net: Net) => NetLaw) =>
    permutationTest({
      distances: distanceMatrix(nets, (a, b) => pooledDistance(law(a), law(b))),
      groups: nets.map(({ architecture }) => architecture),
      strata: nets.map(({ task }) => task),
      permutations,
      key: deriveKey(key, testing, 20_000 + index),
    });
  return {
    fresh: test(0, ({ fresh }) => fresh),
    trained: test(1, ({ trained }) => trained),
    update: test(2, ({ update }) => update),
  };
}

function meanQuantiles(laws: readonly (readonly number[])[]): readonly number[] | null {
  const [first] = laws;
  return first === undefined ? null : first.map((_, i) => mean(laws.map((law) => law[i] ?? Number.NaN)));
}
