/**
 * The trainings of a question, one a configuration, side by side: each in a worker of its own, held and stopped together. What
 * a training showed is kept by what decides it, so that it stands there again, and beside a fixed configuration.
 */
import type { ExploreSpec, ExploreTrainingResult, TrialKey } from '@kindling/studies';
import { batch, computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
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
  /** Something was asked for and waits for its plan and its images. */
  const opening = signal(false);
  let asked = 0;
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

  const decided = computed(() => keys.value.join('\n'));

  // Another question has other trainings: those under way are nobody's any more. One that asks for other nets to be
  // measured has the same.
  effect(() => {
    decided.value;
    untracked(() => {
      abandon();
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

  /** What was asked for and has not begun, if it is still wanted then. */
  function abandon(): void {
    asked += 1;
    opening.value = false;
  }

  /** The question's trainings once they are planned, which takes a moment after every change. */
  function whenPlanned(): Promise<Planned> {
    return new Promise((resolve) => {
      const end = effect(() => {
        const found = planned.value;
        if (found === null) return;
        queueMicrotask(() => end());
        resolve(found);
      });
    });
  }

  /** Makes the runs; the images must be there first. @returns null when they are not wanted any more */
  async function open(mine: number): Promise<readonly TrainingRun[] | null> {
    const { spec, keys } = await whenPlanned();
    if (mine !== asked) return null;
    const dataset = spec.data.kind === 'function' ? null : await state.datasets.load(state.question.peek());
    if (mine !== asked) return null;
    return keys.map((key, index) => {
      const worker = workers[index] ?? jobs.openWorker();
      workers[index] = worker;
      return createTrainingRun(worker, { spec, key, dataset });
    });
  }

  function begin(action: (run: TrainingRun) => void): void {
    abandon();
    const mine = asked;
    failure.value = null;
    opening.value = true;
    open(mine).then(
      (opened) => {
        if (opened === null || mine !== asked) return;
        batch(() => {
          opening.value = false;
          runs.value = opened;
          opened.forEach(action);
        });
      },
      (error: unknown) => {
        if (mine !== asked) return;
        opening.value = false;
        failure.value = error instanceof Error ? error.message : String(error);
      },
    );
  }

  const underWay = ({ phase }: TrainingRun) => phase.peek() === 'running' || phase.peek() === 'held';

  /** What has ended stays as it is while another goes on; from the beginning all take part. */
  function act(action: (run: TrainingRun) => void): void {
    const all = runs.peek();
    if (all.length === 0) {
      begin(action);
      return;
    }
    const going = all.filter(underWay);
    batch(() => (going.length > 0 ? going : all).forEach(action));
  }

  return {
    trainings: computed(() => {
      const spec = state.spec.value;
      if (spec === null || spec.training === null) return [];
      return spec.configurations.map((_, index): TrainingSeen => {
        const own = live.value[index];
        if (own !== undefined && (own.epochs.length > 0 || own.phase !== 'idle')) return own;
        const kept = opening.value ? null : seen.get(keys.value[index] ?? '');
        const phase = opening.value ? 'running' : 'idle';
        const nothing = { index, phase, epochs: [], result: null, failure: failure.value } as const;
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
      if (opening.value || phases.includes('running')) return 'running';
      return phases.includes('held') ? 'held' : 'idle';
    }),
    run: () => act((run) => run.run()),
    step: () => act((run) => run.step()),
    hold: () => {
      abandon();
      for (const run of runs.peek().filter(underWay)) run.hold();
    },
    stop: () => {
      abandon();
      for (const run of runs.peek()) run.stop();
    },
    reset: () => {
      abandon();
      failure.value = null;
      for (const run of runs.peek()) run.reset();
      for (const key of keys.peek()) seen.drop(key);
    },
  };
}

/** All that decides a training's numbers; how many there are does not. */
function trainingKey(spec: ExploreSpec, index: number): string {
  return `${JSON.stringify(spec.training && { ...spec.training, runs: 1 })} ${numbersKey(spec, index)}`;
}
