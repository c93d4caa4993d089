/**
 * Lets workers go on while records are being written: what comes in during a write is put together into the next
 * one. Keeps the order, writes one batch at a time.
 */
import type { TrialRecord } from '../study.js';
import type { RecordStore } from './record-store.js';

/** A queue before a store. */
export interface AppendQueue {
  /** Takes records to be written. After a failure they are dropped. */
  put(records: readonly TrialRecord[]): void;
  /** Resolves when everything put so far is written and announced. Rejects with the first failure. */
  drain(): Promise<void>;
}

/** What happens along the way. */
export interface AppendQueueListeners {
  /** Called after each write with what it held. An error thrown here counts as a failure. */
  readonly onWritten: (records: readonly TrialRecord[]) => void;
  /** Called once, with the first failure. */
  readonly onFailed: (error: unknown) => void;
}

/** A queue that writes to `store`. */
export function appendQueue(store: RecordStore, listeners: AppendQueueListeners): AppendQueue {
  let waiting: TrialRecord[] = [];
  let writing: Promise<void> = Promise.resolve();
  let busy = false;
  let failure: { readonly error: unknown } | null = null;

  async function writeAll(): Promise<void> {
    try {
      while (waiting.length > 0) {
        const batch = waiting;
        waiting = [];
        await store.append(batch);
        listeners.onWritten(batch);
      }
    } catch (error) {
      failure = { error };
      waiting = [];
      listeners.onFailed(error);
    } finally {
      busy = false;
    }
  }

  return {
    put: (records) => {
      if (failure !== null || records.length === 0) return;
      for (const record of records) waiting.push(record);
      if (busy) return;
      busy = true;
      writing = writeAll();
    },
    drain: async () => {
      await writing;
      if (failure !== null) throw failure.error;
    },
  };
}
