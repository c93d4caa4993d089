/**
 * Runs a program for a test the way a user would: a process of its own, without the settings pnpm puts into the
 * environment of what it starts (npm would obey them), without colors, with no input.
 */
import { spawn } from 'node:child_process';

/** What a program printed and how it ended. */
export interface CommandResult {
  /** Exit code, or null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const reachesRegistry =
  /^npm_config_(registry|cache|userconfig|globalconfig|https?_proxy|proxy|noproxy|ca|cafile|strict_ssl)$/i;
const setByTools = /^(npm_|pnpm_|VITEST|TURBO_HASH|NODE_(OPTIONS|ENV|PATH)$|FORCE_COLOR$|INIT_CWD$)/i;

/** The environment of a plain shell. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  // pnpm hands its settings on as npm's; those that say how to reach a registry stay. NODE_OPTIONS and NODE_ENV come
  // from vitest, FORCE_COLOR from turbo, NODE_PATH from the links pnpm makes for commands.
  const kept = Object.entries(process.env).filter(
    ([name]) => reachesRegistry.test(name) || !setByTools.test(name),
  );
  return { ...Object.fromEntries(kept), NO_COLOR: '1', npm_config_update_notifier: 'false' };
}

/**
 * Runs `command` in `cwd` and returns what it printed.
 *
 * @throws Error when it cannot be started, or does not end within `timeoutMs` (default: two minutes).
 */
export function runCommand(
  command: string,
  args: readonly string[],
  cwd: string,
  timeoutMs = 120_000,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: plainEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', (error) => {
      clearTimeout(limit);
      reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(limit);
      if (late) {
        const line = [command, ...args].join(' ');
        reject(
          new Error(`runCommand: "${line}" did not end within ${timeoutMs / 1000} s\n${stdout}\n${stderr}`),
        );
      } else resolve({ code, stdout, stderr });
    });
  });
}

/** As `runCommand`, but an exit code other than 0 throws with everything that was printed. Returns stdout. */
export async function runSuccessfully(
  command: string,
  args: readonly string[],
  cwd: string,
  timeoutMs?: number,
): Promise<string> {
  const { code, stdout, stderr } = await runCommand(command, args, cwd, timeoutMs);
  if (code !== 0) {
    throw new Error(
      `runSuccessfully: "${[command, ...args].join(' ')}" exited with ${code}\n${stdout}\n${stderr}`,
    );
  }
  return stdout;
}
