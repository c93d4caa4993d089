/**
 * Finds the Chromium that the browser tests drive, or installs Debian's package when it may.
 *
 * As a command it prints the path on stdout and everything else on stderr:
 *
 *     node scripts/ensure-chromium.mjs
 *
 * It never downloads a browser from anywhere but the system's own package sources.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
// Text in a page without any font has no width, so figures could not be laid out.
const packages = ['chromium', 'fonts-dejavu-core', 'fonts-liberation'];

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
function findOnPath(name, env) {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (folder !== '' && isExecutable(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

/**
 * The path of an installed Chromium: `KINDLING_CHROMIUM` when set, else the first of `chromium`, `chromium-browser`,
 * `google-chrome` and `google-chrome-stable` on PATH. `undefined` when there is none.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 * @throws {Error} when KINDLING_CHROMIUM names no executable file
 */
export function findChromium(env = process.env) {
  const chosen = env['KINDLING_CHROMIUM'];
  if (chosen !== undefined && chosen !== '') {
    if (isExecutable(chosen)) return chosen;
    throw new Error(
      `findChromium: KINDLING_CHROMIUM is no executable file; expected the path of a Chromium, got "${chosen}" — correct or unset it`,
    );
  }
  for (const name of names) {
    const found = findOnPath(name, env);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * As `findChromium`, but installs Debian's `chromium` with apt-get first when there is none, this is root and apt-get is
 * on PATH. The output of apt-get goes to stderr.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string} path of the executable
 * @throws {Error} when there is no Chromium and it cannot be installed; the message says what to do
 */
export function ensureChromium(env = process.env) {
  const present = findChromium(env);
  if (present !== undefined) return present;
  const remedy = `install one (Debian or Ubuntu: sudo apt-get install ${packages.join(' ')}) or set KINDLING_CHROMIUM to its path`;
  const aptGet = findOnPath('apt-get', env);
  if (aptGet === undefined || process.getuid?.() !== 0) {
    throw new Error(
      `ensureChromium: no Chromium found; expected KINDLING_CHROMIUM or one of ${names.join(', ')} on PATH — ${remedy}`,
    );
  }
  process.stderr.write(`No Chromium found: installing ${packages.join(', ')} with apt-get\n`);
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
    const run = spawnSync(aptGet, ['-q', ...args], {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 2, 2],
    });
    if (run.status !== 0) {
      throw new Error(
        `ensureChromium: "apt-get ${args.join(' ')}" failed with ${run.error?.message ?? run.signal ?? `code ${run.status}`} — ${remedy}`,
      );
    }
  }
  const installed = findChromium(env);
  if (installed === undefined) {
    throw new Error(`ensureChromium: apt-get succeeded, but no Chromium is on PATH — ${remedy}`);
  }
  return installed;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.stdout.write(`${ensureChromium()}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
