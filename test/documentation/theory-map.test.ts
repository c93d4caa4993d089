/**
 * docs/theory.md cannot go stale: every function it names is exported by the package its section names and mentioned in
 * the tests beside it, and every `predict*` function has a row.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { join as joinPosix } from 'node:path/posix';
import * as diagnostics from '@kindling/diagnostics';
import * as initializers from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { readText, root } from '../architecture/workspace.js';

const packages: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { diagnostics, initializers };
const trusts = ['published', 'derived', 'approximation'];

/** One formula of the map. */
interface Row {
  readonly statement: string;
  readonly trust: string;
  readonly formula: string;
  readonly functions: readonly string[];
  readonly packageName: string;
  readonly tests: readonly string[];
}

/** The rows of every table that has a column "function"; the package is the last one named in the text before it. */
function readMap(markdown: string): readonly Row[] {
  const rows: Row[] = [];
  let packageName = '';
  let columns: readonly string[] = [];
  for (const line of markdown.split('\n')) {
    if (!line.startsWith('|')) {
      columns = [];
      packageName = /functions are in `([a-z-]+)`/.exec(line)?.[1] ?? packageName;
      continue;
    }
    const cells = line
      .replace(/^\||\|$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
    if (columns.length === 0) {
      columns = cells;
      continue;
    }
    if (!columns.includes('function') || /^-+$/.test(cells[0] ?? '')) continue;
    const cell = (name: string) => cells[columns.indexOf(name)] ?? '';
    rows.push({
      statement: cell('statement'),
      trust: cell('trust'),
      formula: cell('formula'),
      functions: [...cell('function').matchAll(/`(\w+)`/g)].map((match) => match[1] ?? ''),
      packageName,
      tests: [...cell('test').matchAll(/\]\(([^)]+)\)/g)].map((match) => joinPosix('docs', match[1] ?? '')),
    });
  }
  return rows;
}

/** What is wrong with a row, or an empty list. */
function problems({ statement, trust, formula, functions, packageName, tests }: Row): readonly string[] {
  const found: string[] = [];
  if (statement === '' || formula === '') found.push('has no statement or formula');
  if (!trusts.includes(trust)) found.push(`has the trust "${trust}"`);
  if (functions.length === 0) found.push('names no function');
  if (tests.length === 0) found.push('names no test');
  const texts = tests.map((test) => {
    if (existsSync(join(root, test))) return readText(test);
    found.push(`names ${test}, which does not exist`);
    return '';
  });
  for (const name of functions) {
    if (typeof packages[packageName]?.[name] !== 'function') {
      found.push(`names ${name}, which ${packageName || 'no package'} does not export`);
    }
    if (!texts.some((text) => new RegExp(`\\b${name}\\b`).test(text))) {
      found.push(`names ${name}, which its tests do not mention`);
    }
  }
  return found;
}

describe('docs/theory.md', () => {
  const rows = readMap(readText('docs/theory.md'));

  it('has rows', () => {
    expect(rows.length).toBeGreaterThan(20);
  });

  it.each(rows.map((row) => [row.statement, row] as const))('%s: function and test are there', (_, row) => {
    expect(problems(row)).toEqual([]);
  });

  it('has a row for every predict* function', () => {
    const mapped = new Set(rows.flatMap(({ functions }) => functions));
    const exported = Object.values(packages).flatMap((all) => Object.keys(all));
    const missing = exported.filter((name) => /^predict[A-Z]/.test(name) && !mapped.has(name));
    expect(exported).toContain('predictLengths');
    expect(missing).toEqual([]);
  });

  it('would be seen to be stale', () => {
    const line = (functions: string, test: string, trust = 'derived') =>
      readMap(
        `The functions are in \`diagnostics\`.\n\n| statement | trust | formula | function | test |\n| --- | --- | --- | --- | --- |\n| a \\| b | ${trust} | c | ${functions} | [t](${test}) |\n`,
      ).flatMap(problems);
    const test = '../packages/diagnostics/test/predict-lengths.test.ts';
    expect(line('`predictLengths`', test)).toEqual([]);
    expect(line('`predictNothing`', test)).toEqual([
      'names predictNothing, which diagnostics does not export',
      'names predictNothing, which its tests do not mention',
    ]);
    expect(line('`predictTrainability`', test)).toEqual([
      'names predictTrainability, which its tests do not mention',
    ]);
    expect(line('`predictLengths`', '../no.test.ts')[0]).toBe('names no.test.ts, which does not exist');
    expect(line('`predictLengths`', test, 'hearsay')).toEqual(['has the trust "hearsay"']);
    expect(line('', test)).toEqual(['names no function']);
  });
});
