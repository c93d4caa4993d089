/** Starts the built command the way a user does: in a process of its own, in a directory of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { root } from '../architecture/workspace.js';
import { plainEnvironment } from '../documentation/run-command.js';

/** The file that npm links as `kindling`. */
export const kindlingBin = join(root, 'apps/cli/bin/kindling.js');

/** How a process ended and what it said. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process on its way. */
export interface RunningKindling {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
}

/** Throws when the command is not built: its tests would only say that it cannot be found. */
export function requireBuild(): void {
  if (!existsSync(join(root, 'apps/cli/dist/main.js'))) {
    throw new Error('run-kindling: the command is not built — run `pnpm build` first');
  }
}

/** A new empty directory. */
export async function emptyDirectory(): Promise<string> {
  return await realpath(await mkdtemp(join(tmpdir(), 'kindling-cli-')));
}

/** Starts `kindling` with `args` in `cwd`. */
export function startKindling(args: readonly string[], cwd: string): RunningKindling {
  const child = spawn(process.execPath, [kindlingBin, ...args], {
    cwd,
    env: plainEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ending>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
}

/** Runs `kindling` to its end. */
export async function runKindling(args: readonly string[], cwd: string): Promise<Ending> {
  return await startKindling(args, cwd).ended;
}

/** Waits until `condition` holds; false when the process has ended before. */
export async function reaches(running: RunningKindling, condition: () => boolean): Promise<boolean> {
  let over = false;
  running.ended.then(
    () => {
      over = true;
    },
    () => {
      over = true;
    },
  );
  while (!over) {
    if (condition()) return true;
    await setTimeout(2);
  }
  return false;
}

/** Lines in a file that may not be there yet. */
export function countLines(file: string): number {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
}
