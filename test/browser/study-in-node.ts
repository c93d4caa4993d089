/** The same study in Node, for comparison with the page: starts `node-study.mjs` without anything of the test runner's. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Figure1Options } from '@kindling/studies';

/** What a run in Node came to. */
export interface NodeRun {
  /** Canonical lines in the order of the plan. */
  readonly records: string;
  /** The bytes of `summary.json`. */
  readonly summary: string;
}

/** Runs figure 1 on the embedded data with one worker thread, on the built packages. */
export async function runInNode(options: Omit<Figure1Options, 'data'>): Promise<NodeRun> {
  const script = fileURLToPath(new URL('./node-study.mjs', import.meta.url));
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(options)], {
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout) as NodeRun;
}
