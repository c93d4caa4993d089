/** What the program finds around it: streams, environment, the user's directory, a clock. Handed in, so that tests can make their own. */
import { invocation, userDirectory } from './options/user-directory.js';
import { type Output, openOutput } from './output/output.js';
import { WorkingDirectoryError } from './working-directory-error.js';

export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; where relative paths on the command line start. */
  readonly directory: string;
  /** How the user calls this program: `kindling` or `pnpm kindling`. */
  readonly invocation: string;
  /** Milliseconds that never go back. Only what is told of progress depends on it. */
  readonly now: () => number;
}

/**
 * Those of this process.
 *
 * @throws WorkingDirectoryError when its working directory has been deleted
 */
export function processSurroundings(): Surroundings {
  const { env, stdout, stderr } = process;
  const cwd = workingDirectory();
  return {
    stdout: openOutput(stdout, env),
    stderr: openOutput(stderr, env),
    env,
    directory: userDirectory(cwd, env),
    invocation: invocation(cwd, env),
    now: () => performance.now(),
  };
}

function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WorkingDirectoryError(
      `processSurroundings: the working directory cannot be used; expected one that exists, got ${reason} — ` +
        'change to another directory',
      { cause },
    );
  }
}
