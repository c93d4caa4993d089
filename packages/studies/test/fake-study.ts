/**
 * A study without numerics, and workers without threads: each worker is the true worker code at the other end of a
 * MessageChannel, so that a test can kill it at a chosen trial.
 */
import { createEngine, InvalidArgumentError } from '@kindling/core';
import type { SpawnedWorker, SpawnWorker } from '@kindling/trainer';
import { serveTrials } from '../src/pool/serve-trials.js';
import { type Provenance, provenanceOf } from '../src/provenance.js';
import type { JsonObject } from '../src/spec/canonical-json.js';
import { hashSpec } from '../src/spec/hash-spec.js';
import type { StudyDefinition, StudySpec, TrialContext, TrialKey, TrialRecord } from '../src/study.js';

export interface FakeSpec extends StudySpec {
  readonly cells: number;
  readonly trials: number;
  /** Operations a trial; 1.5e8 makes each trial a chunk, 1.5e7 puts several into one. */
  readonly cost: number;
}

export interface FakeSummary extends JsonObject {
  readonly seed: number;
  readonly rows: readonly JsonObject[];
}

export type TrialHook = (key: TrialKey, context: TrialContext) => Promise<void> | void;

export const fakeSpec: FakeSpec = { study: 'fake', version: 1, seed: 7, cells: 3, trials: 4, cost: 1.5e8 };

export function fakeResult(spec: FakeSpec, key: TrialKey): JsonObject {
  const digits = hashSpec({ ...spec, ...key } as StudySpec).slice(0, 13);
  // −0 and unsorted keys: what a line of JSON would change must not change the summary.
  return { value: Number.parseInt(digits, 16) / 2 ** 52, empty: -0, a: ['NaN'] };
}

export function fakeStudy(hook: TrialHook = () => {}): StudyDefinition<FakeSpec, FakeSummary> {
  return {
    name: 'fake',
    title: 'Fake',
    question: 'Does the pool work?',
    parseSpec: (value) => {
      if (typeof value === 'object' && value !== null && 'cells' in value) return value as FakeSpec;
      throw new InvalidArgumentError('fake: no cells', { details: { field: 'cells' } });
    },
    dataset: () => null,
    cells: ({ cells, trials, cost }) =>
      Array.from({ length: cells }, (_, i) => ({ id: `cell=${i}`, trials, cost })),
    runTrial: async (context, spec, key) => {
      await hook(key, context);
      return fakeResult(spec, key);
    },
    summarize: (spec, records) => ({
      seed: spec.seed,
      rows: records.map(({ cell, trial, result }) => ({
        cell,
        trial,
        // An order of keys, a sign of zero and a type that JSON would lose.
        text: JSON.stringify(result),
        negative: Object.is(result['empty'], -0),
      })),
    }),
    findings: () => [],
    sections: () => [],
    figures: () => [],
    tables: () => [],
  };
}

export const fakeProvenance: Provenance = provenanceOf(createEngine());

export function fakeRecord(spec: FakeSpec, key: TrialKey): TrialRecord {
  const { a, empty, value } = fakeResult(spec, key) as Record<string, JsonObject>;
  return {
    ...key,
    spec: hashSpec(spec).slice(0, 16),
    ...fakeProvenance,
    result: JSON.parse(JSON.stringify({ a, empty, value })) as JsonObject,
  };
}

/** A fake worker, to be killed. */
export interface FakeWorker {
  /** 0 for the first one spawned. */
  readonly index: number;
  kill(reason?: string): void;
}

/** What the trials of a worker do beside computing. */
export type WorkerHook = (key: TrialKey, worker: FakeWorker, context: TrialContext) => Promise<void> | void;

export interface FakeCrew {
  readonly spawn: SpawnWorker;
  /** Workers started so far. */
  readonly started: () => number;
  /** Workers neither dead nor terminated. */
  readonly alive: () => number;
}

export function fakeCrew(
  hook: WorkerHook = () => {},
  changes: Partial<StudyDefinition<FakeSpec, FakeSummary>> = {},
): FakeCrew {
  const living = new Set<number>();
  let count = 0;
  const spawn = (): SpawnedWorker => {
    const index = count++;
    living.add(index);
    const { port1, port2 } = new MessageChannel();
    const listeners: ((reason: Error) => void)[] = [];
    const end = () => {
      living.delete(index);
      port1.close();
      port2.close();
    };
    const worker: FakeWorker = {
      index,
      kill: (reason = 'killed') => {
        end();
        for (const listener of listeners) listener(new Error(reason));
      },
    };
    const study = { ...fakeStudy((key, context) => hook(key, worker, context)), ...changes };
    serveTrials(port2, { find: () => study });
    return {
      endpoint: port1,
      onExit: (listener) => listeners.push(listener),
      terminate: end,
    };
  };
  return { spawn, started: () => count, alive: () => living.size };
}
