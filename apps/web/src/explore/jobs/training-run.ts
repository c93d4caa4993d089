/**
 * One training as the page sees it: it goes on, is held after the epoch under way, makes one epoch more, or is ended within
 * a few milliseconds, in a worker of its own. What it records is the record of the study's trial.
 */
import type {
  ExploreLayersAt,
  ExploreSpec,
  ExploreTrainingResult,
  TrialKey,
  TrialProgress,
  TrialRecord,
} from '@kindling/studies';
import type { Dataset } from '@kindling/trainer';
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import { proxy } from 'comlink';
import type { Pace } from './explore-server.js';
import type { JobWorker } from './job-worker.js';
import { unsent } from './trial-pool.js';

/** An epoch that was told of; 0 is before the first step. */
export interface EpochSeen {
  readonly epoch: number;
  /** NaN before the first epoch of images. */
  readonly loss: number;
  /** Null of functions. */
  readonly testAccuracy: number | null;
  readonly deadNeurons: number;
  /** Lengths and gradients of every hidden layer; kept of the newest epoch only, as they are many. */
  readonly layers: ExploreLayersAt['layers'];
}

/** Where a training is. `held` is between two epochs; `ended` by itself, `stopped` by the visitor. */
export type TrainingPhase = 'idle' | 'running' | 'held' | 'ended' | 'stopped' | 'failed';

/** What to train. */
export interface TrainingWanted {
  readonly spec: ExploreSpec;
  /** Of a cell `training/…` of the spec. */
  readonly key: TrialKey;
  /** The images, where the spec names some; null for a function. */
  readonly dataset: Dataset | null;
}

/** One training. */
export interface TrainingRun {
  readonly phase: ReadonlySignal<TrainingPhase>;
  readonly epochs: ReadonlySignal<readonly EpochSeen[]>;
  /** The whole record, once it has ended. */
  readonly record: ReadonlySignal<TrialRecord | null>;
  /** Why it failed, in words. */
  readonly failure: ReadonlySignal<string | null>;
  /** Starts, or goes on after `hold`. */
  run(): void;
  /** One epoch more; from the beginning that is what is known before the first step. */
  step(): void;
  /** Waits after the epoch under way. */
  hold(): void;
  /** Ends it now and forgets what it was: `run` starts anew. */
  reset(): void;
  /** Ends it now; what was seen stays. */
  stop(): void;
}

/** Milliseconds between two looks at a training: epochs of a small net come faster than they can be drawn. */
const interval = 60;

/** A training that has not begun. */
export function createTrainingRun(worker: JobWorker, wanted: TrainingWanted): TrainingRun {
  const phase = signal<TrainingPhase>('idle');
  const epochs = signal<readonly EpochSeen[]>([]);
  const record = signal<TrialRecord | null>(null);
  const failure = signal<string | null>(null);
  let attempt = 0;
  let pace: Pace = 'run';
  /** All epochs so far; `epochs` shows them a few times a second, however fast they come. */
  let told: EpochSeen[] = [];
  let waiting: ReturnType<typeof setTimeout> | null = null;

  function show(): void {
    if (waiting !== null) clearTimeout(waiting);
    waiting = null;
    epochs.value = [...told];
  }

  function forget(): void {
    told = [];
    show();
  }

  function under(): boolean {
    return phase.peek() === 'running' || phase.peek() === 'held';
  }

  async function start(): Promise<void> {
    attempt += 1;
    const mine = attempt;
    const { spec, key, dataset } = wanted;
    batch(() => {
      phase.value = 'running';
      forget();
      record.value = null;
      failure.value = null;
    });
    const onEpoch = (progress: TrialProgress) => {
      if (mine !== attempt) return;
      const before = told.at(-1);
      if (before !== undefined) told[told.length - 1] = { ...before, layers: [] };
      told.push(epochSeen(progress));
      if (pace === 'run') {
        waiting ??= setTimeout(show, interval);
        return;
      }
      batch(() => {
        show();
        phase.value = 'held';
      });
    };
    try {
      const listener = proxy(onEpoch);
      const found = await worker.call((server, sent) =>
        server.train({ spec, keys: [key], ...unsent(dataset, sent) }, pace, listener),
      );
      if (mine !== attempt) return;
      batch(() => {
        show();
        record.value = found;
        phase.value = 'ended';
      });
    } catch (error) {
      if (mine !== attempt) return;
      batch(() => {
        show();
        failure.value = error instanceof Error ? error.message : String(error);
        phase.value = 'failed';
      });
    }
  }

  function go(next: Pace): void {
    pace = next;
    if (!under()) {
      if (next !== 'hold') void start();
      return;
    }
    if (next !== 'hold') phase.value = 'running';
    // The gate opens for it when the epoch under way is over. Between two epochs it is held at once, and no epoch tells it.
    const mine = attempt;
    void worker.tell(async (server) => {
      const held = await server.setPace(next);
      if (held && mine === attempt && pace === next && under()) {
        batch(() => {
          show();
          phase.value = 'held';
        });
      }
    });
  }

  function end(to: TrainingPhase): void {
    attempt += 1;
    if (under()) worker.end();
    batch(() => {
      show();
      phase.value = to;
    });
  }

  return {
    phase,
    epochs,
    record,
    failure,
    run: () => go('run'),
    step: () => go('step'),
    hold: () => go('hold'),
    stop: () => {
      if (under()) end('stopped');
    },
    reset: () =>
      batch(() => {
        end('idle');
        forget();
        record.value = null;
        failure.value = null;
      }),
  };
}

/** What the training itself recorded. */
export function trainingResult(record: TrialRecord): ExploreTrainingResult {
  return record.result as ExploreTrainingResult;
}

function epochSeen({ values, detail }: TrialProgress): EpochSeen {
  const { epoch = 0, meanLoss = Number.NaN, testAccuracy = null, deadNeurons = 0 } = values;
  const { layers = [] } = (detail ?? {}) as Partial<ExploreLayersAt>;
  return { epoch, loss: meanLoss, testAccuracy, deadNeurons, layers };
}
