/**
 * The whole study of the question, run on the page: every trial that the command runs, with progress and an end at any
 * time.
 */
import { type ExploreQuestion, exploreQuery } from '@kindling/studies';
import { batch, computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { ResultFile } from '../../../study/run/result-files.js';
import type { RunProgress } from '../../../study/run/time-left.js';
import type { ExploreState } from '../../explore-state.js';
import type { StartedStudy, StartWholeStudy } from './start-whole-study.js';

/** Where a run is. `loading` waits for the images. */
export type WholePhase = 'idle' | 'loading' | 'running' | 'stopped' | 'failed' | 'done';

/** The run of the question there is now; another question has another run. */
export interface WholeRun {
  readonly phase: ReadonlySignal<WholePhase>;
  readonly busy: ReadonlySignal<boolean>;
  readonly progress: ReadonlySignal<RunProgress | null>;
  /** Those of a finished run. */
  readonly files: ReadonlySignal<readonly ResultFile[]>;
  /** Why it failed, in words. */
  readonly failure: ReadonlySignal<string | null>;
  /** Starts from the beginning. Does nothing while busy. Resolves when the run has ended, however; never rejects. */
  start(): Promise<void>;
  /** Ends it at once; nothing of it is kept. */
  stop(): void;
}

/** What a run needs. */
export interface WholeRunOptions {
  readonly state: Pick<ExploreState, 'question' | 'spec' | 'datasets'>;
  readonly begin: StartWholeStudy;
  /** The command of the report. */
  readonly command: (question: ExploreQuestion) => string;
  /** Workers for the trials, 1 or more. */
  readonly workers: number;
}

/** No run yet. */
export function createWholeRun({ state, begin, command, workers }: WholeRunOptions): WholeRun {
  const phase = signal<WholePhase>('idle');
  const progress = signal<RunProgress | null>(null);
  const files = signal<readonly ResultFile[]>([]);
  const failure = signal<string | null>(null);
  const busy = computed(() => phase.value === 'loading' || phase.value === 'running');
  /** Counts runs, so that what comes of an earlier one is passed over. */
  let attempt = 0;
  let started: StartedStudy | null = null;

  function end(): void {
    attempt += 1;
    started?.end();
    started = null;
  }

  function clear(to: WholePhase): void {
    batch(() => {
      phase.value = to;
      progress.value = null;
      files.value = [];
      failure.value = null;
    });
  }

  const query = computed(() => exploreQuery(state.question.value));
  effect(() => {
    query.value;
    untracked(() => {
      end();
      clear('idle');
    });
  });

  async function start(): Promise<void> {
    const spec = state.spec.peek();
    if (busy.peek() || spec === null) return;
    end();
    const mine = attempt;
    const question = state.question.peek();
    clear('loading');
    try {
      const dataset = spec.data.kind === 'function' ? null : await state.datasets.load(question);
      if (mine !== attempt) return;
      phase.value = 'running';
      started = begin({ spec, dataset, workers, command: command(question) }, (told) => {
        if (mine === attempt) progress.value = told;
      });
      const made = await started.files;
      if (mine !== attempt) return;
      batch(() => {
        files.value = made;
        phase.value = 'done';
      });
    } catch (error) {
      if (mine !== attempt) return;
      end();
      batch(() => {
        failure.value = error instanceof Error ? error.message : String(error);
        phase.value = 'failed';
      });
    }
  }

  return {
    phase,
    busy,
    progress,
    files,
    failure,
    start,
    stop() {
      if (!busy.peek()) return;
      end();
      clear('stopped');
    },
  };
}
