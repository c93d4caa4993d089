/** The contest's rules, with contenders that only count: no time is asserted. */
import { describe, expect, it } from 'vitest';
import type { Benchmark, Contender } from '../src/benchmark.js';
import { relativeDistance } from '../src/benchmark.js';
import { runContest } from '../src/run/run-contest.js';

const budget = { warmUpSeconds: 0.001, sampleSeconds: 0.003, rounds: 4, comparedRuns: 2, mostSeconds: 100 };

interface Log {
  readonly order: string[];
  disposed: number;
}

/** Says that doing the work once takes `each` seconds. */
function contender(label: string, each: number, result: readonly number[] | null, log: Log): Contender {
  return {
    label,
    prepare: () =>
      Promise.resolve({
        run: (times) => {
          log.order.push(label);
          return Promise.resolve(times * each);
        },
        result: () => Promise.resolve(result),
        dispose: () => {
          log.disposed += 1;
          return Promise.resolve();
        },
      }),
  };
}

function benchmark(...contenders: readonly Contender[]): Benchmark {
  const agreement = { distance: relativeDistance, tolerance: 0.01 };
  return { name: 'work', operations: 1e6, contenders, agreement };
}

const fresh = (): Log => ({ order: [], disposed: 0 });

describe('runContest', () => {
  it('gives medians, rates and ratios to the first', async () => {
    const log = fresh();
    const { measurements } = await runContest(
      benchmark(contender('a', 0.001, [1, 2], log), contender('b', 0.0025, [1, 2.001], log)),
      budget,
    );
    expect(measurements.map(({ contender: label }) => label)).toEqual(['a', 'b']);
    expect(measurements[0]).toMatchObject({ samples: 4, ratio: 1, distance: null, benchmark: 'work' });
    expect(measurements[0]?.milliseconds.median).toBeCloseTo(1);
    expect(measurements[0]?.gigaflops).toBeCloseTo(1);
    expect(measurements[1]?.ratio).toBeCloseTo(2.5);
    expect(measurements[1]?.distance).toBeCloseTo(0.0005);
    expect(log.disposed).toBe(2);
  });

  it('compares neighbours: a machine that is slow for some rounds leaves the ratio alone', async () => {
    const log = fresh();
    // Two compared runs come first.
    const slowing = (label: string, each: readonly number[]): Contender => {
      let run = -2;
      return {
        ...contender(label, 0, [1], log),
        prepare: async () => ({
          ...(await contender(label, 0, [1], log).prepare()),
          run: () => Promise.resolve(each[run++] ?? 0),
        }),
      };
    };
    // The machine is ten times as slow from the third round on; the second contender was disturbed in one.
    const work = benchmark(slowing('a', [1, 1, 10, 10]), slowing('b', [3, 30, 30, 30]));
    const { measurements } = await runContest(work, { ...budget, warmUpSeconds: 0 });
    const [a, b] = measurements.map(({ milliseconds }) => milliseconds.median);
    expect((b ?? 0) / (a ?? 1)).toBeGreaterThan(5);
    expect(measurements[1]?.ratio).toBe(3);
  });

  it('lets another contender begin each round', async () => {
    const log = fresh();
    const zero = { ...budget, warmUpSeconds: 0 };
    await runContest(benchmark(contender('a', 1, [1], log), contender('b', 1, [1], log)), zero);
    // Two compared runs each come first.
    expect(log.order.slice(4).join('')).toBe('abbaabba');
  });

  it('lets a slow contender leave the rounds when it has samples enough', async () => {
    const log = fresh();
    const hasty = { ...budget, rounds: 10, mostSeconds: 0.01 };
    const { measurements } = await runContest(
      benchmark(contender('fast', 1e-6, [1], log), contender('slow', 1, [1], log)),
      { ...hasty, sampleSeconds: 1e-6 },
    );
    expect(measurements.map(({ samples }) => samples)).toEqual([10, 3]);
  });

  it('refuses results that differ, and gives back what was prepared', async () => {
    const log = fresh();
    const run = runContest(
      benchmark(contender('a', 1, [1, 2], log), contender('b', 1, [1, 2.1], log)),
      budget,
    );
    await expect(run).rejects.toMatchObject({ code: 'disagreement', details: { contender: 'b' } });
    expect(log.disposed).toBe(2);
  });

  it('leaves out who fails, unless it is the first', async () => {
    const failing: Contender = { label: 'broken', prepare: () => Promise.reject(new Error('no room')) };
    const outcome = await runContest(benchmark(contender('a', 1, [1], fresh()), failing), budget);
    expect(outcome.measurements).toHaveLength(1);
    expect(outcome.omissions).toEqual([
      { benchmark: 'work', contender: 'broken', reason: 'it failed: no room' },
    ]);
    await expect(runContest(benchmark(failing), budget)).rejects.toThrow('no room');
  });

  it('compares nothing with a contender that has no result', async () => {
    const log = fresh();
    const { measurements } = await runContest(
      benchmark(contender('a', 1, [1], log), contender('yardstick', 1, null, log)),
      budget,
    );
    expect(measurements[1]).toMatchObject({ distance: null, tolerance: null });
  });
});

describe('relativeDistance', () => {
  it('is in units of the largest expected number', () => {
    expect(relativeDistance([1, -4], [1, -3])).toBe(0.25);
    expect(relativeDistance([1, 2], [1, 2])).toBe(0);
  });

  it.each([
    ['a missing number', [1, 2], [1]],
    ['NaN', [1, 2], [1, Number.NaN]],
    ['NaN before a number', [1, 2], [Number.NaN, 2]],
  ])('is infinite for %s', (_, expected, actual) => {
    expect(relativeDistance(expected, actual)).toBe(Number.POSITIVE_INFINITY);
  });
});
