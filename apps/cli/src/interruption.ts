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
  dispose(): void;
}

/** What to do besides. */
export interface InterruptionListener {
  /** After the first signal, while the clean stop is on its way. */
  onFirst(): void;
  /** Right before the process is ended by the second. Must not wait for anything. */
  onSecond(): void;
}

/** Starts listening to the signals of this process. */
export function listenForInterruption(listener: InterruptionListener): Interruption {
  const controller = new AbortController();
  let received: SignalName | null = null;
  function onSignal(name: NodeJS.Signals): void {
    const known = name === 'SIGTERM' || name === 'SIGHUP' ? name : 'SIGINT';
    if (received !== null) {
      listener.onSecond();
      process.exit(signalCodes[known]);
    }
    received = known;
    controller.abort();
    listener.onFirst();
  }
  const names = Object.keys(signalCodes) as SignalName[];
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    exitCode: () => signalCodes[received ?? 'SIGINT'],
    dispose: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
