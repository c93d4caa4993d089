/**
 * One study at a time, as the page sees it: starting, stopping, going on after a stop, and what is known meanwhile, as
 * signals. Records arrive hundreds a second; what the views see changes about four times a second.
 */

import {
  datasetIdentity,
  type Figure1Summary,
  figure1,
  figure1Spec,
  hashSpec,
  InterruptedError,
  memoryStore,
  type RecordStore,
  runStudy,
  type SpawnWorker,
  type StudyProgress,
  summarizePartial,
  type TrialRecord,
  trialName,
} from '@kindling/studies';
import type { Dataset } from '@kindling/trainer';
import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Settings } from '../settings/read-settings.js';
import { type ResultFile, resultFiles } from './result-files.js';
import { throttle } from './throttle.js';
import { type RunProgress, readProgress } from './time-left.js';
import { type BoardLine, createTrialBoard } from './trial-board.js';

/** Where a run is. `idle` is before the first one. */
export type RunPhase = 'idle' | 'loading' | 'running' | 'stopped' | 'failed' | 'done';

/** What a finished run leaves. */
export interface RunResult {
  readonly settings: Settings;
  readonly specHash: string;
  readonly summary: Figure1Summary;
  readonly files: readonly ResultFile[];
}

/** The page's run. */
export interface StudyRun {
  readonly phase: ReadonlySignal<RunPhase>;
  /** True from `start` until the run has ended, however it ends. */
  readonly busy: ReadonlySignal<boolean>;
  readonly progress: ReadonlySignal<RunProgress | null>;
  /** What the records so far come to; null before the first. */
  readonly summary: ReadonlySignal<Figure1Summary | null>;
  readonly running: ReadonlySignal<readonly BoardLine[]>;
  readonly result: ReadonlySignal<RunResult | null>;
  /** Why the run failed, in words. */
  readonly failure: ReadonlySignal<string | null>;
  /** True when a run of exactly these settings was stopped and can go on. */
  canResume(settings: Settings): boolean;
  /** Starts, or goes on. Does nothing while busy. Resolves when the run has ended; never rejects. */
  start(settings: Settings): Promise<void>;
  /** Stops at once; what was finished is kept. */
  stop(): void;
}

/** What a run needs of the page. */
export interface StudyRunOptions {
  readonly spawn: SpawnWorker;
  readonly loadDataset: () => Promise<Dataset>;
  /** A clock in milliseconds. Default: the page's. */
  readonly now?: () => number;
}

/** Milliseconds between two looks at what has come in. */
const redrawInterval = 250;

interface Attempt {
  readonly settings: Settings;
  readonly store: RecordStore;
}

/** The page's run, idle. */
export function createStudyRun({
  spawn,
  loadDataset,
  now = () => performance.now(),
}: StudyRunOptions): StudyRun {
  const phase = signal<RunPhase>('idle');
  const progress = signal<RunProgress | null>(null);
  const summary = signal<Figure1Summary | null>(null);
  const running = signal<readonly BoardLine[]>([]);
  const result = signal<RunResult | null>(null);
  const failure = signal<string | null>(null);
  const busy = computed(() => phase.value === 'loading' || phase.value === 'running');
  let stopped: Attempt | null = null;
  let abort = new AbortController();

  function canResume(settings: Settings): boolean {
    return stopped !== null && studyText(stopped.settings) === studyText(settings);
  }

  async function start(settings: Settings): Promise<void> {
    if (busy.peek()) return;
    const resumed = stopped !== null && canResume(settings) ? { ...stopped, settings } : null;
    const attempt = resumed ?? { settings, store: memoryStore() };
    // A resumed run begins with the points it had; a new one with an empty sheet.
    if (resumed === null) summary.value = null;
    progress.value = null;
    stopped = null;
    abort = new AbortController();
    failure.value = null;
    result.value = null;
    running.value = [];
    phase.value = 'loading';
    try {
      const outcome = await perform(attempt);
      batch(() => {
        result.value = outcome;
        summary.value = outcome.summary;
        phase.value = 'done';
      });
    } catch (error) {
      if (error instanceof InterruptedError) {
        stopped = attempt;
        phase.value = 'stopped';
      } else {
        failure.value = error instanceof Error ? error.message : String(error);
        phase.value = 'failed';
      }
    } finally {
      running.value = [];
    }
  }

  async function perform({ settings, store }: Attempt): Promise<RunResult> {
    const { signal: stopSignal } = abort;
    const dataset = settings.runs > 0 ? await Promise.race([loadDataset(), interruption(stopSignal)]) : null;
    const { seed, initializers, depths, trials, runs, maxEpochs } = settings;
    const data = dataset === null ? null : datasetIdentity(dataset);
    const spec = figure1Spec({ seed, initializers, depths, trials, runs, maxEpochs, data });
    const costs = new Map(figure1.cells(spec).map((cell) => [cell.id, cell.cost]));
    const began = now();
    const records: TrialRecord[] = [];
    const board = createTrialBoard(settings.workers);
    let told: StudyProgress | null = null;

    const view = throttle(
      () => {
        if (told !== null) {
          let costUnderWay = 0;
          for (const { cell, fraction, ended } of board.lines()) {
            if (!ended) costUnderWay += Math.min(1, fraction) * (costs.get(cell) ?? 0);
          }
          progress.value = readProgress(told, costUnderWay, (now() - began) / 1000);
        }
        running.value = board.lines();
        if (records.length > 0) summary.value = summarizePartial(spec, records);
      },
      { interval: redrawInterval, now },
    );

    phase.value = 'running';
    try {
      const final = await runStudy({
        study: figure1,
        spec,
        store,
        spawn,
        workers: settings.workers,
        dataset,
        signal: stopSignal,
        onRecords: (written) => {
          for (const record of written) {
            records.push(record);
            board.end(trialName(record));
          }
          view.touch();
        },
        onProgress: (news) => {
          told = news;
          view.touch();
        },
        onTrialProgress: (news) => {
          board.advance(news);
          view.touch();
        },
      });
      return {
        settings,
        specHash: hashSpec(spec),
        summary: final,
        files: resultFiles({
          ...{ study: figure1, spec, records, summary: final },
          summaryTitle: 'every point of both figures',
        }),
      };
    } finally {
      view.flush();
    }
  }

  return {
    phase,
    busy,
    progress,
    summary,
    running,
    result,
    failure,
    canResume,
    start,
    stop: () => abort.abort(),
  };
}

/** Rejects when the signal is aborted, and never resolves. */
function interruption(stopSignal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const refuse = () => reject(new InterruptedError('the run was stopped before the images had arrived'));
    if (stopSignal.aborted) refuse();
    else stopSignal.addEventListener('abort', refuse, { once: true });
  });
}

/** All of the settings that decide what comes out. */
function studyText({ seed, depths, initializers, trials, runs, maxEpochs }: Settings): string {
  return JSON.stringify([seed, depths, initializers, trials, runs, maxEpochs]);
}

/** How much a run would do: trials by part. */
export interface Workload {
  readonly nets: number;
  readonly trainings: number;
}

/** Counts the trials of the settings. */
export function workloadOf({ depths, initializers, trials, runs }: Settings): Workload {
  const points = depths.length * initializers.length;
  return { nets: points * trials, trainings: points * runs };
}
