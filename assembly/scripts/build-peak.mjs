/**
 * Compiles the yardstick of the benchmark to `build/peak.wasm`: loops of nothing but multiplications and additions on
 * independent accumulators, which no matrix product can outrun. It is not part of the kernels, so that changing it changes
 * no record.
 *
 * How many accumulators hide the latency best, and whether a longer body helps, differs between machines and engines: the
 * benchmark takes the fastest. The factors are loaded from memory, because V8 makes constants anew in every round.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const accumulators = [10, 12, 13];
const repeats = [1, 4];

/** One loop: `rounds` times `repeat` times c = c·x + y for every accumulator; 8 · count · repeat operations a round. */
function loop(count, repeat) {
  const names = Array.from({ length: count }, (_, i) => `c${i}`);
  const step = names.map((c) => `    ${c} = f32x4.add(f32x4.mul(${c}, x), y);`);
  return `
export function chains_${count}x${repeat}(rounds: i32): f32 {
  const x = v128.load(factors);
  const y = v128.load(factors, 16);
${names.map((c, i) => `  let ${c} = f32x4.splat(${(1 + i / 10).toFixed(1)});`).join('\n')}
  for (let i = 0; i < rounds; i++) {
${Array.from({ length: repeat }, () => step.join('\n')).join('\n')}
  }
  return f32x4.extract_lane(${names.reduce((sum, c) => `f32x4.add(${sum}, ${c})`)}, 0);
}`;
}

const source = `// Written by scripts/build-peak.mjs; do not edit.
// The sums stay near 0.1: neither overflow nor numbers below the normal range, which are slow.
const factors: usize = memory.data<f32>([0.999999, 0.999999, 0.999999, 0.999999, 1e-7, 1e-7, 1e-7, 1e-7], 16);
${accumulators.flatMap((count) => repeats.map((repeat) => loop(count, repeat))).join('\n')}
`;

await mkdir(`${root}/src/peak/generated`, { recursive: true });
await writeFile(`${root}/src/peak/generated/chains.ts`, source);
await mkdir(`${root}/build`, { recursive: true });
const { error } = await asc.main(
  [
    'src/peak/generated/chains.ts',
    ...['--baseDir', root],
    ...['--outFile', 'build/peak.wasm'],
    ...['--enable', 'simd'],
    ...['--runtime', 'stub'],
    ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--noAssert'],
    ...['--use', 'abort='],
  ],
  { stdout: process.stdout, stderr: process.stderr },
);
if (error) {
  process.stderr.write(`assembly: the yardstick did not compile: ${error.message}\n`);
  process.exitCode = 1;
}
