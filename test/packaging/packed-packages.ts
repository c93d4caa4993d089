/**
 * Packs every published package with `npm pack` and installs all the archives into one empty project, as a user's npm
 * would. The build must have run; nothing here builds.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listPublishedPackages, type Manifest, root } from '../architecture/workspace.js';
import { runSuccessfully } from '../documentation/run-command.js';

/** A packed package. */
export interface PackedPackage {
  /** Relative to the root, such as `packages/core`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Absolute path of the archive. */
  readonly archive: string;
  /** The archive's files, relative to the package, sorted. */
  readonly files: readonly string[];
  /** Absolute path of the unpacked archive. */
  readonly unpacked: string;
}

/** All packages packed and installed. */
export interface Installation {
  readonly packages: readonly PackedPackage[];
  /** Absolute path of the project they are installed in. */
  readonly project: string;
  /** Removes everything again. */
  remove(): Promise<void>;
}

/**
 * Packs and installs.
 *
 * @throws Error when a package is not built, or npm fails; with npm's output.
 */
export async function installPackages(): Promise<Installation> {
  // The real path, because npm and Node print it.
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'kindling-packaging-')));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const packages: PackedPackage[] = [];
    for (const { folder: source, manifest } of listPublishedPackages()) {
      if (!existsSync(join(root, source, 'dist'))) {
        throw new Error(
          `installPackages: ${source} is not built; expected ${source}/dist — run \`pnpm build\` first`,
        );
      }
      packages.push(await pack(source, manifest, folder));
    }
    const project = join(folder, 'project');
    await mkdir(project);
    await writeFile(
      join(project, 'package.json'),
      '{ "name": "consumer", "private": true, "type": "module" }\n',
    );
    const archives = packages.map(({ archive }) => archive);
    const install = ['install', '--no-audit', '--no-fund', ...archives, ...usersOwn()];
    await runSuccessfully('npm', install, project, 240_000);
    return { packages, project, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** What a user of a package has before it, and the examples of its README import: `name@version`. */
function usersOwn(): readonly string[] {
  const tfjs = listPublishedPackages().find(({ manifest }) => manifest.name === '@kindling/tfjs');
  const versions = tfjs?.manifest.devDependencies ?? {};
  return ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'].map((name) => `${name}@${versions[name]}`);
}

async function pack(source: string, manifest: Manifest, folder: string): Promise<PackedPackage> {
  const target = join(folder, source.replaceAll('/', '-'));
  await mkdir(target);
  await runSuccessfully('npm', ['pack', '--pack-destination', target], join(root, source));
  const name = (await readdir(target)).find((file) => file.endsWith('.tgz'));
  if (name === undefined) throw new Error(`pack: "npm pack" left no archive of ${source}`);
  await runSuccessfully('tar', ['-xzf', name], target);
  const unpacked = join(target, 'package');
  const entries = await readdir(unpacked, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(unpacked.length + 1))
    .sort();
  return { folder: source, manifest, archive: join(target, name), files, unpacked };
}

/** Text of a file of a packed package, or null when it is not text. */
export async function readPacked(packed: PackedPackage, file: string): Promise<string | null> {
  const bytes = await readFile(join(packed.unpacked, file));
  return bytes.includes(0) || /\.gz$/.test(file) ? null : bytes.toString('utf8');
}
