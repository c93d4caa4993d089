/** What the page shows while a study runs: how far it is, how long it will take, and which trainings are under way. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { throttle } from '../../src/study/run/throttle.js';
import { readProgress } from '../../src/study/run/time-left.js';
import { createTrialBoard } from '../../src/study/run/trial-board.js';

const progress = {
  doneTrials: 5,
  totalTrials: 20,
  doneCost: 30,
  totalCost: 100,
  resumedTrials: 0,
  resumedCost: 0,
};

describe('readProgress', () => {
  it('counts work under way, and extrapolates the pace', () => {
    expect(readProgress(progress, 10, 8)).toMatchObject({ fraction: 0.4, secondsLeft: 12 });
  });

  it('takes no credit for what an earlier run did', () => {
    const resumed = { ...progress, resumedTrials: 4, resumedCost: 20 };
    expect(readProgress(resumed, 0, 8).secondsLeft).toBe(56);
  });

  it('estimates nothing from nothing', () => {
    expect(readProgress(progress, 0, 0.5).secondsLeft).toBeNull();
    expect(readProgress({ ...progress, doneCost: 1 }, 0, 8).secondsLeft).toBeNull();
    expect(readProgress({ ...progress, resumedCost: 30 }, 0, 8).secondsLeft).toBeNull();
  });

  it('does not say how long trials still take that outlast what was expected of them', () => {
    expect(readProgress(progress, 70, 8)).toMatchObject({ fraction: 1, secondsLeft: null });
    expect(readProgress({ ...progress, doneTrials: 20, doneCost: 100 }, 0, 8).secondsLeft).toBe(0);
  });

  it('is full when every trial is done, and never fuller', () => {
    expect(readProgress({ ...progress, doneTrials: 20, doneCost: 99 }, 0, 8).fraction).toBe(1);
    expect(readProgress(progress, 1000, 8).fraction).toBe(1);
    expect(readProgress({ ...progress, totalCost: 0, doneCost: 0 }, 0, 8).fraction).toBe(1);
  });
});

describe('throttle', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('does the job once for many news, and not more often than the interval', () => {
    const times: number[] = [];
    const view = throttle(() => times.push(Date.now()), { interval: 250, now: Date.now });
    const start = Date.now();
    for (let i = 0; i < 100; i += 1) {
      view.touch();
      vi.advanceTimersByTime(10);
    }
    vi.runAllTimers();
    expect(times.map((time) => time - start)).toEqual([0, 250, 500, 750, 1000]);
  });

  it('waits longer after a job that took long', () => {
    const times: number[] = [];
    const view = throttle(
      () => {
        times.push(Date.now());
        vi.setSystemTime(Date.now() + 400);
      },
      { interval: 250, now: Date.now },
    );
    view.touch();
    vi.runAllTimers();
    view.touch();
    vi.runAllTimers();
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(400 + 3 * 400);
  });

  it('flushes what is due, once, and nothing when nothing is due', () => {
    const job = vi.fn();
    const view = throttle(job, { interval: 250, now: Date.now });
    view.flush();
    expect(job).not.toHaveBeenCalled();
    view.touch();
    view.flush();
    vi.runAllTimers();
    expect(job).toHaveBeenCalledTimes(1);
  });
});

describe('createTrialBoard', () => {
  const news = (depth: number, trial: number, epoch: number, testAccuracy = epoch / 100) => ({
    cell: `training/he-normal/depth=${depth}`,
    trial,
    fraction: epoch / 10,
    values: { epoch, testAccuracy, meanLoss: 2 },
  });
  const titles = (board: ReturnType<typeof createTrialBoard>) => board.lines().map((line) => line.title);

  it('keeps a line in its place until its training has ended and another takes over', () => {
    const board = createTrialBoard(2);
    board.advance(news(10, 0, 0));
    board.advance(news(20, 1, 0));
    board.advance(news(10, 0, 1));
    expect(titles(board)).toEqual(['Depth 10, no. 1: He normal', 'Depth 20, no. 2: He normal']);
    board.end('training/he-normal/depth=10#0');
    expect(board.lines().map((line) => line.ended)).toEqual([true, false]);
    board.advance(news(30, 0, 0));
    expect(titles(board)).toEqual(['Depth 30, no. 1: He normal', 'Depth 20, no. 2: He normal']);
  });

  it('collects the accuracies, and starts anew when a training is begun anew', () => {
    const board = createTrialBoard(1);
    for (const epoch of [0, 1, 2]) board.advance(news(10, 0, epoch));
    expect(board.lines()[0]?.accuracies).toEqual([0, 0.01, 0.02]);
    board.advance(news(10, 0, 0));
    expect(board.lines()[0]?.accuracies).toEqual([0]);
  });

  it('shows no more lines than it has places, and passes over trials it does not know', () => {
    const board = createTrialBoard(1);
    board.advance(news(10, 0, 0));
    board.advance(news(20, 0, 0));
    board.end('lengths/he-normal/depth=5#3');
    expect(titles(board)).toEqual(['Depth 10, no. 1: He normal']);
  });
});
