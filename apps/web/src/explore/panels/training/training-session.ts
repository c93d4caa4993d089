/**
 * The trainings of a question, one a configuration, side by side: each in a worker of its own, held and stopped together. What
 * a training showed is kept by what decides it, so that it stands there again, and beside a fixed configuration.
 */
import type { ExploreSpec, ExploreTrainingResult, TrialKey } from '@kindling/studies';
import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { ExploreState } from '../../explore-state.js';
import type { ExploreJobs } from '../../jobs/explore-jobs.js';
import { numbersKey } from '../../jobs/findings.js';
import type { JobWorker } from '../../jobs/job-worker.js';
import { createKeeper } from '../../jobs/keeper.js';
import {
  createTrainingRun,
  type EpochSeen,
  type TrainingPhase,
  type TrainingRun,
  trainingResult,
} from '../../jobs/training-run.js';

/** One configuration's training as it is shown. */
export interface TrainingSeen {
  /** Of the configuration in the question. */
  readonly index: number;
  readonly phase: TrainingPhase;
  /** Epoch 0 is before the first step. */
  readonly epochs: readonly EpochSeen[];
  /** Once it has ended by itself. */
  readonly result: ExploreTrainingResult | null;
  readonly failure: string | null;
}

/** What can be done to the trainings, and how they stand. */
export interface TrainingSession {
  /** In the order of the question; empty where none is asked for. */
  readonly trainings: ReadonlySignal<readonly TrainingSeen[]>;
  /** The configuration as it was before the last fix, if it was trained then. */
  readonly before: ReadonlySignal<TrainingSeen | null>;
  /** `running` while any is, `held` when the rest waits, else `idle`. */
  readonly phase: ReadonlySignal<'idle' | 'running' | 'held'>;
  run(): void;
  step(): void;
  hold(): void;
  stop(): void;
  reset(): void;
}

interface Planned {
  readonly spec: ExploreSpec;
  readonly keys: readonly TrialKey[];
}

/** A session with nothing begun; it follows the question. */
export function createTrainingSession(state: ExploreState, jobs: ExploreJobs): TrainingSession {
  const seen = createKeeper<TrainingSeen>();
  const workers: JobWorker[] = [];
  const runs = signal<readonly TrainingRun[]>([]);
  const failure = signal<string | null>(null);
  const planned = computed((): Planned | null => {
    const spec = state.spec.value;
    if (spec === null || spec.training === null) return null;
    const cells = jobs.cells.value?.filter(({ part }) => part === 'training') ?? [];
    if (cells.length !== spec.configurations.length) return null;
    const ordered = [...cells].sort((a, b) => a.index - b.index);
    return { spec, keys: ordered.map(({ id }) => ({ cell: id, trial: 0 })) };
  });
  const keys = computed(() => {
    const spec = state.spec.value;
    return spec === null ? [] : spec.configurations.map((_, index) => trainingKey(spec, index));
  });

  // Another question has other trainings: those under way are nobody's any more.
  effect(() => {
    keys.value;
    untracked(() => {
      for (const run of runs.peek()) run.stop();
      runs.value = [];
      failure.value = null;
    });
  });

  const live = computed(() =>
    runs.value.map(
      (run, index): TrainingSeen => ({
        index,
        phase: run.phase.value,
        epochs: run.epochs.value,
        result: run.record.value === null ? null : trainingResult(run.record.value),
        failure: run.failure.value,
      }),
    ),
  );
  effect(() => {
    const current = live.value;
    untracked(() => {
      for (const each of current) {
        const key = keys.peek()[each.index];
        if (key !== undefined && each.epochs.length > 0) seen.keep(key, each);
      }
    });
  });

  /** Makes the runs, once; the images must be there first. */
  async function open(): Promise<readonly TrainingRun[]> {
    const current = planned.peek();
    if (current === null) return [];
    if (runs.peek().length > 0) return runs.peek();
    const dataset =
      current.spec.data.kind === 'function' ? null : await state.datasets.load(state.question.peek());
    if (planned.peek() !== current) return [];
    if (runs.peek().length > 0) return runs.peek();
    runs.value = current.keys.map((key, index) => {
      const worker = workers[index] ?? jobs.openWorker();
      workers[index] = worker;
      return createTrainingRun(worker, { spec: current.spec, key, dataset });
    });
    return runs.peek();
  }

  /** @param chosen asked of all before anything is done: the first one to start must not keep the others from it */
  function act(chosen: (run: TrainingRun) => boolean, action: (run: TrainingRun) => void): void {
    failure.value = null;
    open().then(
      (opened) => opened.filter(chosen).forEach(action),
      (error: unknown) => {
        failure.value = error instanceof Error ? error.message : String(error);
      },
    );
  }

  const underWay = ({ phase }: TrainingRun) => phase.peek() === 'running' || phase.peek() === 'held';
  /** What has ended stays as it is; from the beginning all take part. */
  const goesOn = (run: TrainingRun) => underWay(run) || !runs.peek().some(underWay);

  return {
    trainings: computed(() => {
      const spec = state.spec.value;
      if (spec === null || spec.training === null) return [];
      return spec.configurations.map((_, index): TrainingSeen => {
        const own = live.value[index];
        if (own !== undefined && (own.epochs.length > 0 || own.phase !== 'idle')) return own;
        const kept = seen.get(keys.value[index] ?? '');
        const nothing = { index, phase: 'idle', epochs: [], result: null, failure: failure.value } as const;
        return kept === null
          ? nothing
          : { ...kept, index, phase: kept.phase === 'ended' ? 'ended' : 'stopped' };
      });
    }),
    before: computed(() => {
      const before = state.before.value;
      const spec = state.spec.value;
      if (before === null || spec === null) return null;
      const configurations = spec.configurations.map((each, index) =>
        index === before.index ? before.configuration : each,
      );
      const kept = seen.get(trainingKey({ ...spec, configurations }, before.index));
      return kept === null ? null : { ...kept, index: before.index };
    }),
    phase: computed(() => {
      const phases = live.value.map(({ phase }) => phase);
      if (phases.includes('running')) return 'running';
      return phases.includes('held') ? 'held' : 'idle';
    }),
    run: () => act(goesOn, (run) => run.run()),
    step: () => act(goesOn, (run) => run.step()),
    hold: () => act(underWay, (run) => run.hold()),
    stop: () => {
      for (const run of runs.peek()) run.stop();
    },
    reset: () => {
      for (const run of runs.peek()) run.reset();
      for (const key of keys.peek()) seen.drop(key);
    },
  };
}

/** All that decides a training's numbers. */
function trainingKey(spec: ExploreSpec, index: number): string {
  return `${JSON.stringify(spec.training)} ${numbersKey(spec, index)}`;
}
