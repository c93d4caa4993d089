/**
 * Compiles the kernels: generated tiles first, then AssemblyScript to `build/strict.wasm` and, with fused multiplications and
 * additions (src/math/multiply-add.ts), to `build/relaxed.wasm`.
 *
 * Stub runtime and imported memory: there is no allocator and no garbage collector in the module; whoever loads it
 * owns the memory and hands out addresses (see the arena of @kindling/core).
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { generateConvolutionTiles } from './generate-convolution-tiles.mjs';
import { generateTiles } from './generate-gemm-tiles.mjs';
import { generateSparseTiles } from './generate-sparse-tiles.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const generated = { gemm: generateTiles, sparse: generateSparseTiles, convolution: generateConvolutionTiles };
for (const [folder, generate] of Object.entries(generated)) {
  await mkdir(`${root}/src/${folder}/generated`, { recursive: true });
  await writeFile(`${root}/src/${folder}/generated/tiles.ts`, generate());
}
await mkdir(`${root}/build`, { recursive: true });

/** What the compiler may use in each build. */
const builds = { strict: ['simd'], relaxed: ['simd', 'relaxed-simd'] };

for (const [build, features] of Object.entries(builds)) {
  const { error } = await asc.main(
    [
      'src/index.ts',
      ...['--baseDir', root],
      ...['--outFile', `build/${build}.wasm`],
      ...features.flatMap((feature) => ['--enable', feature]),
      ...['--runtime', 'stub'],
      ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--noAssert'],
      // One page to start with; the arena grows it. 65,536 pages are the 4 GiB a 32-bit address reaches.
      ...['--importMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
      '--noExportMemory',
      ...['--use', 'abort='],
    ],
    { stdout: process.stdout, stderr: process.stderr },
  );
  if (error) {
    process.stderr.write(`assembly: the ${build} kernels did not compile: ${error.message}\n`);
    process.exitCode = 1;
    break;
  }
}
