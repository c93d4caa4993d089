/** The bar's share and the time left, on studies whose true course is known. */
import type { Cell, StudyProgress, TrialRecord } from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { type WorkMeter, workMeter } from '../src/progress/work-meter.js';

function record(cell: string, trial: number, result: TrialRecord['result'] = {}): TrialRecord {
  return { cell, trial, spec: '', kernels: '', version: '', result };
}

/** Runs trials one after the other on a clock of its own; `epochSeconds` is what a full-cost trial takes per epoch. */
interface Simulation {
  readonly meter: WorkMeter;
  readonly finish: (cell: string, trial: number, seconds: number, epochs?: number) => void;
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
  return {
    meter,
    finish: (cell, trial, seconds, epochs) => {
      clock += seconds * 1000;
      const made = record(cell, trial, epochs === undefined ? {} : { epochs });
      done = [...done, made];
      meter.records([made]);
      meter.progress(progress());
      meter.state();
    },
    wait: (seconds) => {
      clock += seconds * 1000;
    },
  };
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

  it('learns from trainings that end early, cell by cell', () => {
    const cells = [
      { id: 'early', trials: 10, cost: 100 },
      { id: 'late', trials: 10, cost: 100 },
    ];
    const { meter, finish } = simulate(cells, 100);
    // One second an epoch, whoever trains.
    finish('early', 0, 5, 5);
    finish('early', 1, 5, 5);
    finish('late', 0, 100, 100);
    expect(meter.state().secondsLeft).toBeCloseTo(8 * 5 + 9 * 100, 0);
  });

  it('does not promise the pace of the early ones to a cell it has not seen', () => {
    const cells = [
      { id: 'early', trials: 10, cost: 100 },
      { id: 'unknown', trials: 10, cost: 100 },
    ];
    const { meter, finish } = simulate(cells, 100);
    for (let trial = 0; trial < 5; trial++) finish('early', trial, 2, 2);
    const { secondsLeft } = meter.state();
    expect(secondsLeft).toBeGreaterThan(5 * 2 + 10 * 2);
    expect(secondsLeft).toBeLessThanOrEqual(5 * 2 + 10 * 100);
  });

  it('takes a trial that outlives the expectation to be half way to its end', () => {
    const { meter, finish, wait } = simulate([{ id: 'a', trials: 2, cost: 100 }], 100);
    finish('a', 0, 10, 10);
    wait(60);
    meter.trial({ cell: 'a', trial: 1, fraction: 0.6, values: {} });
    expect(meter.state().secondsLeft).toBeCloseTo(20, 6);
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
