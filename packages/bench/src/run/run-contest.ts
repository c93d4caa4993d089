/**
 * Times the contenders of one benchmark against each other: results are compared first, then everybody is warmed up, then
 * samples are taken in turns, so that a machine that slows down slows everybody down.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { median } from '@kindling/core';
import type { Benchmark, Contender, PreparedWork } from '../benchmark.js';
import { type Budget, leastSamples } from './budget.js';
import { DisagreementError } from './disagreement-error.js';
import type { Measurement, Omission } from './measurement.js';

interface Runner {
  readonly contender: Contender;
  readonly work: PreparedWork;
  readonly distance: number | null;
  /** Seconds for doing the work once, a sample each. */
  readonly samples: number[];
  repeats: number;
  /** Seconds in samples so far. */
  spent: number;
}

/** Slices of the warm-up: between them the engine gets the thread to put compiled code in place. */
const warmUpSlices = 5;
const leastWarmUpSlices = 2;

/** What a contest gave. */
export interface ContestOutcome {
  readonly measurements: readonly Measurement[];
  /** Contenders that failed at the work. */
  readonly omissions: readonly Omission[];
}

/**
 * Measures one benchmark. A contender that throws is left out, unless it is the first.
 *
 * @throws DisagreementError when a contender's result is farther from the first one's than the tolerance
 */
export async function runContest(benchmark: Benchmark, budget: Budget): Promise<ContestOutcome> {
  const works: PreparedWork[] = [];
  const omissions: Omission[] = [];
  try {
    const runners: Runner[] = [];
    let expected: ArrayLike<number> | null = null;
    for (const contender of benchmark.contenders) {
      let work: PreparedWork;
      let result: ArrayLike<number> | null;
      try {
        work = await contender.prepare();
        works.push(work);
        for (let i = 0; i < budget.comparedRuns; i++) await work.run(1);
        result = await work.result();
      } catch (error) {
        if (contender === benchmark.contenders[0]) throw error;
        const reason = `it failed: ${error instanceof Error ? error.message : String(error)}`;
        omissions.push({ benchmark: benchmark.name, contender: contender.label, reason });
        continue;
      }
      expected ??= result;
      const distance = compare(benchmark, contender, expected, result);
      runners.push({ contender, work, distance, samples: [], repeats: 1, spent: 0 });
    }
    for (const runner of runners) await warmUp(runner, budget);
    for (let round = 0; round < budget.rounds; round++) {
      // Another one begins each time: whoever comes after a contender finds its data in the caches.
      for (let i = 0; i < runners.length; i++) await sample(runners[(round + i) % runners.length], budget);
    }
    return { measurements: measurements(benchmark, runners), omissions };
  } finally {
    for (const work of works.reverse()) await work.dispose();
  }
}

function compare(
  { name, agreement }: Benchmark,
  { label }: Contender,
  expected: ArrayLike<number> | null,
  result: ArrayLike<number> | null,
): number | null {
  if (expected === null || result === null || expected === result) return null;
  const distance = agreement.distance(expected, result);
  if (distance <= agreement.tolerance) return distance;
  throw new DisagreementError(
    `runContest: ${name}: the result of ${label} is ${distance} away; expected at most ${agreement.tolerance}`,
    { benchmark: name, contender: label, distance, tolerance: agreement.tolerance },
  );
}

/** Runs the work until it has had its warm-up, and finds how often a sample must repeat it. */
async function warmUp(runner: Runner, { warmUpSeconds, sampleSeconds }: Budget): Promise<void> {
  if (warmUpSeconds === 0) return;
  let once = Number.POSITIVE_INFINITY;
  let total = 0;
  for (let slice = 0; slice < leastWarmUpSlices || total < warmUpSeconds; slice++) {
    let spent = 0;
    for (let times = 1; spent < warmUpSeconds / warmUpSlices; times *= 2) {
      const elapsed = await runner.work.run(times);
      spent += Math.max(elapsed, 1e-6);
      once = Math.min(once, elapsed / times);
    }
    total += spent;
    await pause(1);
  }
  runner.repeats = Math.max(1, Math.ceil(sampleSeconds / Math.max(once, 1e-9)));
}

async function sample(runner: Runner | undefined, { mostSeconds }: Budget): Promise<void> {
  if (runner === undefined) return;
  if (runner.spent > mostSeconds && runner.samples.length >= leastSamples) return;
  const elapsed = await runner.work.run(runner.repeats);
  runner.spent += elapsed;
  runner.samples.push(elapsed / runner.repeats);
}

function measurements({ name, operations, agreement }: Benchmark, runners: readonly Runner[]): Measurement[] {
  const first = runners[0]?.samples ?? [];
  return runners.map(({ contender, work, samples, distance }) => {
    const middle = median(samples);
    return {
      benchmark: name,
      contender: contender.label,
      milliseconds: {
        median: 1000 * middle,
        least: 1000 * Math.min(...samples),
        most: 1000 * Math.max(...samples),
      },
      samples: samples.length,
      ratio: pairedRatio(samples, first),
      gigaflops: operations === null ? null : operations / middle / 1e9,
      distance,
      tolerance: distance === null ? null : agreement.tolerance,
      bytes: work.bytes?.() ?? null,
    };
  });
}

/**
 * The median of `samples` over `first`, each with its neighbour of the same round: a machine that is slow for some seconds slows both,
 * while medians apart may come from different times. One that gave up has fewer samples, its own rounds being the first ones.
 */
function pairedRatio(samples: readonly number[], first: readonly number[]): number {
  const rounds = Math.min(samples.length, first.length);
  return median(samples.slice(0, rounds).map((seconds, round) => seconds / (first[round] ?? Number.NaN)));
}
