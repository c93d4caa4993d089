/**
 * Tells whether the process that wrote down its pid still runs. A pid is given to a new process sooner or later, so
 * on Linux the time of its start goes with it. Elsewhere a reused pid counts as alive: a lock is then kept too long
 * rather than broken too early.
 */
import { readFile } from 'node:fs/promises';
import { kill, pid as ownPid } from 'node:process';

/** A process of this host. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to the process's start (Linux), or null where the system does not tell. */
  readonly startTicks: number | null;
}

/** This very process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  return { pid: ownPid, startTicks: (await processStat(ownPid))?.startTicks ?? null };
}

/** True while the process runs. A dead process whose parent has not asked for its exit code does not count. */
export async function isAlive({ pid, startTicks }: ProcessIdentity): Promise<boolean> {
  try {
    kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, but belongs to someone else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const stat = await processStat(pid);
  if (stat === null) return true; // no /proc here: the signal's word must do
  if (stat.state === 'Z' || stat.state === 'X') return false;
  return startTicks === null || stat.startTicks === startTicks;
}

/** State (field 3) and start time (field 22) of `/proc/PID/stat`, see proc_pid_stat(5); null where there is none. */
async function processStat(pid: number): Promise<{ state: string; startTicks: number } | null> {
  let text: string;
  try {
    text = await readFile(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // Field 2 is the program's name in parentheses and may hold blanks and parentheses itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const startTicks = Number(fields[19]);
  return Number.isSafeInteger(startTicks) ? { state: fields[0] ?? '', startTicks } : null;
}
