/** Writes the compiled yardstick into `src/generated/peak-loops.ts` as text, as core does with the kernels. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const bytes = await readFile(createRequire(import.meta.url).resolve('@kindling/assembly/peak.wasm'));
const target = new URL('../src/generated/', import.meta.url);
await mkdir(target, { recursive: true });
await writeFile(
  new URL('peak-loops.ts', target),
  `// Written by scripts/embed-peak.mjs; do not edit.
/** The module, base64: ${bytes.length} bytes. */
export const peakLoopsBase64 =
  '${bytes.toString('base64')}';
`,
);
