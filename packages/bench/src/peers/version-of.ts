/** Versions of installed packages, asked from where this package lies. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Folder of an installed package; null when it is not there. Packages need not export their package.json. */
export function folderOf(name: string): string | null {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    if (existsSync(join(folder, name, 'package.json'))) return join(folder, name);
  }
  return null;
}

/** Version of an installed package; `unknown` when it is not there. */
export function versionOf(name: string): string {
  const folder = folderOf(name);
  if (folder === null) return 'unknown';
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return known ? String(manifest.version) : 'unknown';
}

/** The versions this package was written for. */
function wantedVersions(): Readonly<Record<string, string>> {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return (manifest as { readonly peerDependencies: Readonly<Record<string, string>> }).peerDependencies;
}

/** The line for a peer whose packages are missing; null when all are there. */
export function missingPackages(names: readonly string[]): string | null {
  if (names.every((name) => folderOf(name) !== null)) return null;
  const versions = wantedVersions();
  return `not installed; npm install ${names.map((name) => `${name}@${versions[name] ?? 'latest'}`).join(' ')}`;
}
