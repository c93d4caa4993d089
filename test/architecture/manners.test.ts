/** The rules a formatter cannot check: names of folders, length of files, shortcuts in types, traces of a machine. */
import { describe, expect, it } from 'vitest';
import { findAny, parse } from './source-file.js';
import { listFiles, listPackages, listPublishedPackages, readText } from './workspace.js';

const files = listFiles();
const sources = files.filter((file) => /\.(ts|tsx|mts|js|mjs|css)$/.test(file));
// What is left out holds no text.
const texts = files.filter((file) => !/\.(gz|wasm|png|ico|woff2)$/.test(file));

/** `file:line` of every line that matches. */
function search(paths: readonly string[], pattern: RegExp): readonly string[] {
  return paths.flatMap((file) =>
    readText(file)
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1} ${line.trim().slice(0, 160)}`] : [])),
  );
}

describe('names', () => {
  it('has no folder or file for things without a name', () => {
    const nameless = /(^|\/)(utils?|common|shared|helpers?|types|misc)(\/|\.[a-z.]+$)/i;
    expect(files.filter((file) => nameless.test(file))).toEqual([]);
  });
});

describe('sources', () => {
  it('are at most 500 lines long', () => {
    const long = sources
      .map((file) => [file, readText(file).split('\n').length] as const)
      .filter(([, n]) => n > 500);
    expect(long).toEqual([]);
  });

  // Parses every source: seconds on a quiet machine.
  it('never use the type any', { timeout: 60_000 }, () => {
    expect(sources.filter((file) => /\.m?tsx?$/.test(file)).flatMap((file) => findAny(parse(file)))).toEqual(
      [],
    );
  });

  it('never switch the type checker off', () => {
    expect(search(sources, /@ts-(?:ignore|nocheck)\b/)).toEqual([]);
  });

  it('leave nothing for later in a comment', () => {
    expect(search(sources, /\b(?:TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b/)).toEqual([]);
  });
});

describe('tracked files', () => {
  it('name no path of a machine', () => {
    // An absolute path below the usual homes; a URL or a longer path with such a part is not meant.
    expect(search(texts, /(?<![\w.@)\]}*/-])\/(?:home|root|work|Users)\/[\w.-]/)).toEqual([]);
  });

  it('name no registry', () => {
    expect(
      search(texts, /\bregistry\.[\w-]+\.[a-z]{2,}|^\s*(?:@[\w-]+:)?registry\s*=|\btarball:\s*http/),
    ).toEqual([]);
  });
});

describe('packages', () => {
  const license = readText('LICENSE');

  it('carry one version', () => {
    const versions = new Set(listPackages().map(({ manifest }) => manifest.version));
    expect([...versions]).toHaveLength(1);
  });

  it('have a README', () => {
    const housed = listPackages().filter(({ folder }) => folder !== 'test');
    expect(housed.map(({ folder }) => `${folder}/README.md`).filter((file) => !files.includes(file))).toEqual(
      [],
    );
  });

  // npm packs a LICENSE only when it lies in the package itself and is no link.
  it.each(listPublishedPackages().map(({ folder }) => folder))(
    '%s carries the licence of the repository',
    (folder) => {
      expect(files).toContain(`${folder}/LICENSE`);
      expect(readText(`${folder}/LICENSE`)).toBe(license);
    },
  );
});
