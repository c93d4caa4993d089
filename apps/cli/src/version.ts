/** Versions, read from the packages as they are installed rather than written down a second time. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Version of the package `kindling`. */
export function ownVersion(): string {
  return versionIn(new URL('../package.json', import.meta.url));
}

/** Version of an installed package that exports its `package.json`; `not found` when it is not there. */
export function packageVersionOf(name: string): string {
  try {
    return versionIn(require.resolve(`${name}/package.json`));
  } catch {
    return 'not found';
  }
}

function versionIn(file: URL | string): string {
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return known ? String(manifest.version) : 'unknown';
}
