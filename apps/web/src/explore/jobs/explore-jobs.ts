/**
 * The workers of the page and what they have found out so far, as signals: theory and verdict of every configuration, and
 * nets whose lengths are measured. What was known before is there at once; what nobody asks for any more is abandoned.
 */

import { needsData } from '@kindling/initializers';
import {
  type ExplorePart,
  type ExploreSpec,
  type ExploreTheory,
  exploreInitializer,
  mostExploreBytes,
  type SpawnWorker,
} from '@kindling/studies';
import type { Dataset } from '@kindling/trainer';
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { ExploreState } from '../explore-state.js';
import type { PlannedCell } from './explore-server.js';
import { findTheory } from './find-theory.js';
import { type Findings, type LengthsSoFar, numbersKey, theoryKey, type VerdictFound } from './findings.js';
import { type JobWorker, openJobWorker } from './job-worker.js';
import { judge } from './judge.js';
import { createKeeper } from './keeper.js';
import { measureLengths, type Summarize, secondsToMeasure } from './measure-lengths.js';
import { openTrialPool, type TrialPool } from './trial-pool.js';
import { watch } from './watch.js';

/** The jobs of the page. */
export interface ExploreJobs {
  /** The cells of the spec; null while they are planned, or cannot be. */
  readonly cells: ReadonlySignal<readonly PlannedCell[] | null>;
  /** What is known of every configuration of the question, in its order. */
  readonly findings: ReadonlySignal<readonly Findings[]>;
  /** Seconds that measuring lengths would take, when that is so long that it waits to be asked for; else null. */
  readonly waiting: ReadonlySignal<number | null>;
  /** Measures although it takes long. */
  measure(): void;
  /** Workers for what panels ask for themselves, such as maps of neurons. */
  readonly pool: TrialPool;
  /** A worker of a panel's own, started at its first call. */
  openWorker(): JobWorker;
}

/** What the jobs are given. */
export interface ExploreJobsOptions {
  readonly state: ExploreState;
  readonly spawn: SpawnWorker;
  /** Workers that measure at a time, 1 or more. */
  readonly workers: number;
}

/** Seconds of measuring that nobody is asked about. */
const unasked = 12;

/** Starts finding out, now and whenever the question changes. */
export function createExploreJobs({ state, spawn, workers }: ExploreJobsOptions): ExploreJobs {
  const theories = createKeeper<ExploreTheory>();
  const lengths = createKeeper<LengthsSoFar>();
  const verdicts = createKeeper<VerdictFound>();
  const [theorist, referee] = [openJobWorker(spawn), openJobWorker(spawn)];
  const pool = openTrialPool(Array.from({ length: workers }, () => openJobWorker(spawn)));
  const { spec } = state;
  /** The spec that is measured however long it takes. */
  const insisted = signal<ExploreSpec | null>(null);
  const plan = signal<{ readonly spec: ExploreSpec; readonly cells: readonly PlannedCell[] } | null>(null);
  const planned = computed(() => (plan.value !== null && plan.value.spec === spec.value ? plan.value : null));
  const seconds = computed(() =>
    planned.value === null ? 0 : secondsToMeasure(planned.value.cells, workers),
  );
  const waiting = computed(() =>
    seconds.value > unasked && insisted.value !== spec.value ? seconds.value : null,
  );

  /** The selected configuration first: it is what the visitor looks at. */
  function order({ configurations }: ExploreSpec): readonly number[] {
    const first = state.selected.peek();
    return [first, ...configurations.keys()].filter((index, i, all) => all.indexOf(index) === i);
  }

  /** The images, where a configuration's initializer looks at them; undefined where none does. */
  async function lookedAt({ configurations, data }: ExploreSpec): Promise<Dataset | null | undefined> {
    if (data.kind === 'function') return undefined;
    if (!configurations.some((each) => needsData(exploreInitializer(each)))) return undefined;
    return await state.datasets.load(state.question.peek());
  }

  const failed = (error: unknown) => state.report(messageOf(error));
  watch(
    spec,
    async (current, stop) => {
      if (current === null) return;
      await findTheory({ spec: current, order: order(current), worker: theorist, keeper: theories, stop });
      const cells = await theorist.call((server) => server.plan(current), stop);
      if (!state.leaveOut(partsTooLarge(cells))) plan.value = { spec: current, cells };
    },
    failed,
  );
  watch(
    planned,
    async (current, stop) => {
      if (current === null) return;
      const dataset = await lookedAt(current.spec);
      const shared = { ...current, order: order(current.spec), dataset, stop };
      await judge({ ...shared, worker: referee, keeper: verdicts });
    },
    failed,
  );
  watch(
    computed(() => (waiting.value === null ? planned.value : null)),
    async (current, stop) => {
      if (current === null) return;
      const dataset = await lookedAt(current.spec);
      const shared = { ...current, order: order(current.spec), dataset, stop };
      const summarize: Summarize = (results) => theorist.call((server) => server.summarize(results), stop);
      await measureLengths({ ...shared, pool, summarize, keeper: lengths });
    },
    failed,
  );

  return {
    cells: computed(() => planned.value?.cells ?? null),
    findings: computed(() => {
      const current = spec.value;
      return (current?.configurations ?? []).map((_, index) => ({
        theory: current === null ? null : theories.get(theoryKey(current, index)),
        lengths: current === null ? null : lengths.get(numbersKey(current, index)),
        verdict: current === null ? null : verdicts.get(numbersKey(current, index)),
      }));
    }),
    waiting,
    measure() {
      insisted.value = spec.peek();
    },
    pool,
    openWorker: () => openJobWorker(spawn),
  };
}

/** Parts of which some trial takes more memory than there is. */
function partsTooLarge(cells: readonly PlannedCell[]): readonly ExplorePart[] {
  const large = cells.filter(({ bytes }) => bytes > mostExploreBytes).map(({ part }) => part);
  return [...new Set(large)];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
