/**
 * The yardstick: how many multiplications and additions a second WebAssembly SIMD can do on this machine in this run when
 * nothing else is asked of it. Loops of independent chains c = c·x + y in registers, two operations in each of four lanes.
 */
import type { Contender, PreparedWork } from './benchmark.js';
import { peakLoopsBase64 } from './generated/peak-loops.js';
import { seconds, timed } from './run/clock.js';

/** One loop of the module. */
interface Chains {
  readonly operationsPerRound: number;
  readonly run: (rounds: number) => number;
  /** Best rate so far, operations a second. */
  rate: number;
}

/** Calls of few rounds with which a loop is made hot: an engine replaces code between calls, not within one. */
const warmUpCalls = 3000;
const warmUpRounds = 400;
/** Operations of one timed call when loops are compared: about a millisecond. */
const probeOperations = 5e7;
const probes = 5;

let loops: readonly Chains[] | undefined;

function openLoops(): readonly Chains[] {
  if (loops !== undefined) return loops;
  const bytes = Buffer.from(peakLoopsBase64, 'base64');
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  loops = Object.entries(exports).flatMap(([name, run]) => {
    const [, count, repeat] = /^chains_(\d+)x(\d+)$/.exec(name) ?? [];
    if (count === undefined || repeat === undefined || typeof run !== 'function') return [];
    const loop = run as (rounds: number) => number;
    for (let i = 0; i < warmUpCalls; i++) loop(warmUpRounds);
    return [{ operationsPerRound: 8 * Number(count) * Number(repeat), run: loop, rate: 0 }];
  });
  return loops;
}

/**
 * Tries every loop again and gives the fastest so far. On a busy machine optimized code may come late, and a loop may look
 * slow for a while: so it is asked each time the yardstick is taken out.
 */
function fastestChains(): Chains {
  const known = openLoops();
  for (let i = 0; i < probes; i++) {
    for (const chains of known) {
      const rounds = Math.ceil(probeOperations / chains.operationsPerRound);
      const start = seconds();
      chains.run(rounds);
      const rate = (rounds * chains.operationsPerRound) / (seconds() - start);
      chains.rate = Math.max(chains.rate, rate);
    }
  }
  return known.reduce((best, chains) => (chains.rate > best.rate ? chains : best));
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

/** The best that a loop has done so far in this process, 1e9 operations a second. */
export function measurePeak(): number {
  return fastestChains().rate / 1e9;
}
