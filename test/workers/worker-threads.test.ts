/** The pool over real worker_threads and built packages: any number of workers, dying ones, throwing ones. */
import { KindlingError } from '@kindling/core';
import {
  datasetIdentity,
  figure1,
  figure1Spec,
  memoryStore,
  plan,
  runStudy,
  type SpawnWorker,
  summaryText,
  type TrialRecord,
} from '@kindling/studies';
import { workerThread } from '@kindling/studies/node';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';

// The threads run built packages: they must not inherit the test runner's condition that resolves to sources.
const worker = (name: string): SpawnWorker =>
  workerThread(new URL(`./${name}.mjs`, import.meta.url), { execArgv: [] });
const { dataset } = await loadDataset('embedded');
const spec = figure1Spec({
  data: datasetIdentity(dataset),
  depths: [4, 9],
  trials: 300,
  runs: 2,
  maxEpochs: 3,
  initializers: ['he-normal', 'glorot-uniform', 'he-normal-2x'],
});

async function run(spawn: SpawnWorker, workers: number, store = memoryStore()): Promise<string> {
  return summaryText(await runStudy({ study: figure1, spec, store, spawn, workers, dataset }));
}

describe('worker_threads', () => {
  it('give the same summary bytes for 1, 2 and 5 workers', async () => {
    const one = await run(worker('trial-worker'), 1);
    expect(await run(worker('trial-worker'), 2)).toBe(one);
    expect(await run(worker('trial-worker'), 5)).toBe(one);
  });

  it('that die are replaced, and their trials run again', async () => {
    const spawns: string[] = [];
    const spawn: SpawnWorker = () => {
      const name = spawns.length < 2 ? 'dying-worker' : 'trial-worker';
      spawns.push(name);
      return worker(name)();
    };
    const records: TrialRecord[] = [];
    const summary = await runStudy({
      study: figure1,
      spec,
      store: memoryStore(),
      spawn,
      workers: 2,
      dataset,
      onRecords: (more) => records.push(...more),
    });
    expect(spawns.slice(0, 4)).toEqual(['dying-worker', 'dying-worker', 'trial-worker', 'trial-worker']);
    expect(records).toHaveLength(plan(figure1, spec).length);
    expect(summaryText(summary)).toBe(await run(worker('trial-worker'), 1));
  });

  it('that die every time end the study with the trials they were at', async () => {
    await expect(run(worker('dying-worker'), 1)).rejects.toMatchObject({ code: 'worker-died' });
  });

  it('that throw send the whole error: class, code, details and cause', async () => {
    const error: unknown = await run(worker('cramped-worker'), 2).catch((thrown: unknown) => thrown);
    expect(KindlingError.isInstance(error) && error.code).toBe('trial-failed');
    const cause = error instanceof Error ? error.cause : undefined;
    expect(cause).toMatchObject({
      name: 'OutOfMemoryError',
      code: 'out-of-memory',
      details: { limitBytes: 2 ** 20 },
    });
    expect(cause instanceof Error && cause.stack).toContain('arena');
  });

  it('stop at an abort; the store keeps what was done, and the next run ends with the same bytes', async () => {
    const store = memoryStore();
    const controller = new AbortController();
    let kept = 0;
    await expect(
      runStudy({
        study: figure1,
        spec,
        store,
        spawn: worker('trial-worker'),
        workers: 2,
        dataset,
        signal: controller.signal,
        onRecords: (more) => {
          kept += more.length;
          if (kept > 200) controller.abort();
        },
      }),
    ).rejects.toMatchObject({ code: 'interrupted' });
    expect((await store.load()).length).toBeGreaterThan(200);
    expect((await store.load()).length).toBeLessThan(plan(figure1, spec).length);
    expect(await run(worker('trial-worker'), 2, store)).toBe(await run(worker('trial-worker'), 1));
  });
});
