/**
 * The worker's side of the explorable: closed forms of a configuration, and trials of the study `explore`, which come out
 * as the very records that the command line keeps. Answers are data, failures too, because comlink would drop most of a
 * thrown error. A worker that must stop is ended from outside; between two epochs a training can be held.
 */
import { createEngine, type ErrorData, InvalidArgumentError, toErrorData } from '@kindling/core';
import {
  type ExploreCell,
  type ExploreLengthsResult,
  type ExploreLengthsSummary,
  type ExploreSpec,
  type ExploreTheory,
  exploreCells,
  exploreEnds,
  exploreTheory,
  exploreTrials,
  openTrials,
  summarizeExploreLengths,
  type TrialKey,
  type TrialProgress,
  type TrialRecord,
} from '@kindling/studies';
import type { Dataset } from '@kindling/trainer';
import { type Endpoint, expose } from 'comlink';

type RunTrial = (key: TrialKey) => Promise<TrialRecord>;

/** A worker's answer: what was asked for, or the error as data. */
export type Reply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ErrorData };

/** How a training goes on: to its end, or one epoch more. `hold` waits after the epoch under way. */
export type Pace = 'run' | 'step' | 'hold';

/** What trials need. */
export interface TrialsRequest {
  readonly spec: ExploreSpec;
  /** The data the spec names, or null; the bytes are kept, so that later requests may leave them out. */
  readonly dataset?: Dataset | null;
  readonly keys: readonly TrialKey[];
}

/** A cell of the study, without the network it is about. */
export type PlannedCell = Pick<ExploreCell, 'id' | 'part' | 'index' | 'trials' | 'cost' | 'bytes'>;

/** What the page may call. */
export interface ExploreServer {
  /** What theory says of one configuration of the spec. */
  theory(spec: ExploreSpec, configuration: number): Promise<Reply<ExploreTheory>>;
  /** Every cell of the spec, with what it costs; throws what cannot be. */
  plan(spec: ExploreSpec): Promise<Reply<readonly PlannedCell[]>>;
  /** What nets come to so far. */
  summarize(results: readonly ExploreLengthsResult[]): Promise<Reply<ExploreLengthsSummary>>;
  /** Runs trials in order. */
  trials(request: TrialsRequest): Promise<Reply<readonly TrialRecord[]>>;
  /** Runs one training at `pace`, and tells of every epoch. */
  train(
    request: TrialsRequest,
    pace: Pace,
    onEpoch: (progress: TrialProgress) => unknown,
  ): Promise<Reply<TrialRecord>>;
  /** Changes the pace of the training under way. @returns whether it is held now; else it will be after the epoch under way */
  setPace(pace: Pace): boolean;
}

/** Serves the explorable to whoever holds the other end of `endpoint`. It must be called: an import alone is dropped. */
export function serveExplore(endpoint: Endpoint): void {
  const engine = createEngine();
  let dataset: Dataset | null = null;
  const gate = openGate();

  let onProgress: ((progress: TrialProgress) => unknown) | null = null;
  let opened: { readonly text: string; readonly dataset: Dataset | null; readonly run: RunTrial } | null =
    null;

  /** Runs trials of the request. A spec is read once for all its portions. */
  function open(request: TrialsRequest): RunTrial {
    if (request.dataset !== undefined) dataset = request.dataset;
    const text = JSON.stringify(request.spec);
    if (opened === null || opened.text !== text || opened.dataset !== dataset) {
      const context = { engine, dataset, onProgress: (progress: TrialProgress) => onProgress?.(progress) };
      opened = { text, dataset, run: openTrials(exploreTrials, request.spec, context) };
    }
    return opened.run;
  }

  const server: ExploreServer = {
    theory: (spec, index) =>
      answer(async () => {
        const configuration = spec.configurations[index];
        if (configuration === undefined) {
          throw new InvalidArgumentError(
            `theory: no configuration ${index} of ${spec.configurations.length}`,
          );
        }
        return exploreTheory(configuration, exploreEnds(spec.data));
      }),
    plan: (spec) =>
      answer(async () =>
        exploreCells(spec).map(({ id, part, index, trials, cost, bytes }) => {
          return { id, part, index, trials, cost, bytes };
        }),
      ),
    summarize: (results) => answer(async () => summarizeExploreLengths(results)),
    trials: (request) =>
      answer(async () => {
        const run = open(request);
        const records: TrialRecord[] = [];
        for (const key of request.keys) records.push(await run(key));
        return records;
      }),
    train: (request, pace, onEpoch) =>
      answer(async () => {
        const [key] = request.keys;
        if (key === undefined) throw new InvalidArgumentError('train: no key; expected that of one training');
        gate.begin(pace);
        // The epoch is told before the gate is asked: a held training shows the epoch it is held after.
        onProgress = async (progress) => {
          Promise.resolve(onEpoch(progress)).catch(() => {});
          await gate.pass();
        };
        try {
          return await open(request)(key);
        } finally {
          onProgress = null;
        }
      }),
    setPace: (pace) => gate.set(pace),
  };
  expose(server, endpoint);
}

async function answer<Value>(job: () => Promise<Value>): Promise<Reply<Value>> {
  try {
    return { ok: true, value: await job() };
  } catch (error) {
    return { ok: false, error: toErrorData(error) };
  }
}

/** Where a training waits between epochs. A step that is asked for before it has come to wait is not lost. */
function openGate() {
  let held = false;
  /** Epochs that a held training may still make. */
  let steps = 0;
  let wake: () => void = () => {};
  /** It is between two epochs. */
  let inside = false;
  return {
    /** Before a training: a step from the beginning is what is known before the first step. */
    begin(pace: Pace): void {
      held = pace !== 'run';
      steps = 0;
    },
    /** @returns whether the training waits now */
    set(pace: Pace): boolean {
      // A step while it runs freely is the epoch under way.
      steps = pace === 'step' && held ? steps + 1 : 0;
      held = pace !== 'run';
      wake();
      return inside && held && steps === 0;
    },
    async pass(): Promise<void> {
      inside = true;
      // A message that came during the epoch is read only when the worker comes back to its event loop.
      await nextTask();
      while (held && steps === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      inside = false;
      if (held) steps -= 1;
    },
  };
}

/** Resolves in the next task. A timer of zero would be held back to 4 ms after a few of them. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
