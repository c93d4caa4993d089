/**
 * Writes the compiled kernels into `src/generated/strict-kernels.ts` and `relaxed-kernels.ts` as text, so that Node and every
 * bundler load them without a file, a fetch or a plugin.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const target = new URL('../src/generated/', import.meta.url);
await mkdir(target, { recursive: true });

for (const build of ['strict', 'relaxed']) {
  const bytes = await readFile(require.resolve(`@kindling/assembly/${build}.wasm`));
  await writeFile(
    new URL(`${build}-kernels.ts`, target),
    `// Written by scripts/embed-kernels.mjs; do not edit.
import type { KernelModule } from '../kernels/kernel-module.js';

/** The ${build} build: ${bytes.length} bytes. */
export const ${build}Kernels: KernelModule = {
  build: '${build}',
  hash: '${createHash('sha256').update(bytes).digest('hex')}',
  base64: '${bytes.toString('base64')}',
};
`,
  );
}
