/**
 * Three projects. `fast` holds what a change should run again at once: the packages' and apps' own tests and the
 * architecture rules. `whole` holds properties of the whole: theory against simulation, engines against each other, the
 * command as a process, documents that run, packed packages, other browsers and benchmarks. `alone` holds what measures
 * time, one file at a time: the page, with limits on how long it may take, workers and threads.
 *
 * Files of `fast` share a process and what it has loaded: loading the sources anew for every file would take as long as
 * the tests. So no test may leave anything behind.
 *
 * Tests resolve `@kindling/*` to sources through the export condition `@kindling/source`, so they need no build, save for
 * those that run built output in a process of its own.
 */
import { defineConfig } from 'vitest/config';

// Vite's own list for code that runs in Node, with the workspace's condition before it.
const conditions = ['@kindling/source', 'module', 'node', 'development|production'];

/** Fills a quarter of a gigabyte by small pieces: in a process that has loaded everything, collecting them takes long. */
const large = 'packages/trainer/test/data-gunzip.test.ts';
/** Tests that ask how long something takes, or how much at once. */
const timed = ['test/browser/explorable*.test.ts', 'test/workers/**/*.test.ts'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    pool: 'forks',
    setupFiles: ['./scripts/fail-on-console.ts'],
    passWithNoTests: false,
    // Two cores are what the project promises to be usable on.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: [
            'packages/*/test/**/*.test.ts',
            'apps/*/test/**/*.test.{ts,tsx}',
            'test/architecture/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', large],
          isolate: false,
          testTimeout: 20_000,
          hookTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts', large],
          exclude: ['**/node_modules/**', 'test/architecture/**', ...timed],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: timed,
          testTimeout: 180_000,
          hookTimeout: 300_000,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
