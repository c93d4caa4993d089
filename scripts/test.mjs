/**
 * `pnpm test`: every check of the repository, in order, with live output and the time each one took. The last line is
 * exactly `N passed, N failed` (with `N skipped` on the line before when any were); the exit code is 0 only when nothing
 * failed.
 *
 * A step that is not vitest counts as one check, vitest counts each of its tests. Only a failed build stops the run: the
 * steps after it would fail for its reason. Arguments go to vitest (`pnpm test arena`, `pnpm test --project fast`); then
 * format, lint and types are left out, and with the project `fast`, which has no browser in it, Chromium too.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './ensure-chromium.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
// pnpm hands `--` on.
const vitestArgs = process.argv.slice(2).filter((arg, i) => !(i === 0 && arg === '--'));
const everything = vitestArgs.length === 0;
const projects = vitestArgs.flatMap((arg, i) => {
  if (arg === '--project') return [vitestArgs[i + 1]];
  return arg.startsWith('--project=') ? [arg.slice('--project='.length)] : [];
});
const needsChromium = projects.length === 0 || projects.some((project) => project !== 'fast');
// Three times what the longest step takes on two cores: a slow machine may finish, and a step that hangs still ends in the last line.
const stepLimitMs = 45 * 60_000;

/**
 * Ends the step that is running, with all it has started; null between steps.
 *
 * @type {((signal: NodeJS.Signals) => void) | null}
 */
let endStep = null;
// A step is a process group of its own, so the terminal's Ctrl-C does not reach it by itself.
for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  process.on(signal, () => {
    endStep?.('SIGTERM');
    process.exit(code);
  });
}

const tally = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const timings = [];
/** @type {string[]} */
const failures = [];

/** @type {NodeJS.ProcessEnv} */
const env = {
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  NO_UPDATE_NOTIFIER: '1',
};

/**
 * Runs a command of node_modules/.bin with the terminal's output and no input. One that takes too long is ended together
 * with everything it has started.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [more]
 * @returns {Promise<boolean>} whether it exited with 0 in time
 */
function run(command, args, more = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...env, ...more },
      stdio: ['ignore', 'inherit', 'inherit'],
      // A process group of its own: ending the command alone would leave its workers and browsers running.
      detached: true,
    });
    /** @param {NodeJS.Signals} signal */
    const endGroup = (signal) => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, signal);
      } catch {
        // all of them have ended
      }
    };
    endStep = endGroup;
    let late = false;
    const limit = setTimeout(() => {
      process.stderr.write(`${command}: still running after ${stepLimitMs / 60_000} minutes; ended\n`);
      late = true;
      endGroup('SIGTERM');
      setTimeout(() => endGroup('SIGKILL'), 5000).unref();
    }, stepLimitMs);
    child.on('error', (error) => {
      clearTimeout(limit);
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(false);
    });
    child.on('exit', (code, signal) => {
      clearTimeout(limit);
      endStep = null;
      if (late) endGroup('SIGKILL'); // what has outlived the command
      if (signal !== null) process.stderr.write(`${command}: ended by ${signal}\n`);
      resolve(code === 0);
    });
  });
}

/**
 * @param {string} name
 * @param {() => Promise<boolean>} action
 * @param {boolean} [counts] false when the action counts its own checks
 */
async function step(name, action, counts = true) {
  process.stdout.write(`\n== ${name}\n`);
  const start = performance.now();
  const ok = await action();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  timings.push(`${ok ? 'ok    ' : 'FAILED'} ${seconds.padStart(7)} s  ${name}`);
  process.stdout.write(`== ${name}: ${ok ? 'ok' : 'FAILED'} after ${seconds} s\n`);
  if (counts && ok) tally.passed += 1;
  if (counts && !ok) {
    tally.failed += 1;
    failures.push(name);
  }
  return ok;
}

/** Runs vitest and adds its tests to the tally. */
async function runVitest() {
  const folder = mkdtempSync(join(tmpdir(), 'kindling-tally-'));
  const file = join(folder, 'tally.json');
  try {
    const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts/tally-reporter.mjs')}`];
    const ok = await run('vitest', ['run', ...reporters, ...vitestArgs], { KINDLING_TALLY: file });
    /** @type {import('./tally-reporter.mjs').Tally} */
    const counted = existsSync(file)
      ? JSON.parse(readFileSync(file, 'utf8'))
      : { passed: 0, failed: ['vitest ended without a result'], skipped: [] };
    if (counted.passed + counted.failed.length === 0) counted.failed.push('vitest ran no test');
    if (!ok && counted.failed.length === 0)
      counted.failed.push('vitest exited with an error that no test shows');
    tally.passed += counted.passed;
    tally.failed += counted.failed.length;
    tally.skipped += counted.skipped.length;
    failures.push(...counted.failed);
    for (const { name, reason } of counted.skipped) {
      process.stdout.write(`skipped: ${name} — ${reason === '' ? 'no reason given' : reason}\n`);
    }
    return counted.failed.length === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Finds Chromium, or installs it, and tells the tests where it is. */
async function findBrowser() {
  try {
    env['KINDLING_CHROMIUM'] = ensureChromium();
    process.stdout.write(`${env['KINDLING_CHROMIUM']}\n`);
    return true;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  }
}

async function main() {
  const turbo = ['--output-logs=errors-only', '--ui=stream'];
  if (!(await step('build', () => run('turbo', ['run', 'build', ...turbo])))) return;
  if (everything) {
    await step('format and lint', () => run('biome', ['check', '--error-on-warnings', '.']));
    await step('types of the packages', () => run('turbo', ['run', 'typecheck', ...turbo]));
    await step('types of the tests', () => run('tsc', ['-p', 'tsconfig.tests.json']));
  }
  if (needsChromium) await step('Chromium', findBrowser);
  await step('tests', runVitest, false);
}

try {
  await main();
} catch (error) {
  tally.failed += 1;
  failures.push('scripts/test.mjs itself');
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
process.stdout.write(`\n${timings.join('\n')}\n`);
for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;
if (tally.skipped > 0) process.stdout.write(`${tally.skipped} skipped\n`);
process.stdout.write(`${tally.passed} passed, ${tally.failed} failed\n`);
