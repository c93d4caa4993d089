/** The bar's share and the time left, on studies whose true course is known. */
import type { Cell, StudyProgress, TrialProgress, TrialRecord } from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { type WorkMeter, workMeter } from '../src/progress/work-meter.js';

function record(cell: string, trial: number, result: TrialRecord['result'] = {}): TrialRecord {
  return { cell, trial, spec: '', kernels: '', version: '', result };
}

/** Runs trials on a clock of its own. */
interface Simulation {
  readonly meter: WorkMeter;
  /** After `seconds` the trial has its record. */
  readonly finish: (cell: string, trial: number, seconds: number, epochs?: number) => void;
  /** A training that has taken its `epoch` of one second (epoch 0 takes none). */
  readonly advance: (cell: string, trial: number, expected: number, epoch: number) => void;
  /** A whole training, one second an epoch. */
  readonly train: (cell: string, trial: number, expected: number, epochs: number) => void;
  readonly wait: (seconds: number) => void;
}

function simulate(
  cells: readonly Cell[],
  maxEpochs: number | null,
  known: readonly TrialRecord[] = [],
): Simulation {
  let clock = 0;
  const costs = new Map(cells.map((cell) => [cell.id, cell.cost]));
  const cost = (records: readonly TrialRecord[]) =>
    records.reduce((sum, { cell }) => sum + (costs.get(cell) ?? 0), 0);
  const meter = workMeter({ cells, maxEpochs, now: () => clock });
  const totalTrials = cells.reduce((sum, cell) => sum + cell.trials, 0);
  const totalCost = cells.reduce((sum, cell) => sum + cell.trials * cell.cost, 0);
  let done = [...known];
  const progress = (): StudyProgress => ({
    doneTrials: done.length,
    totalTrials,
    doneCost: cost(done),
    totalCost,
    resumedTrials: known.length,
    resumedCost: cost(known),
  });
  if (known.length > 0) meter.records(known);
  meter.progress(progress());
  const finish: Simulation['finish'] = (cell, trial, seconds, epochs) => {
    clock += seconds * 1000;
    const made = record(cell, trial, epochs === undefined ? {} : { epochs });
    done = [...done, made];
    meter.records([made]);
    meter.progress(progress());
    meter.state();
  };
  const advance: Simulation['advance'] = (cell, trial, expected, epoch) => {
    if (epoch > 0) clock += 1000;
    meter.trial(news(cell, trial, expected, epoch));
    meter.state();
  };
  return {
    meter,
    finish,
    advance,
    train: (cell, trial, expected, epochs) => {
      for (let epoch = 0; epoch <= epochs; epoch++) advance(cell, trial, expected, epoch);
      finish(cell, trial, 0, epochs);
    },
    wait: (seconds) => {
      clock += seconds * 1000;
    },
  };
}

/** What a training tells after an epoch. */
function news(cell: string, trial: number, expected: number, epoch: number): TrialProgress {
  return { cell, trial, fraction: Math.min(1, epoch / expected), values: { epoch } };
}

interface Training {
  readonly id: string;
  readonly expected: number;
  readonly epochs: number;
  /** Seconds an epoch, and its cost. */
  readonly epochCost: number;
}

/**
 * Every estimate of a study, a second apart: `workers` take the dearest trials first, trainings epoch by epoch, cells that
 * are no training trial by trial; a unit of cost takes a second.
 */
function replay(cells: readonly Cell[], trainings: readonly Training[], workers: number) {
  let clock = 0;
  const meter = workMeter({ cells, maxEpochs: 100, now: () => clock * 1000 });
  const queue = cells
    .flatMap((cell) => Array.from({ length: cell.trials }, (_, trial) => ({ cell, trial })))
    .sort((a, b) => b.cell.cost - a.cell.cost);
  const totalCost = queue.reduce((sum, { cell }) => sum + cell.cost, 0);
  const totalTrials = queue.length;
  let [doneTrials, doneCost] = [0, 0];
  const tell = () => {
    meter.progress({ doneTrials, totalTrials, doneCost, totalCost, resumedTrials: 0, resumedCost: 0 });
  };
  tell();
  const slots = Array.from({ length: workers }, () => ({ job: queue.shift(), epoch: 0, since: 0 }));
  const estimates: { readonly at: number; readonly secondsLeft: number | null }[] = [];
  for (; doneTrials < totalTrials; clock += 1) {
    for (const slot of slots) {
      if (slot.job === undefined) continue;
      const { cell, trial } = slot.job;
      const training = trainings.find(({ id }) => id === cell.id);
      if (clock - slot.since < (training?.epochCost ?? cell.cost)) continue;
      slot.since = clock;
      slot.epoch += 1;
      if (training !== undefined) {
        meter.trial(news(cell.id, trial, training.expected, slot.epoch));
        if (slot.epoch < training.epochs) continue;
      }
      doneTrials += 1;
      doneCost += cell.cost;
      meter.records([record(cell.id, trial, training === undefined ? {} : { epochs: training.epochs })]);
      tell();
      Object.assign(slot, { job: queue.shift(), epoch: 0 });
    }
    estimates.push({ at: clock, secondsLeft: meter.state().secondsLeft });
  }
  return estimates;
}

describe('the share', () => {
  it('goes by cost, from 0 to 1, and never falls', () => {
    const cells = [
      { id: 'a', trials: 10, cost: 1 },
      { id: 'b', trials: 2, cost: 45 },
    ];
    const { meter, finish } = simulate(cells, null);
    expect(meter.state().fraction).toBe(0);
    for (let trial = 0; trial < 10; trial++) finish('a', trial, 1);
    expect(meter.state().fraction).toBeCloseTo(0.1, 12);
    meter.trial({ cell: 'b', trial: 0, fraction: 0.5, values: {} });
    expect(meter.state().fraction).toBeCloseTo(0.325, 12);
    // A worker died and its trial starts over.
    meter.trial({ cell: 'b', trial: 0, fraction: 0.1, values: {} });
    expect(meter.state().fraction).toBeCloseTo(0.325, 12);
    finish('b', 0, 1);
    finish('b', 1, 1);
    expect(meter.state().fraction).toBeCloseTo(1, 12);
  });

  it('counts what was resumed', () => {
    const cells = [{ id: 'a', trials: 4, cost: 3 }];
    const { meter } = simulate(cells, null, [record('a', 0), record('a', 3)]);
    expect(meter.state()).toMatchObject({ doneTrials: 2, totalTrials: 4, resumedTrials: 2, fraction: 0.5 });
  });

  it('is of trials where nothing costs anything, and survives nonsense', () => {
    const { meter, finish } = simulate([{ id: 'a', trials: 2, cost: 0 }], null);
    finish('a', 0, 1);
    expect(meter.state().fraction).toBe(0.5);
    meter.trial({ cell: 'a', trial: 1, fraction: Number.NaN, values: {} });
    meter.trial({ cell: 'unknown', trial: 1, fraction: 0.5, values: {} });
    meter.records([record('unknown', 1)]);
    expect(meter.state().fraction).toBe(0.5);
  });
});

describe('the time left', () => {
  it.each([0.01, 0.3, 7])('is exact at an even pace of %d s a trial', (seconds) => {
    const trials = 2000;
    const { meter, finish } = simulate([{ id: 'a', trials, cost: 5 }], null);
    for (let trial = 0; trial < trials - 10; trial++) {
      finish('a', trial, seconds);
      const { secondsLeft } = meter.state();
      const left = (trials - trial - 1) * seconds;
      if ((trial + 1) * seconds < 1.5) expect(secondsLeft).toBeNull();
      else expect(Math.abs((secondsLeft ?? Number.NaN) / left - 1)).toBeLessThan(1e-6);
    }
  });

  it('does not take resumed trials for fast ones', () => {
    const known = Array.from({ length: 90 }, (_, trial) => record('a', trial));
    const { meter, finish } = simulate([{ id: 'a', trials: 100, cost: 1 }], null, known);
    finish('a', 90, 2);
    finish('a', 91, 2);
    expect(meter.state().secondsLeft).toBeCloseTo(16, 6);
  });

  it('learns from trainings that end early or late, cell by cell', () => {
    const cells = [
      { id: 'early', trials: 10, cost: 100 },
      { id: 'late', trials: 10, cost: 100 },
    ];
    const { meter, train } = simulate(cells, 100);
    // Both are expected to take 20 epochs; one second an epoch, whoever trains.
    train('early', 0, 20, 5);
    train('early', 1, 20, 5);
    train('late', 0, 20, 90);
    expect(meter.state().secondsLeft).toBeCloseTo(8 * 5 + 9 * 90, 0);
  });

  it('learns from resumed trainings as soon as it knows what was expected of them', () => {
    const cells = [{ id: 'a', trials: 10, cost: 100 }];
    const known = [record('a', 0, { epochs: 60 }), record('a', 1, { epochs: 60 })];
    const { meter, train } = simulate(cells, 100, known);
    train('a', 2, 20, 60);
    expect(meter.state().secondsLeft).toBeCloseTo(7 * 60, 0);
  });

  it('does not promise the pace of the early ones to a cell it has not seen', () => {
    const cells = [
      { id: 'early', trials: 10, cost: 100 },
      { id: 'unknown', trials: 10, cost: 100 },
    ];
    const { meter, train } = simulate(cells, 100);
    for (let trial = 0; trial < 5; trial++) train('early', trial, 100, 2);
    const { secondsLeft } = meter.state();
    expect(secondsLeft).toBeGreaterThan(5 * 2 + 10 * 2);
    expect(secondsLeft).toBeLessThanOrEqual(5 * 2 + 10 * 100);
  });

  it('takes a trial that outlives the expectation to go on for a quarter, but not past the cap', () => {
    const { meter, advance } = simulate([{ id: 'a', trials: 1, cost: 100 }], 60);
    for (let epoch = 0; epoch <= 40; epoch++) advance('a', 0, 20, epoch);
    expect(meter.state()).toMatchObject({ fraction: 1, secondsLeft: expect.closeTo(10, 6) });
    for (let epoch = 41; epoch <= 56; epoch++) advance('a', 0, 20, epoch);
    expect(meter.state().secondsLeft).toBeCloseTo(4, 6);
  });

  it('is within a factor of 1.5 over most of a run in which no expectation holds', () => {
    // What a cell's trainings were expected to take, what they take (the last is stopped at the cap), and an epoch's price.
    const trainings = [
      { id: 'starts', expected: 5, epochs: 3, epochCost: 6, runs: 5 },
      { id: 'as told', expected: 20, epochs: 20, epochCost: 3, runs: 5 },
      { id: 'slow', expected: 20, epochs: 34, epochCost: 2, runs: 5 },
      { id: 'sooner', expected: 50, epochs: 30, epochCost: 3, runs: 5 },
      { id: 'never', expected: 50, epochs: 100, epochCost: 3, runs: 5 },
      { id: 'breaks', expected: 1, epochs: 1, epochCost: 3, runs: 5 },
    ];
    const cells = [
      { id: 'short', trials: 400, cost: 1 },
      ...trainings.map(({ id, expected, epochCost, runs }) => ({
        id,
        trials: runs,
        cost: expected * epochCost,
      })),
    ];
    for (const workers of [1, 2, 4]) {
      const estimates = replay(cells, trainings, workers);
      const end = estimates.at(-1)?.at ?? Number.NaN;
      const good = estimates.filter(({ at, secondsLeft }) => {
        const ratio = (secondsLeft ?? Number.POSITIVE_INFINITY) / (end - at);
        return ratio > 1 / 1.5 && ratio < 1.5;
      });
      expect(good.length / estimates.length, `${workers} workers`).toBeGreaterThan(0.8);
    }
  });

  it('follows a change of pace within half a minute', () => {
    const { meter, finish } = simulate([{ id: 'a', trials: 1000, cost: 1 }], null);
    for (let trial = 0; trial < 100; trial++) finish('a', trial, 0.1);
    for (let trial = 100; trial < 140; trial++) finish('a', trial, 1);
    expect(Math.abs((meter.state().secondsLeft ?? 0) / 860 - 1)).toBeLessThan(0.05);
  });

  it('is unknown while nothing has been done', () => {
    const { meter, wait } = simulate([{ id: 'a', trials: 2, cost: 1 }], null);
    wait(60);
    expect(meter.state().secondsLeft).toBeNull();
  });
});
