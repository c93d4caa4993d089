/**
 * A lock file that names its holder. It keeps two processes of one host from writing to one directory, and outlives
 * neither: the lock of a dead process is taken over. Between hosts (a shared disk) nobody can tell who is alive, so
 * there a user has to decide.
 */
import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { KindlingError } from '@kindling/core';
import { StudyDirectoryBusyError } from '../errors/study-directory-busy-error.js';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.js';
import { systemCode } from './system-code.js';

/** A lock that is held. */
export interface DirectoryLock {
  /** Gives the lock back. Calling it twice is fine. */
  release(): Promise<void>;
}

interface LockHolder extends ProcessIdentity {
  readonly host: string;
  /** Tells one lock from the next at the same path. */
  readonly token: string;
  /** ISO time, for people. */
  readonly since: string;
}

/** Each attempt fails only when another process comes or goes at that very moment. */
const mostAttempts = 20;

/**
 * Takes the lock at `path`, also from a process that died with it.
 *
 * @throws StudyDirectoryBusyError when a running process holds it (also this one), when it belongs to another host,
 *   or when it cannot be read. Errors of the file system pass through.
 */
export async function takeLock(path: string): Promise<DirectoryLock> {
  const token = randomBytes(8).toString('hex');
  const holder: LockHolder = {
    ...(await ownIdentity()),
    host: hostname(),
    token,
    since: new Date().toISOString(),
  };
  const draft = `${path}.${token}`;
  try {
    await writeFile(draft, `${JSON.stringify(holder)}\n`, { flag: 'wx' });
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      if (await create(draft, path)) {
        await clearLitter(path);
        return { release: () => release(path, token) };
      }
      const current = await readHolder(path);
      if (current === null) continue; // released just now
      await refuseIfAlive(path, current);
      await removeStale(path, current.token);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new StudyDirectoryBusyError(
    `openStudyDirectory: other processes keep taking ${path}; expected it free — run one process on a directory`,
    { details: { path } },
  );
}

/** Creates the lock with its content in one step, so that nobody ever reads half a lock. False when there is one. */
async function create(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(systemCode(error) ?? '')) throw error;
  }
  // A file system without hard links: exclusive creation, and then the content. Who reads in between is refused.
  try {
    await writeFile(path, await readFile(draft), { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function release(path: string, token: string): Promise<void> {
  const current = await readHolder(path).catch((error: unknown) => {
    if (KindlingError.isInstance(error)) return null; // not readable, so not ours
    throw error;
  });
  if (current?.token === token) await rm(path, { force: true });
}

async function refuseIfAlive(path: string, holder: LockHolder): Promise<void> {
  const { host, pid, since } = holder;
  const details = { path, pid, host, since };
  if (host !== hostname()) {
    throw new StudyDirectoryBusyError(
      `openStudyDirectory: process ${pid} on the host "${host}" holds ${path} since ${since}; expected a free ` +
        `directory — from "${hostname()}" it cannot be seen whether that process still runs: if it does not, ` +
        'delete the file',
      { details },
    );
  }
  if (await isAlive(holder)) {
    throw new StudyDirectoryBusyError(
      `openStudyDirectory: process ${pid} has been working in this directory since ${since} (${path}); expected a ` +
        'free directory — wait for it to end, stop it, or use another directory',
      { details },
    );
  }
}

/**
 * Removes the lock of a dead process. Two processes may see the same dead lock; were both to remove what they find at
 * the path, the slower one would remove the new lock of the faster. So removing needs a lock of its own, and under it
 * the dead lock is looked at once more. Its holder cannot come back, hence what is seen then is what gets removed.
 */
async function removeStale(path: string, token: string): Promise<void> {
  const guard = await takeLock(`${path}.takeover`);
  try {
    if ((await readHolder(path))?.token !== token) return;
    const grave = `${path}.${token}.dead`;
    await rename(path, grave);
    await rm(grave, { force: true });
  } finally {
    await guard.release();
  }
}

/**
 * Removes what processes that were killed while they took or removed this lock have left beside it. For the holder of
 * the lock only. What a running process, another host or nobody known has written stays.
 */
async function clearLitter(path: string): Promise<void> {
  const folder = dirname(path);
  const prefix = `${basename(path)}.`;
  // Litter is unsightly and does no harm: what cannot be looked at or removed is no reason to give the lock back.
  const names = await readdir(folder).catch(() => []);
  const litter = names.filter((name) => name.startsWith(prefix));
  for (const name of litter.filter((candidate) => draftOrGrave.test(candidate.slice(prefix.length)))) {
    const file = join(folder, name);
    const holder = await readHolder(file).catch(() => null);
    if (holder === null || holder.host !== hostname() || (await isAlive(holder))) continue;
    await rm(file, { force: true }).catch(() => {});
  }
  // A lock for taking over is cleared by its own rules: by taking it.
  if (litter.some((name) => name.startsWith(`${prefix}takeover`))) {
    const guard = await takeLock(`${path}.takeover`).catch(() => null);
    await guard?.release().catch(() => {});
  }
}

/** What follows the lock's name in that of a draft (`create`) or of a dead lock on its way out (`removeStale`). */
const draftOrGrave = /^[0-9a-f]{16}(\.dead)?$/;

/** The holder named in the lock file, null when there is no file. */
async function readHolder(path: string): Promise<LockHolder | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    if (systemCode(error) !== 'EISDIR') throw error;
    throw new StudyDirectoryBusyError(
      `openStudyDirectory: ${path} is a directory; expected a lock of this program, or nothing — ` +
        'remove it, or choose another directory',
      { details: { path } },
    );
  }
  const holder = parseHolder(text);
  if (holder !== null) return holder;
  throw new StudyDirectoryBusyError(
    `openStudyDirectory: ${path} is not a lock of this program; expected the holder's pid and host — ` +
      'if no other process works in the directory, delete the file',
    { details: { path } },
  );
}

function parseHolder(text: string): LockHolder | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { pid, startTicks, host, token, since } = value as Readonly<Record<string, unknown>>;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return null;
  if (startTicks !== null && typeof startTicks !== 'number') return null;
  if (typeof host !== 'string' || typeof token !== 'string' || typeof since !== 'string') return null;
  return { pid, startTicks, host, token, since };
}
