/** A store that lives as long as the process: for the browser, for tests, and for runs whose records nobody keeps. */
import type { TrialRecord } from '../study.js';
import type { RecordStore } from './record-store.js';

/** An in-memory store. `known`: records it starts with, default none. `close` does nothing. */
export function memoryStore(known: readonly TrialRecord[] = []): RecordStore {
  const kept = [...known];
  return {
    load: async () => [...kept],
    append: async (records) => {
      for (const record of records) kept.push(record);
    },
    close: async () => {},
  };
}
