/**
 * The direction of dependencies: who may know whom (ARCHITECTURE.md draws it), and that nobody reaches into another
 * package past its declared exports.
 */
import { isBuiltin } from 'node:module';
import { dirname, join, normalize } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { findGlobals, findImports, findLoads, parse } from './source-file.js';
import { listFiles, listPackages, type WorkspacePackage } from './workspace.js';

/** Package → the workspace packages its sources may import. A package missing here fails the first test. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  '@kindling/assembly': [],
  '@kindling/core': [],
  '@kindling/initializers': ['@kindling/core'],
  '@kindling/models': ['@kindling/core'],
  // Gradient lengths of a network that is at hand come from the one backward pass there is.
  '@kindling/diagnostics': [
    '@kindling/core',
    '@kindling/initializers',
    '@kindling/models',
    '@kindling/trainer',
  ],
  '@kindling/tfjs': ['@kindling/core', '@kindling/initializers', '@kindling/diagnostics', '@kindling/models'],
  '@kindling/trainer': ['@kindling/core'],
  '@kindling/studies': [
    '@kindling/core',
    '@kindling/initializers',
    '@kindling/diagnostics',
    '@kindling/trainer',
  ],
  '@kindling/bench': [
    '@kindling/core',
    '@kindling/initializers',
    '@kindling/diagnostics',
    '@kindling/trainer',
    '@kindling/studies',
  ],
  kindling: [
    '@kindling/core',
    '@kindling/initializers',
    '@kindling/models',
    '@kindling/diagnostics',
    '@kindling/trainer',
    '@kindling/studies',
    '@kindling/bench',
  ],
  '@kindling/web': [
    '@kindling/core',
    '@kindling/initializers',
    '@kindling/models',
    '@kindling/diagnostics',
    '@kindling/trainer',
    '@kindling/studies',
  ],
};

/** What a development dependency adds, for tests and builds; never for sources. */
const allowedInDevelopment: Readonly<Record<string, readonly string[]>> = {
  // The compiled kernels, which the build embeds.
  '@kindling/core': ['@kindling/assembly'],
  // The compiled yardstick, likewise.
  '@kindling/bench': ['@kindling/assembly'],
  // Its tests train nets, and the trainer never chooses an initializer itself.
  '@kindling/trainer': ['@kindling/initializers'],
  // Its tests compare gradients.
  '@kindling/tfjs': ['@kindling/trainer'],
  // The built page, which `kindling ui` serves.
  kindling: ['@kindling/web'],
};

const packages = listPackages();
const packageNames = new Set(packages.map(({ manifest }) => manifest.name));
const housed = packages.filter(({ folder }) => folder !== 'test');
const libraries = packages.filter(({ folder }) => folder.startsWith('packages/'));

function sourcesOf({ folder }: WorkspacePackage): readonly string[] {
  return listFiles().filter((file) => file.startsWith(`${folder}/src/`) && /\.[jt]sx?$/.test(file));
}

/** True for the parts that run in Node only: the CLI, the benchmark, and the folder `src/node` of a package. */
function isForNode(file: string): boolean {
  return /^(apps\/cli\/|packages\/bench\/|packages\/[^/]+\/src\/node\/)/.test(file);
}

/** `@kindling/core/x` → [`@kindling/core`, `./x`]. */
function splitSpecifier(specifier: string): readonly [name: string, subpath: string] {
  const parts = specifier.split('/');
  const nameLength = specifier.startsWith('@') ? 2 : 1;
  const rest = parts.slice(nameLength).join('/');
  return [parts.slice(0, nameLength).join('/'), rest === '' ? '.' : `./${rest}`];
}

function isExported(target: WorkspacePackage, subpath: string): boolean {
  return Object.keys(target.manifest.exports ?? {}).some((key) => {
    const [start = '', end] = key.split('*');
    return end === undefined ? key === subpath : subpath.startsWith(start) && subpath.endsWith(end);
  });
}

/** The bare part of a specifier: Vite's `?url` and the like are not part of the path. */
function withoutQuery(specifier: string): string {
  return specifier.replace(/\?.*$/, '');
}

describe('the direction of dependencies', () => {
  it('is known for every package', () => {
    expect(housed.map(({ manifest }) => manifest.name).sort()).toEqual(Object.keys(allowed).sort());
  });

  it.each(housed.map((entry) => [entry.manifest.name, entry] as const))(
    '%s depends downwards',
    (name, entry) => {
      const { dependencies, optionalDependencies, peerDependencies, devDependencies } = entry.manifest;
      const used = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
      const usedInDevelopment = Object.keys(devDependencies ?? {});
      const may = allowed[name] ?? [];
      const mayInDevelopment = [...may, ...(allowedInDevelopment[name] ?? [])];
      expect(used.filter((other) => packageNames.has(other) && !may.includes(other))).toEqual([]);
      expect(
        usedInDevelopment.filter((other) => packageNames.has(other) && !mayInDevelopment.includes(other)),
      ).toEqual([]);
    },
  );

  it.each(housed.map((entry) => [entry.manifest.name, entry] as const))(
    '%s imports only what it declares, through declared exports',
    (name, entry) => {
      const { dependencies, optionalDependencies, peerDependencies } = entry.manifest;
      const declared = new Set(
        Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }),
      );
      const wrong: string[] = [];
      for (const file of sourcesOf(entry)) {
        for (const { place, what } of findImports(parse(file))) {
          const specifier = withoutQuery(what);
          if (specifier.startsWith('.')) {
            const target = normalize(join(dirname(file), specifier));
            if (!target.startsWith(`${entry.folder}/`)) wrong.push(`${place} leaves the package: ${what}`);
            continue;
          }
          if (isBuiltin(specifier)) continue;
          const [target, subpath] = splitSpecifier(specifier);
          if (!declared.has(target)) wrong.push(`${place} imports ${what}, which ${name} does not depend on`);
          const sibling = packages.find(({ manifest }) => manifest.name === target);
          if (sibling !== undefined && !(allowed[name] ?? []).includes(target)) {
            wrong.push(`${place} imports ${what} against the direction`);
          }
          if (sibling !== undefined && !isExported(sibling, subpath)) {
            wrong.push(`${place} imports ${what}, which ${target} does not export`);
          }
        }
      }
      expect(wrong).toEqual([]);
    },
  );
});

describe('a worker of studies', () => {
  /** What a source loads from outside its package, by itself and through others. */
  function loadedBy(entry: string): ReadonlySet<string> {
    const outside = new Set<string>();
    const files = new Set([entry]);
    for (const file of files) {
      for (const specifier of findLoads(parse(file))) {
        if (specifier.startsWith('.')) {
          files.add(normalize(join(dirname(file), specifier)).replace(/\.js$/, '.ts'));
        } else outside.add(specifier);
      }
    }
    return outside;
  }

  it('loads nothing that draws: that would be most of its start', () => {
    expect(loadedBy('packages/studies/src/node/index.ts')).toContain('comlink');
    expect(loadedBy('packages/studies/src/node/index.ts')).not.toContain('@observablehq/plot');
    expect(loadedBy('packages/studies/src/catalog/catalog.ts')).toContain('@observablehq/plot');
  });
});

describe('platforms', () => {
  const portable = [...libraries, ...packages.filter(({ folder }) => folder === 'apps/web')];

  it.each(portable.map((entry) => [entry.manifest.name, entry] as const))(
    '%s touches Node only in src/node',
    (_, entry) => {
      const wrong: string[] = [];
      for (const file of sourcesOf(entry)) {
        if (isForNode(file)) continue;
        for (const { place, what } of findImports(parse(file))) {
          const specifier = withoutQuery(what);
          if (isBuiltin(specifier)) wrong.push(`${place} imports ${what}`);
          if (packageNames.has(splitSpecifier(specifier)[0]) && splitSpecifier(specifier)[1] === './node') {
            wrong.push(`${place} imports ${what}`);
          }
          if (specifier.startsWith('.') && isForNode(normalize(join(dirname(file), specifier)))) {
            wrong.push(`${place} imports ${what}`);
          }
        }
        const globals = new Set(['process', 'Buffer', 'require', '__dirname', '__filename', 'setImmediate']);
        for (const { place, what } of findGlobals(parse(file), globals)) wrong.push(`${place} uses ${what}`);
      }
      expect(wrong).toEqual([]);
    },
  );

  it.each(libraries.map((entry) => [entry.manifest.name, entry] as const))(
    '%s touches no page and starts no worker on its own',
    (_, entry) => {
      // A figure gets its document as an argument; an app passes `spawn`. `workerThread` in src/node is such a `spawn`.
      const page = new Set(
        'document window navigator localStorage sessionStorage location history customElements XMLHttpRequest HTMLElement SVGElement requestAnimationFrame'.split(
          ' ',
        ),
      );
      const wrong = sourcesOf(entry).flatMap((file) => [
        ...findGlobals(parse(file), page),
        ...(isForNode(file) ? [] : findGlobals(parse(file), new Set(['Worker', 'SharedWorker']))),
      ]);
      expect(wrong).toEqual([]);
    },
  );
});
