/**
 * The yardstick: how many multiplications and additions a second WebAssembly SIMD can do on this machine in this run when
 * nothing else is asked of it. Loops of independent chains c = c·x + y in registers, two operations in each of four lanes.
 */
import type { Contender, PreparedWork } from './benchmark.js';
import { peakLoopsBase64 } from './generated/peak-loops.js';
import { seconds, timed } from './run/clock.js';

/** One loop of the module. */
interface Chains {
  readonly name: string;
  readonly operationsPerRound: number;
  readonly run: (rounds: number) => number;
}

/** Calls of few rounds with which a loop is made hot: an engine replaces code between calls, not within one. */
const warmUpCalls = 3000;
const warmUpRounds = 400;
/** Operations of one timed call when the fastest loop is chosen: about a millisecond. */
const probeOperations = 5e7;
const probes = 25;

let chosen: Chains | undefined;

/** The fastest loop here, chosen once a process; takes about a quarter of a second. */
function fastestChains(): Chains {
  if (chosen !== undefined) return chosen;
  const bytes = Buffer.from(peakLoopsBase64, 'base64');
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  let best = Number.POSITIVE_INFINITY;
  let fastest: Chains | undefined;
  for (const [name, run] of Object.entries(exports)) {
    const [, count, repeat] = /^chains_(\d+)x(\d+)$/.exec(name) ?? [];
    if (count === undefined || repeat === undefined || typeof run !== 'function') continue;
    const loop = run as (rounds: number) => number;
    const operationsPerRound = 8 * Number(count) * Number(repeat);
    for (let i = 0; i < warmUpCalls; i++) loop(warmUpRounds);
    for (let i = 0; i < probes; i++) {
      const start = seconds();
      loop(Math.ceil(probeOperations / operationsPerRound));
      const elapsed = seconds() - start;
      if (elapsed >= best) continue;
      best = elapsed;
      fastest = { name, operationsPerRound, run: loop };
    }
  }
  if (fastest === undefined) throw new Error('peak: the module has no loop; expected chains_NxM');
  chosen = fastest;
  return fastest;
}

/** Label of the yardstick among the contenders. */
export const peakLabel = 'WASM peak';

/** The yardstick as a contender: does `operations` floating-point operations, as many as the work it is compared with. */
export function peakContender(operations: number): Contender {
  return {
    label: peakLabel,
    prepare: () => {
      const { run, operationsPerRound } = fastestChains();
      const rounds = Math.ceil(operations / operationsPerRound);
      const work: PreparedWork = {
        run: timed(() => {
          run(rounds);
        }),
        result: () => Promise.resolve(null),
        dispose: () => Promise.resolve(),
      };
      return Promise.resolve(work);
    },
  };
}

/** The yardstick now: best of a few milliseconds, 1e9 operations a second. */
export function measurePeak(): number {
  const { run, operationsPerRound } = fastestChains();
  const rounds = Math.ceil(probeOperations / operationsPerRound);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < probes; i++) {
    const start = seconds();
    run(rounds);
    best = Math.min(best, seconds() - start);
  }
  return (rounds * operationsPerRound) / best / 1e9;
}
