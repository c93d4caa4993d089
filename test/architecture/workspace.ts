/**
 * The repository as data for the architecture rules: its files as git sees them (tracked or new, never ignored), and its
 * packages with their manifests.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository's root, without a slash at its end. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The parts of a package.json the rules read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A package of the workspace; `folder` is relative to the root, such as `packages/core`. */
export interface WorkspacePackage {
  readonly folder: string;
  readonly manifest: Manifest;
}

let listed: readonly string[] | undefined;

/** Every file of the repository relative to the root, `/` between folders, sorted. */
export function listFiles(): readonly string[] {
  if (listed === undefined) {
    const output = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    // A file that was deleted and not yet committed is still listed.
    const files = output.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
    listed = [...new Set(files)].sort();
  }
  return listed;
}

/** Text of a file, by its path relative to the root. */
export function readText(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** Every package of the workspace but the root, in the order of their folders. */
export function listPackages(): readonly WorkspacePackage[] {
  return listFiles()
    .filter((file) => /^(assembly|test|packages\/[^/]+|apps\/[^/]+)\/package\.json$/.test(file))
    .map((file) => ({
      folder: file.slice(0, -'/package.json'.length),
      manifest: JSON.parse(readText(file)) as Manifest,
    }));
}

/** The packages that npm gets: those not marked private. */
export function listPublishedPackages(): readonly WorkspacePackage[] {
  return listPackages().filter(({ manifest }) => manifest.private !== true);
}
