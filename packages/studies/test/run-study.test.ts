import { setImmediate as turn } from 'node:timers/promises';
import { InvalidArgumentError, KindlingError, OutOfMemoryError } from '@kindling/core';
import type { Dataset } from '@kindling/trainer';
import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../src/errors/interrupted-error.js';
import { RecordConflictError } from '../src/errors/record-conflict-error.js';
import { StudyMismatchError } from '../src/errors/study-mismatch-error.js';
import { TrialFailedError } from '../src/errors/trial-failed-error.js';
import { WorkerDiedError } from '../src/errors/worker-died-error.js';
import { plan, trialName } from '../src/plan.js';
import { type RunStudyOptions, runStudy, type StudyProgress } from '../src/run-study.js';
import { memoryStore } from '../src/store/memory-store.js';
import { prettyJson } from '../src/store/pretty-json.js';
import type { TrialRecord } from '../src/study.js';
import {
  type FakeCrew,
  type FakeSpec,
  type FakeSummary,
  fakeCrew,
  fakeProvenance,
  fakeRecord,
  fakeSpec,
  fakeStudy,
} from './fake-study.js';

type Options = Partial<RunStudyOptions<FakeSpec, FakeSummary>>;

function run(crew: FakeCrew, options: Options = {}): Promise<FakeSummary> {
  return runStudy({
    study: fakeStudy(),
    spec: fakeSpec,
    store: memoryStore(),
    spawn: crew.spawn,
    workers: 2,
    dataset: null,
    ...options,
  });
}

const keys = plan(fakeStudy(), fakeSpec);
const allRecords = keys.map((key) => fakeRecord(fakeSpec, key));
const names = (records: readonly TrialRecord[]) => records.map(trialName);
const reference = prettyJson(await run(fakeCrew(), { workers: 1 }));
/** Several trials a chunk. */
const cheap: FakeSpec = { ...fakeSpec, cost: 1.5e7, trials: 30 };

async function failure(promise: Promise<unknown>): Promise<KindlingError> {
  const error = await promise.then(
    () => new Error('it was fulfilled'),
    (reason: unknown) => reason,
  );
  if (error instanceof KindlingError) return error;
  throw error;
}

describe('the summary', () => {
  it('has the same bytes with 1, 2 and 5 workers, in whatever order their chunks end', async () => {
    for (const workers of [1, 2, 5]) {
      const order: string[] = [];
      const crew = fakeCrew(async ({ cell, trial }) => {
        for (let i = (trial * 7 + cell.length + workers) % 5; i >= 0; i -= 1) await turn();
      });
      const summary = await run(crew, { workers, onRecords: (records) => order.push(...names(records)) });
      expect(prettyJson(summary)).toBe(reference);
      expect([...order].sort()).toEqual(keys.map(trialName).sort());
      expect(order).not.toEqual(keys.map(trialName)); // else this test shows nothing
      expect(crew.started()).toBe(workers);
      expect(crew.alive()).toBe(0);
    }
  });

  it('has the same bytes when it is resumed from any part of the records, in any order', async () => {
    for (let kept = 0; kept <= keys.length; kept += 1) {
      const known = allRecords
        .map((record, i) => ({ record, rank: (i * 5) % keys.length }))
        .sort((a, b) => a.rank - b.rank);
      const store = memoryStore(known.slice(0, kept).map(({ record }) => record));
      const ran: string[] = [];
      const crew = fakeCrew((key) => {
        ran.push(trialName(key));
      });
      expect(prettyJson(await run(crew, { store }))).toBe(reference);
      expect(ran).toHaveLength(keys.length - kept);
      expect(crew.started()).toBe(Math.min(2, ran.length)); // nothing missing: no worker at all
      expect(names(await store.load()).sort()).toEqual(keys.map(trialName).sort());
    }
  });

  it('never starts more workers than there are chunks', async () => {
    const crew = fakeCrew();
    await run(crew, { workers: 64, store: memoryStore(allRecords.slice(2)) });
    expect(crew.started()).toBe(2);
  });
});

describe('progress', () => {
  it('counts what is in the store, resumed work included, and ends with everything', async () => {
    const store = memoryStore(allRecords.slice(0, 5));
    const seen: (StudyProgress & { stored: number })[] = [];
    let stored = 5;
    const first: number[] = [];
    await run(fakeCrew(), {
      store: {
        ...store,
        append: async (records) => {
          await store.append(records);
          stored += records.length;
        },
      },
      onRecords: (records) => first.push(records.length),
      onProgress: (progress) => seen.push({ ...progress, stored }),
    });
    expect(first[0]).toBe(5);
    expect(seen[0]).toMatchObject({
      doneTrials: 5,
      doneCost: 5 * fakeSpec.cost,
      resumedTrials: 5,
      resumedCost: 5 * fakeSpec.cost,
    });
    expect(seen.at(-1)).toMatchObject({
      doneTrials: 12,
      totalTrials: 12,
      doneCost: 12 * fakeSpec.cost,
      totalCost: 12 * fakeSpec.cost,
    });
    for (const { doneTrials, stored } of seen) expect(doneTrials).toBe(stored);
    const done = seen.map((progress) => progress.doneTrials);
    expect(done).toEqual([...done].sort((a, b) => a - b));
  });

  it('hands on what a trial tells on its way', async () => {
    const told: string[] = [];
    let release = () => {};
    const arrived = new Promise<void>((resolve) => {
      release = resolve;
    });
    const crew = fakeCrew(async (key, _, context) => {
      if (trialName(key) !== 'cell=1#2') return;
      context.onProgress?.({ ...key, fraction: 0.5, values: { epoch: 3 } });
      await arrived; // the trial is still under way when the news come
    });
    await run(crew, {
      onTrialProgress: (progress) => {
        told.push(`${trialName(progress)} ${progress.fraction} ${progress.values['epoch']}`);
        release();
      },
    });
    expect(told).toEqual(['cell=1#2 0.5 3']);
  });
});

describe('a worker that dies', () => {
  it('is replaced, and its whole chunk runs again', async () => {
    const ran: string[] = [];
    const crew = fakeCrew((key, worker) => {
      ran.push(trialName(key));
      if (worker.index === 0 && key.trial === 4) worker.kill();
    });
    const summary = await run(crew, { spec: cheap, workers: 1 });
    expect(prettyJson(summary)).toBe(prettyJson(await run(fakeCrew(), { spec: cheap })));
    expect(crew.started()).toBe(2);
    expect(crew.alive()).toBe(0);
    expect(ran.filter((name) => name === 'cell=0#3')).toHaveLength(2); // finished in the chunk that was lost
  });

  it('may die twice at one chunk, at every chunk', async () => {
    const deaths = new Map<string, number>();
    const crew = fakeCrew((key, worker) => {
      const count = deaths.get(trialName(key)) ?? 0;
      if (count === 2) return;
      deaths.set(trialName(key), count + 1);
      worker.kill();
    });
    expect(prettyJson(await run(crew))).toBe(reference);
    expect(crew.started()).toBe(2 * keys.length + 2);
  });

  it('fails the study when the third one dies at the same chunk, naming its trials', async () => {
    const crew = fakeCrew((key, worker) => {
      if (trialName(key) === 'cell=2#1') worker.kill('out of paper');
    });
    const store = memoryStore();
    const error = await failure(run(crew, { store }));
    expect(error).toBeInstanceOf(WorkerDiedError);
    expect(error).toMatchObject({ code: 'worker-died', details: { trials: ['cell=2#1'] } });
    expect(error.message).toContain('out of paper');
    expect(error.cause).toMatchObject({ message: 'out of paper' });
    expect(crew.alive()).toBe(0);
    expect(names(await store.load())).not.toContain('cell=2#1');
  });

  it('fails the study when workers cannot even start', async () => {
    const crew = fakeCrew();
    const spawn = () => {
      const worker = crew.spawn();
      return {
        ...worker,
        onExit: (listener: (reason: Error) => void) =>
          queueMicrotask(() => listener(new Error('no such file'))),
      };
    };
    const error = await failure(run({ ...crew, spawn }));
    expect(error).toMatchObject({ code: 'worker-died', cause: { message: 'no such file' } });
    expect(crew.alive()).toBe(0);
  });
});

describe('a chunk sent ahead', () => {
  it('begins when the one before it is done, also where trials wait', async () => {
    let running = 0;
    let most = 0;
    const crew = fakeCrew(async () => {
      running += 1;
      most = Math.max(most, running);
      await turn();
      running -= 1;
    });
    const summary = await run(crew, { spec: cheap, workers: 1 });
    expect(prettyJson(summary)).toBe(prettyJson(await run(fakeCrew(), { spec: cheap })));
    expect(most).toBe(1);
  });

  it('is the one named when it kills three workers, and the one before it is kept', async () => {
    const store = memoryStore();
    const crew = fakeCrew((key, worker) => {
      if (trialName(key) === 'cell=1#0') worker.kill();
    });
    const error = await failure(run(crew, { spec: cheap, workers: 1, store }));
    expect(error).toBeInstanceOf(WorkerDiedError);
    expect(error.details['trials']).toContain('cell=1#0');
    expect(error.details['trials']).not.toContain('cell=0#0');
    expect(names(await store.load())).toContain('cell=0#0');
    expect(crew.started()).toBe(4); // the first took the answer before its own chunk's along, unheard
    expect(crew.alive()).toBe(0);
  });

  it('may throw: the one before it is kept, the one behind it is not begun', async () => {
    const store = memoryStore();
    const ran: string[] = [];
    const crew = fakeCrew((key) => {
      ran.push(trialName(key));
      if (trialName(key) === 'cell=1#0') throw new Error('no');
    });
    const error = await failure(run(crew, { spec: cheap, workers: 1, store }));
    expect(error).toMatchObject({ code: 'trial-failed', details: { cell: 'cell=1', trial: 0 } });
    expect(names(await store.load())).toContain('cell=0#0');
    for (let i = 0; i < 50; i += 1) await turn();
    expect(ran).not.toContain('cell=2#0');
    expect(crew.alive()).toBe(0);
  });

  it('ends with an abort, and runs when the study goes on', async () => {
    const controller = new AbortController();
    const store = memoryStore();
    const crew = fakeCrew(async (key) => {
      if (trialName(key) !== 'cell=1#0') return;
      for (let i = 0; i < 50; i += 1) await turn(); // so that the records before it are there
      controller.abort();
      await new Promise(() => {}); // a trial that never ends
    });
    const error = await failure(run(crew, { spec: cheap, workers: 1, store, signal: controller.signal }));
    expect(error).toBeInstanceOf(InterruptedError);
    expect(crew.alive()).toBe(0);
    expect(names(await store.load())).toContain('cell=0#0');
    const summary = await run(fakeCrew(), { spec: cheap, store });
    expect(prettyJson(summary)).toBe(prettyJson(await run(fakeCrew(), { spec: cheap })));
  });

  it('is never a single trial, which may be long: it goes to whoever is idle', async () => {
    let done = 0;
    const others = keys.length - 1;
    const crew = fakeCrew(async (key) => {
      // The first trial takes as long as all the others together.
      if (trialName(key) === 'cell=0#0') while (done < others) await turn();
      else done += 1;
    });
    expect(prettyJson(await run(crew))).toBe(reference);
  });
});

describe('a trial that throws', () => {
  it('stops the study with the whole error, and keeps what was finished', async () => {
    const store = memoryStore();
    const crew = fakeCrew(async (key) => {
      if (trialName(key) !== 'cell=1#0') return;
      throw new OutOfMemoryError('arena: full', { details: { bytes: 8 }, cause: new RangeError('grow') });
    });
    const error = await failure(run(crew, { store, workers: 1 }));
    expect(error).toBeInstanceOf(TrialFailedError);
    expect(error).toMatchObject({ code: 'trial-failed', details: { cell: 'cell=1', trial: 0 } });
    expect(error.message).toContain('arena: full');
    expect(error.cause).toBeInstanceOf(OutOfMemoryError);
    expect(error.cause).toMatchObject({ code: 'out-of-memory', details: { bytes: 8 } });
    expect((error.cause as Error).stack).toContain('fake-study.ts'); // where it was thrown, not where it arrived
    expect((error.cause as Error).cause).toBeInstanceOf(RangeError);
    expect(crew.alive()).toBe(0);
    expect((await store.load()).length).toBeGreaterThan(0);
    expect(prettyJson(await run(fakeCrew(), { store }))).toBe(reference);
  });

  it('may throw an error of the language', async () => {
    const crew = fakeCrew(() => {
      throw Object.assign(new TypeError('plain'), { code: 'ERR_PLAIN' });
    });
    const error = await failure(run(crew));
    expect(error.cause).toBeInstanceOf(TypeError);
    expect(error.cause).toMatchObject({ message: 'plain', code: 'ERR_PLAIN' });
  });

  it('is also one that finds a number JSON does not have', async () => {
    const crew = fakeCrew(undefined, { runTrial: async () => ({ length: Number.NaN }) });
    const error = await failure(run(crew, { workers: 1 }));
    expect(error).toMatchObject({ code: 'trial-failed', details: { cell: 'cell=0', trial: 0 } });
    expect(error.message).toContain('$.result.length is NaN');
  });

  it('a spec the worker refuses is told as it is', async () => {
    const parseSpec = () => {
      throw new InvalidArgumentError('refused', { details: { field: 'x' } });
    };
    const crew = fakeCrew(undefined, { parseSpec });
    const error = await failure(run(crew));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toMatchObject({ message: 'refused', details: { field: 'x' } });
    expect(crew.alive()).toBe(0);
  });
});

describe('abort', () => {
  it('ends workers in the middle of a trial, keeps what was finished, and the same call resumes', async () => {
    const controller = new AbortController();
    const store = memoryStore();
    let begun = 0;
    const crew = fakeCrew(async () => {
      begun += 1;
      if (begun < 6) return;
      controller.abort();
      await new Promise(() => {}); // a trial that never ends
    });
    const error = await failure(run(crew, { store, signal: controller.signal }));
    expect(error).toBeInstanceOf(InterruptedError);
    expect(error.code).toBe('interrupted');
    expect(crew.alive()).toBe(0);
    const kept = (await store.load()).length;
    expect(kept).toBeGreaterThan(0);
    expect(error.details).toEqual({ doneTrials: kept, totalTrials: 12 });
    expect(prettyJson(await run(fakeCrew(), { store }))).toBe(reference);
  });

  it('starts nothing when it comes first', async () => {
    const crew = fakeCrew();
    const error = await failure(run(crew, { signal: AbortSignal.abort() }));
    expect(error.code).toBe('interrupted');
    expect(crew.started()).toBe(0);
  });

  it('waits for a write under way', async () => {
    const controller = new AbortController();
    const store = memoryStore();
    let written = 0;
    const slow = {
      ...store,
      append: async (records: readonly TrialRecord[]) => {
        controller.abort();
        for (let i = 0; i < 50; i += 1) await turn();
        await store.append(records);
        written += records.length;
      },
    };
    const error = await failure(run(fakeCrew(), { store: slow, signal: controller.signal }));
    expect(error.details['doneTrials']).toBe(written);
    expect(written).toBeGreaterThan(0);
    for (let i = 0; i < 100; i += 1) await turn();
    expect(await store.load()).toHaveLength(written); // nothing is written after the promise has settled
  });
});

describe('a store or a callback that fails', () => {
  it('stops the study with that error and ends the workers', async () => {
    const full = new Error('disk full');
    const crew = fakeCrew();
    const store = { ...memoryStore(), append: () => Promise.reject(full) };
    await expect(run(crew, { store })).rejects.toBe(full);
    const wrong = new Error('no page');
    let calls = 0;
    const onProgress = () => {
      calls += 1;
      if (calls === 2) throw wrong;
    };
    await expect(run(crew, { onProgress })).rejects.toBe(wrong);
    const talkative = fakeCrew(async (key, _, context) => {
      context.onProgress?.({ ...key, fraction: 0, values: {} });
      await new Promise(() => {}); // only the failure of the callback ends it
    });
    const onTrialProgress = () => {
      throw wrong;
    };
    await expect(run(talkative, { onTrialProgress })).rejects.toBe(wrong);
    expect(talkative.alive()).toBe(0);
    expect(crew.alive()).toBe(0);
  });
});

describe('records that do not belong to the study', () => {
  const [first] = allRecords;
  if (first === undefined) throw new Error('the fake study has trials');
  const runWith = (...records: TrialRecord[]) => failure(run(fakeCrew(), { store: memoryStore(records) }));

  it('are refused when they are of another spec, other kernels or another version', async () => {
    const other = { spec: '0'.repeat(16), kernels: `strict-${'0'.repeat(16)}`, version: '9.9.9' };
    for (const field of ['spec', 'kernels', 'version'] as const) {
      const error = await runWith({ ...first, [field]: other[field] });
      expect(error).toBeInstanceOf(StudyMismatchError);
      const line = `${field}: expected "${first[field]}", got "${other[field]}"`;
      expect(error.details['differences']).toEqual([line]);
      expect(error.message).toContain(line);
    }
  });

  it('are refused when the study has no such trial', async () => {
    expect(await runWith({ ...first, trial: 4 })).toBeInstanceOf(StudyMismatchError);
    expect(await runWith({ ...first, cell: 'cell=9' })).toBeInstanceOf(StudyMismatchError);
  });

  it('are ignored when they say the same twice, refused when they differ', async () => {
    const twice = memoryStore([...allRecords, ...allRecords]);
    expect(prettyJson(await run(fakeCrew(), { store: twice }))).toBe(reference);
    const error = await runWith(first, { ...first, result: { value: 1 } });
    expect(error).toBeInstanceOf(RecordConflictError);
    expect(error).toMatchObject({ code: 'record-conflict', details: { cell: 'cell=0', trial: 0 } });
    expect(error.message).toContain('cell=0#0');
  });

  it('cannot come from workers that run other code', async () => {
    const provenance = { ...fakeProvenance, version: '9.9.9' };
    const crew = fakeCrew();
    const error = await failure(run(crew, { provenance }));
    expect(error).toBeInstanceOf(StudyMismatchError);
    expect(error.details['differences']).toEqual([
      `version: expected "9.9.9", got "${fakeProvenance.version}"`,
    ]);
    expect(crew.alive()).toBe(0);
  });
});

describe('arguments', () => {
  it('workers is a positive integer', async () => {
    for (const workers of [0, -1, 1.5, Number.NaN]) {
      expect(await failure(run(fakeCrew(), { workers }))).toBeInstanceOf(InvalidArgumentError);
    }
  });

  it('the data is there, is the right one, and reaches the workers', async () => {
    const part = {
      images: Uint8Array.of(1, 2, 3, 4),
      labels: Uint8Array.of(5),
      count: 1,
      rows: 2,
      columns: 2,
    };
    const dataset: Dataset = { name: 'tiny', classes: 10, train: part, test: part, digest: 'abc' };
    const identity = { name: 'tiny', digest: 'abc', trainCount: 1, testCount: 1, features: 4, classes: 10 };
    const study = { ...fakeStudy(), dataset: () => identity };
    const seen: unknown[] = [];
    const crew = fakeCrew((_, __, context) => {
      seen.push(context.dataset);
    });
    await run(crew, { study, dataset });
    expect(seen).toHaveLength(12);
    for (const data of seen) expect(data).toEqual(dataset);
    expect((seen[0] as Dataset).train.images.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(part.images.buffer).toBeInstanceOf(ArrayBuffer); // the caller's own is left alone

    expect(await failure(run(fakeCrew(), { study }))).toBeInstanceOf(InvalidArgumentError);
    const wrong = await failure(run(fakeCrew(), { study, dataset: { ...dataset, digest: 'xyz' } }));
    expect(wrong).toBeInstanceOf(StudyMismatchError);
    expect(wrong.message).toContain('expected abc, got xyz');
    await run(fakeCrew(), { study, store: memoryStore(allRecords) }); // not needed when nothing is missing
  });
});
