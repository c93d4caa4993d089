/**
 * The long run: `pnpm --filter @kindling/models fuzz [cases] [format] [first case]`. Needs a build. Prints a line a format and every
 * failure with the number of its case; exits with 1 if there is one.
 */
import { runFuzz } from './run-fuzz.mjs';
import { fuzzSeeds } from './seeds.mjs';

const [count = '10000', wanted = '', first = '0'] = process.argv.slice(2);
let failed = false;
for (const seed of await fuzzSeeds()) {
  if (!seed.name.startsWith(wanted)) continue;
  const started = process.hrtime.bigint();
  const { models, errors, failures, slowest, grown } = await runFuzz(seed, Number(count), {
    first: Number(first),
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  console.log(
    `${seed.name}: ${count} cases in ${seconds.toFixed(1)} s, ${models} read, ${JSON.stringify(errors)}, slowest ${slowest.toFixed(0)} ms, memory +${grown.toFixed(0)} MiB`,
  );
  for (const failure of failures.slice(0, 10)) console.log(failure);
  failed ||= failures.length > 0;
}
process.exitCode = failed ? 1 : 0;
