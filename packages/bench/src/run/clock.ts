/** The only clock of the package. */
import type { PreparedWork } from '../benchmark.js';

/** Seconds since some moment. */
export function seconds(): number {
  return performance.now() / 1000;
}

/** `run` of work that is done when `work` returns. */
export function timed(work: () => void): PreparedWork['run'] {
  return (times) => {
    const start = seconds();
    for (let i = 0; i < times; i++) work();
    return Promise.resolve(seconds() - start);
  };
}

/** `run` of work that is done when the promise of `work` resolves. */
export function timedAsync(work: () => Promise<unknown>): PreparedWork['run'] {
  return async (times) => {
    const start = seconds();
    for (let i = 0; i < times; i++) await work();
    return seconds() - start;
  };
}
