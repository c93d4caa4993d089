/**
 * Ctrl-C and its kin: the first asks for a clean stop, the second ends the process at once. A forced end leaves a lock
 * behind, which the next run sees to be a dead process's.
 */
import { exitCodes } from './exit-codes.js';

/** The signals that stop a study, and their exit codes. */
const signalCodes = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  SIGHUP: exitCodes.hungUp,
} as const;

type SignalName = keyof typeof signalCodes;

/** Listens until it is disposed of. */
export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Exit code for the signal that came; that of Ctrl-C when none did. */
  exitCode(): (typeof signalCodes)[SignalName];
  /** Calls `listener` on each signal, before anything is said or ended: the place to give a terminal back. */
  beforeStop(listener: () => void): void;
  dispose(): void;
}

/** What is asked of a process: to tell of signals, and to end. */
export interface SignalSource {
  on(name: NodeJS.Signals, listener: (name: NodeJS.Signals) => void): unknown;
  off(name: NodeJS.Signals, listener: (name: NodeJS.Signals) => void): unknown;
  exit(code: number): void;
}

/**
 * Starts listening to the signals of a process.
 *
 * @param tell takes the line that says that the first signal was heard
 * @param source default: this process
 */
export function listenForInterruption(
  tell: (line: string) => void,
  source: SignalSource = process,
): Interruption {
  const controller = new AbortController();
  const listeners: (() => void)[] = [];
  let received: SignalName | null = null;
  function onSignal(name: NodeJS.Signals): void {
    const known = name === 'SIGTERM' || name === 'SIGHUP' ? name : 'SIGINT';
    for (const listener of listeners) listener();
    if (received !== null) {
      source.exit(signalCodes[known]);
      return;
    }
    received = known;
    tell('Stopping; what is finished is kept. (Ctrl-C again ends at once.)');
    controller.abort();
  }
  const names = Object.keys(signalCodes) as SignalName[];
  for (const name of names) source.on(name, onSignal);
  return {
    signal: controller.signal,
    exitCode: () => signalCodes[received ?? 'SIGINT'],
    beforeStop: (listener) => {
      listeners.push(listener);
    },
    dispose: () => {
      for (const name of names) source.off(name, onSignal);
    },
  };
}
