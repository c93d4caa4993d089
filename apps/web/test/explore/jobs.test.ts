/** The workers of the page: their numbers are the study's, a job that nobody wants is ended, a training can be held. */
import { createEngine } from '@kindling/core';
import {
  draftExploreSpec,
  type ExploreLengthsResult,
  exploreCells,
  exploreEnds,
  exploreTheory,
  exploreTrials,
  openTrials,
  parseExploreText,
  summarizeExploreLengths,
  type TrialRecord,
} from '@kindling/studies';
import { afterEach, describe, expect, it } from 'vitest';
import { createDatasets } from '../../src/explore/data/datasets.js';
import { createExploreState } from '../../src/explore/explore-state.js';
import { createExploreJobs } from '../../src/explore/jobs/explore-jobs.js';
import { type JobWorker, openJobWorker } from '../../src/explore/jobs/job-worker.js';
import { netsCurve } from '../../src/explore/jobs/nets-curve.js';
import { createTrainingRun } from '../../src/explore/jobs/training-run.js';
import { openTrialPool } from '../../src/explore/jobs/trial-pool.js';
import { inThreadWorker } from './in-thread-worker.js';

const open: JobWorker[] = [];
function worker(...args: Parameters<typeof openJobWorker>): JobWorker {
  const made = openJobWorker(...args);
  open.push(made);
  return made;
}
afterEach(() => {
  for (const each of open.splice(0)) each.end();
});

function specOf(query: string) {
  const { question } = parseExploreText(query);
  if (question === null) throw new Error(`cannot be asked: ${query}`);
  return draftExploreSpec(question, null);
}

const spec = specOf('?net=dense+6*5+he-normal&data=absolute&nets=9&maps=1&epochs=4&seed=3');
const cellOf = (part: string) => {
  const cell = exploreCells(spec).find((each) => each.part === part);
  if (cell === undefined) throw new Error(`no ${part}`);
  return cell;
};

async function recordsHere(part: string): Promise<readonly TrialRecord[]> {
  const { id, trials } = cellOf(part);
  const run = openTrials(exploreTrials, spec, { engine: createEngine(), dataset: null });
  const records: TrialRecord[] = [];
  for (let trial = 0; trial < trials; trial++) records.push(await run({ cell: id, trial }));
  return records;
}

describe('a pool', () => {
  it.each([1, 3])('of %d workers finds the records of the study', async (workers) => {
    const { spawn } = inThreadWorker();
    const pool = openTrialPool(Array.from({ length: workers }, () => worker(spawn)));
    const found: TrialRecord[] = [];
    await pool.run({
      spec,
      cells: [cellOf('lengths'), cellOf('verdict'), cellOf('neurons')],
      signal: new AbortController().signal,
      onRecords: (records) => found.push(...records),
    });
    const byName = (a: TrialRecord, b: TrialRecord) =>
      a.cell < b.cell ? -1 : a.cell > b.cell ? 1 : a.trial - b.trial;
    const here = [
      ...(await recordsHere('lengths')),
      ...(await recordsHere('verdict')),
      ...(await recordsHere('neurons')),
    ];
    expect(JSON.stringify(found.sort(byName))).toBe(JSON.stringify(here.sort(byName)));
  });

  it('stops at once when it is abandoned, and tells the reason', async () => {
    const { spawn } = inThreadWorker();
    const controller = new AbortController();
    const reason = new Error('enough');
    const found: TrialRecord[] = [];
    const run = openTrialPool([worker(spawn)]).run({
      spec,
      cells: [{ ...cellOf('lengths'), trials: 5000 }],
      signal: controller.signal,
      onRecords: (records) => {
        found.push(...records);
        controller.abort(reason);
      },
    });
    await expect(run).rejects.toBe(reason);
    expect(found.length).toBeLessThan(20);
  });
});

describe('a job', () => {
  const endless = { summarize: () => new Promise<never>(() => {}) };

  it('that does not come back when it is abandoned costs its worker, and the next has another one', async () => {
    const { spawn, count } = inThreadWorker(endless);
    const one = worker(spawn, 5);
    const controller = new AbortController();
    const asked = one.call((server) => server.summarize([]), controller.signal);
    setTimeout(() => controller.abort(new Error('changed')), 5);
    await expect(asked).rejects.toThrow('changed');
    const next = one.call((server) => server.summarize([]));
    next.catch(() => {});
    await expect.poll(() => count.started).toBe(2);
    expect(count.ended).toBe(1);
  });

  it('that comes back soon keeps its worker', async () => {
    const { spawn, count } = inThreadWorker();
    const one = worker(spawn, 1000);
    const controller = new AbortController();
    const asked = one.call((server) => server.theory(spec, 0), controller.signal);
    controller.abort(new Error('changed'));
    await expect(asked).rejects.toThrow('changed');
    await one.call((server) => server.theory(spec, 0));
    expect(count).toEqual({ started: 1, ended: 0 });
  });

  it('that fails is told as it was thrown, and the worker lives', async () => {
    const one = worker(inThreadWorker().spawn);
    await expect(one.call((server) => server.theory(spec, 7))).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'theory: no configuration 7 of 1',
    });
    const theory = await one.call((server) => server.theory(spec, 0));
    const [configuration] = spec.configurations;
    if (configuration === undefined) throw new Error('there is one');
    expect(theory).toEqual(exploreTheory(configuration, exploreEnds(spec.data)));
  });
});

describe('a training', () => {
  const wanted = { spec, key: { cell: cellOf('training').id, trial: 0 }, dataset: null };

  it('is held, makes a step, goes on, and leaves the record of one that was not held', async () => {
    const run = createTrainingRun(worker(inThreadWorker().spawn), wanted);
    const epochs = () => run.epochs.value.map(({ epoch }) => epoch);
    run.step();
    await expect.poll(() => run.phase.value).toBe('held');
    expect(epochs()).toEqual([0]);
    run.step();
    await expect.poll(epochs).toEqual([0, 1]);
    expect(run.phase.value).toBe('held');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(epochs()).toEqual([0, 1]);
    run.run();
    await expect.poll(() => run.phase.value).toBe('ended');
    expect(epochs()).toEqual([0, 1, 2, 3, 4]);
    expect(run.epochs.value.map(({ layers }) => layers.length)).toEqual([0, 0, 0, 0, 5]);
    expect([run.record.value]).toEqual(await recordsHere('training'));
  });

  it('makes the steps that are asked for at once, no more and no fewer', async () => {
    const run = createTrainingRun(worker(inThreadWorker().spawn), wanted);
    const epochs = () => run.epochs.value.map(({ epoch }) => epoch);
    run.step();
    await expect.poll(epochs).toEqual([0]);
    run.step();
    run.step();
    await expect.poll(epochs).toEqual([0, 1, 2]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(epochs()).toEqual([0, 1, 2]);
    expect(run.phase.value).toBe('held');
  });

  it('stops, keeps what was seen, and can be begun anew', async () => {
    const long = specOf('?net=dense+6*5+he-normal&data=absolute&nets=0&maps=0&epochs=50000&seed=3');
    const { spawn, count } = inThreadWorker();
    const run = createTrainingRun(worker(spawn), { ...wanted, spec: long });
    run.run();
    await expect.poll(() => run.epochs.value.length).toBeGreaterThan(0);
    run.stop();
    expect(run.phase.value).toBe('stopped');
    expect(count.ended).toBe(1);
    const seen = run.epochs.value.length;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(run.epochs.value.length).toBe(seen);
    run.reset();
    expect([run.phase.value, run.epochs.value]).toEqual(['idle', []]);
    run.step();
    await expect.poll(() => run.epochs.value.map(({ epoch }) => epoch)).toEqual([0]);
    expect(count.started).toBe(2);
  });
});

describe('findings', () => {
  it('are those of the study, for every configuration, and are kept', async () => {
    const { spawn, count } = inThreadWorker();
    const state = createExploreState({
      search: '?net=dense+6*5+he-normal&net=dense+6*5+lecun-normal&data=absolute&nets=9&maps=0&runs=0&seed=3',
      datasets: createDatasets(() => Promise.reject(new Error('no images are needed'))),
      isolated: false,
      onAddress: () => {},
    });
    const jobs = createExploreJobs({ state, spawn, workers: 2 });
    const done = () =>
      jobs.findings.value.map(({ lengths, verdict }) => [lengths?.done ?? 0, verdict?.state]);
    await expect.poll(done, { timeout: 10_000 }).toEqual([
      [9, 'judged'],
      [9, 'judged'],
    ]);
    const results = (await recordsHere('lengths')).map(({ result }) => result as ExploreLengthsResult);
    expect(jobs.findings.value[0]?.lengths?.curve).toEqual(netsCurve(summarizeExploreLengths(results)));
    expect(jobs.waiting.value).toBeNull();

    const first = jobs.findings.value;
    const started = count.started;
    state.change({ seed: 4 });
    await expect.poll(done, { timeout: 10_000 }).toEqual([
      [9, 'judged'],
      [9, 'judged'],
    ]);
    expect(jobs.findings.value[0]?.lengths).not.toEqual(first[0]?.lengths);
    state.change({ seed: 3 });
    // What was known is there at once.
    expect(jobs.findings.value).toEqual(first);
    expect(count.started).toBe(started);
    expect(state.notices.value).toEqual([]);
  });

  it('that would take long wait to be asked for', async () => {
    const { spawn } = inThreadWorker();
    const state = createExploreState({
      search: '?net=dense+1000*200+he-normal&data=absolute&nets=100&maps=0&runs=0&verdict=0',
      datasets: createDatasets(() => Promise.reject(new Error('no images are needed'))),
      isolated: false,
      onAddress: () => {},
    });
    const jobs = createExploreJobs({ state, spawn, workers: 1 });
    await expect.poll(() => jobs.waiting.value, { timeout: 10_000 }).toBeGreaterThan(60);
    expect(jobs.findings.value[0]?.theory).not.toBeNull();
    expect(jobs.findings.value[0]?.lengths).toBeNull();
  });
});
