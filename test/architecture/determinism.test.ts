/**
 * Inside a trial there is no clock, no chance but the derived keys, and no arithmetic whose last digit is the engine's
 * choice. The rule covers every source of the numerics packages and of the studies; code outside trials is excepted by
 * name, with the reason. An exception that is no longer needed fails, so the list stays true.
 */
import { describe, expect, it } from 'vitest';
import { findClockAndChance, findInexactMath, parse } from './source-file.js';
import { listFiles } from './workspace.js';

interface Exception {
  /** A file, or a folder with `/` at its end. */
  readonly path: string;
  readonly why: string;
}

/** Host arithmetic is allowed here. */
const mathExceptions: readonly Exception[] = [
  {
    path: 'packages/core/src/reference/',
    why: 'the plain twins of the kernels that tests compare with; no trial runs them',
  },
  {
    path: 'packages/trainer/src/reference/',
    why: 'the plain f64 twin that tests compare the kernels with, within a tolerance; no trial runs it',
  },
  {
    path: 'packages/studies/src/lengths/lengths-figure.ts',
    why: 'draws: axis positions and labels from a finished summary',
  },
  {
    path: 'packages/studies/src/training/epochs-figure.ts',
    why: 'draws: axis positions and labels from a finished summary',
  },
  {
    path: 'packages/studies/src/lengths/reading.ts',
    why: 'words a finished summary for people: expectations it compares with are printed to a few digits',
  },
  {
    path: 'packages/bench/src/',
    why: 'times Kindling beside its peers; no trial runs it',
  },
];

/** The clock is allowed here. */
const clockExceptions: readonly Exception[] = [
  {
    path: 'packages/studies/src/node/directory-lock.ts',
    why: 'a lock file says since when the directory is taken; it is no part of a record',
  },
  {
    path: 'packages/bench/src/run/clock.ts',
    why: 'a benchmark is a clock; no trial runs it',
  },
];

const sources = listFiles().filter((file) => /^packages\/[^/]+\/src\/.*\.ts$/.test(file));

function isExcepted(file: string, exceptions: readonly Exception[]): boolean {
  return exceptions.some(({ path }) => (path.endsWith('/') ? file.startsWith(path) : file === path));
}

const rules = [
  { rule: 'host arithmetic', find: findInexactMath, exceptions: mathExceptions },
  { rule: 'clock and chance', find: findClockAndChance, exceptions: clockExceptions },
] as const;

describe.each(rules.map((entry) => [entry.rule, entry] as const))('%s', (_, { find, exceptions }) => {
  it('is not used inside trials', () => {
    expect(
      sources.filter((file) => !isExcepted(file, exceptions)).flatMap((file) => find(parse(file))),
    ).toEqual([]);
  });

  it('has only exceptions that are needed', () => {
    const idle = exceptions.filter(
      (exception) => !sources.some((file) => isExcepted(file, [exception]) && find(parse(file)).length > 0),
    );
    expect(idle).toEqual([]);
  });
});
