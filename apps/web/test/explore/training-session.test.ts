/** The trainings of a question beside each other: begun, held, stepped, stopped and forgotten together, kept when the question goes. */
import { createEngine } from '@kindling/core';
import { exploreCells, exploreTrials, openTrials } from '@kindling/studies';
import { expect, it } from 'vitest';
import { createDatasets } from '../../src/explore/data/datasets.js';
import { createExploreState } from '../../src/explore/explore-state.js';
import { createExploreJobs } from '../../src/explore/jobs/explore-jobs.js';
import { createTrainingSession } from '../../src/explore/panels/training/training-session.js';
import { inThreadWorker } from './in-thread-worker.js';

const timeout = 15_000;
const nothingElse = 'data=absolute&nets=0&maps=0&verdict=0&seed=3';
const two = `?net=dense+6*5+he-normal&net=dense+6*5+lecun-normal&${nothingElse}&epochs=4`;
const endless = two.replace('epochs=4', 'epochs=90000');

function open(search: string) {
  const state = createExploreState({
    search,
    datasets: createDatasets(() => Promise.reject(new Error('the images are not here'))),
    isolated: false,
    onAddress: () => {},
  });
  const { spawn, count } = inThreadWorker();
  const jobs = createExploreJobs({ state, spawn, workers: 1 });
  const session = createTrainingSession(state, jobs);
  const epochs = () => session.trainings.value.map((each) => each.epochs.map(({ epoch }) => epoch));
  const counts = () => session.trainings.value.map((each) => each.epochs.length);
  const phases = () => session.trainings.value.map(({ phase }) => phase);
  return { state, session, count, epochs, counts, phases };
}

it('all configurations are trained, and what is found is the study’s', async () => {
  const { state, session, epochs, phases } = open(two);
  expect(phases()).toEqual(['idle', 'idle']);
  // At once: what is asked for before the question is planned is not lost.
  session.run();
  expect([session.phase.value, phases()]).toEqual(['running', ['running', 'running']]);
  await expect.poll(phases, { timeout }).toEqual(['ended', 'ended']);
  expect(session.phase.value).toBe('idle');
  expect(epochs()).toEqual([
    [0, 1, 2, 3, 4],
    [0, 1, 2, 3, 4],
  ]);
  const spec = state.spec.value;
  if (spec === null) throw new Error('a function needs no images');
  const run = openTrials(exploreTrials, spec, { engine: createEngine(), dataset: null });
  const cells = exploreCells(spec).filter(({ part }) => part === 'training');
  for (const { index, id } of cells) {
    const { result } = await run({ cell: id, trial: 0 });
    expect(session.trainings.value[index]?.result).toEqual(result);
    expect(session.trainings.value[index]?.epochs.map(({ loss }) => loss)).toEqual(
      (result as unknown as { readonly loss: readonly number[] }).loss,
    );
  }
});

it('steps are made by all, from what is known before the first step; then all go on, and are held', async () => {
  const { session, epochs, counts, phases } = open(endless);
  session.step();
  await expect.poll(epochs, { timeout }).toEqual([[0], [0]]);
  session.step();
  await expect.poll(epochs, { timeout }).toEqual([
    [0, 1],
    [0, 1],
  ]);
  expect(phases()).toEqual(['held', 'held']);
  session.run();
  expect(session.phase.value).toBe('running');
  await expect.poll(() => Math.min(...counts()), { timeout }).toBeGreaterThan(5);
  session.hold();
  await expect.poll(() => session.phase.value, { timeout }).toBe('held');
  const held = counts();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(counts()).toEqual(held);
  session.stop();
  expect([session.phase.value, phases()]).toEqual(['idle', ['stopped', 'stopped']]);
  expect(counts()).toEqual(held);
  session.reset();
  expect([phases(), counts()]).toEqual([
    ['idle', 'idle'],
    [0, 0],
  ]);
});

it('what has ended stays as it is while another one goes on, and all begin again after', async () => {
  // Of thirty layers of one neuron some layer is zero: the first net can never move, and ends before its first step.
  const { session, counts, phases } = open(
    `?net=dense+1*30+he-normal&net=dense+6*5+he-normal&${nothingElse}&epochs=90000`,
  );
  session.run();
  await expect.poll(phases, { timeout }).toEqual(['ended', 'running']);
  expect(session.trainings.value[0]?.result?.outcome).toBe('never-moves');
  await expect.poll(() => counts()[1], { timeout }).toBeGreaterThan(2);
  session.hold();
  await expect.poll(phases, { timeout }).toEqual(['ended', 'held']);
  const [first, before = 0] = counts();
  session.step();
  await expect.poll(() => counts()[1], { timeout }).toBe(before + 1);
  expect(counts()[0]).toBe(first);
  session.stop();
  session.run();
  await expect.poll(() => phases()[0], { timeout }).toBe('ended');
  expect(phases()[1]).toBe('running');
  session.stop();
});

it('a stop, a hold, a reset and another question take back what has not begun', async () => {
  const { state, session, counts, phases, count } = open(endless);
  for (const end of [session.stop, session.hold, session.reset, () => state.change({ seed: 5 })]) {
    session.run();
    expect(session.phase.value).toBe('running');
    end();
    expect(session.phase.value).toBe('idle');
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([phases(), counts()]).toEqual([
    ['idle', 'idle'],
    [0, 0],
  ]);
  // Theory and plan alone have had a worker.
  expect(count.started).toBe(1);
});

it('another question ends what is under way; what was shown stands there again with the old one', async () => {
  const { state, session, counts, phases } = open(two);
  session.run();
  await expect.poll(phases, { timeout }).toEqual(['ended', 'ended']);
  const seen = session.trainings.value;
  // The same trainings, whatever else is asked for.
  state.change({ nets: 3, runs: 4 });
  expect(session.trainings.value).toEqual(seen);
  state.change({ seed: 4 });
  expect([phases(), counts()]).toEqual([
    ['idle', 'idle'],
    [0, 0],
  ]);
  state.change({ seed: 3 });
  expect(session.trainings.value).toEqual(seen);
  session.reset();
  expect(counts()).toEqual([0, 0]);
});

it('a fixed configuration stands beside what it was before', async () => {
  const { state, session, phases } = open(`?net=dense+6*5+lecun-normal&${nothingElse}&epochs=4`);
  expect(session.before.value).toBeNull();
  session.run();
  await expect.poll(phases, { timeout }).toEqual(['ended']);
  const [was] = session.trainings.value;
  state.fix(0, 'dense 6*5 he-normal', { verdict: null, theory: null });
  expect(session.before.value).toEqual(was);
  expect(phases()).toEqual(['idle']);
  session.run();
  await expect.poll(phases, { timeout }).toEqual(['ended']);
  expect(session.trainings.value[0]?.result).not.toEqual(was?.result);
  state.undo();
  expect(session.before.value).toBeNull();
  expect(session.trainings.value).toEqual([was]);
});

it('none asked for are none; images that do not come are told', async () => {
  expect(open(`${two}&runs=0`).session.trainings.value).toEqual([]);
  const { session } = open('?net=dense+6*5+he-normal&nets=0&maps=0&verdict=0');
  session.run();
  await expect
    .poll(() => session.trainings.value[0]?.failure, { timeout })
    .toContain('the images are not here');
  expect(session.phase.value).toBe('idle');
});
