/**
 * The long run: `pnpm --filter @kindling/models fuzz [cases] [format] [first case]`. Needs a build. Prints a line a format and every
 * failure with the number of its case; exits with 1 if there is one. The cases run in a thread, so that one that hangs is seen.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { runFuzz } from './run-fuzz.mjs';
import { fuzzSeeds } from './seeds.mjs';

/** A case that takes longer hangs. */
const mostSeconds = 30;

if (isMainThread) await watch();
else await fuzz(workerData.cases, workerData.format, workerData.first, new Int32Array(workerData.current));

async function watch() {
  const [cases = '10000', format = '', first = '0'] = process.argv.slice(2);
  const memory = new SharedArrayBuffer(4);
  const current = new Int32Array(memory);
  const data = { cases: Number(cases), format, first: Number(first), current: memory };
  const worker = new Worker(new URL(import.meta.url), { workerData: data });
  let last = -1;
  const watchdog = setInterval(() => {
    const now = Atomics.load(current, 0);
    if (now === last) {
      console.log(`case ${now} takes more than ${mostSeconds} s`);
      process.exit(1);
    }
    last = now;
  }, 1000 * mostSeconds);
  process.exitCode = await new Promise((resolve, reject) => {
    worker.once('message', (failed) => resolve(failed ? 1 : 0));
    worker.once('error', reject);
  });
  clearInterval(watchdog);
}

/**
 * @param {number} cases
 * @param {string} format the beginning of a seed's name
 * @param {number} first
 * @param {Int32Array} current where the number of the case at hand is told
 */
async function fuzz(cases, format, first, current) {
  let failed = false;
  for (const seed of await fuzzSeeds()) {
    if (!seed.name.startsWith(format)) continue;
    const started = process.hrtime.bigint();
    const onCase = (/** @type {number} */ number) => Atomics.store(current, 0, number);
    const { models, errors, failures, slowest, grown } = await runFuzz(seed, cases, { first, onCase });
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    console.log(
      `${seed.name}: ${cases} cases in ${seconds.toFixed(1)} s, ${models} read, ${JSON.stringify(errors)}, slowest ${slowest.toFixed(0)} ms, memory +${grown.toFixed(0)} MiB`,
    );
    for (const failure of failures.slice(0, 10)) console.log(failure);
    failed ||= failures.length > 0;
    // Sources in memory never leave the microtasks: what was printed waits for a turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  parentPort?.postMessage(failed);
}
