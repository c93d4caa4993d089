/**
 * Writes the compiled kernels into `src/generated/strict-kernels.ts` as text, so that Node and every bundler load
 * them without a file, a fetch or a plugin.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const bytes = await readFile(createRequire(import.meta.url).resolve('@kindling/assembly/strict.wasm'));
const target = new URL('../src/generated/', import.meta.url);
await mkdir(target, { recursive: true });
await writeFile(
  new URL('strict-kernels.ts', target),
  `// Written by scripts/embed-kernels.mjs; do not edit.
/** SHA-256 of the module, hex: part of every record. */
export const strictKernelsHash = '${createHash('sha256').update(bytes).digest('hex')}';

/** The module, base64: ${bytes.length} bytes. */
export const strictKernelsBase64 =
  '${bytes.toString('base64')}';
`,
);
