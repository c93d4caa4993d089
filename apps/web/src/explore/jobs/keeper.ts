/** What has been found out, by what decides it; the oldest is forgotten. Reading is a signal's reading. */
import { signal } from '@preact/signals';

/** Findings of one kind. */
export interface Keeper<Value> {
  /** What is kept under `key`; whoever reads it in an effect is told when it changes. */
  get(key: string): Value | null;
  /** The same without being told of changes. */
  peek(key: string): Value | null;
  keep(key: string, value: Value): void;
  /** Forgets what is kept under `key`. */
  drop(key: string): void;
}

/** Findings kept of one kind: a drag of a slider leaves dozens. */
const mostKept = 64;

/** A keeper of nothing yet. */
export function createKeeper<Value>(): Keeper<Value> {
  const kept = signal<ReadonlyMap<string, Value>>(new Map());
  return {
    get: (key) => kept.value.get(key) ?? null,
    peek: (key) => kept.peek().get(key) ?? null,
    drop(key) {
      if (kept.peek().has(key)) kept.value = new Map([...kept.peek()].filter(([other]) => other !== key));
    },
    keep(key, value) {
      // Put in anew, so that the order is that of use.
      const entries = [...kept.peek()].filter(([other]) => other !== key);
      kept.value = new Map([...entries.slice(-(mostKept - 1)), [key, value]]);
    },
  };
}
