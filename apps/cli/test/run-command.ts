/** Runs the command in this process, for tests. */
import { Writable } from 'node:stream';
import { expect } from 'vitest';
import { main } from '../src/main.js';
import { openOutput } from '../src/output/output.js';

/** How a command ended, and what it wrote. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the command on streams that are terminals of `columns`, or none where that is 0; the line is split at its blanks. Its clock
 * stands still: nothing that is told on the way comes because a machine is slow.
 */
export async function run(line: string, columns = 0): Promise<Outcome> {
  return await runArguments(line.split(' '), columns);
}

/** The same from separate arguments. @param directory where the user is, absolute */
export async function runArguments(
  argv: readonly string[],
  columns = 0,
  directory: string = import.meta.dirname,
): Promise<Outcome> {
  const texts = { stdout: '', stderr: '' };
  const output = (name: keyof typeof texts) => {
    const stream = new Writable({
      decodeStrings: false,
      write: (text, _, done) => {
        texts[name] += String(text);
        done();
      },
    });
    return openOutput(Object.assign(stream, { isTTY: columns > 0, columns }) as NodeJS.WriteStream, {
      NO_COLOR: '1',
    });
  };
  const code = await main(argv, {
    stdout: output('stdout'),
    stderr: output('stderr'),
    env: {},
    directory,
    invocation: 'kindling',
    now: () => 0,
  });
  return { code, ...texts };
}

/** The JSON a command prints. */
export async function json(line: string): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run(`${line} --json`);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}
