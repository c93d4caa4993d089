/** One engine of Kindling for everything this package does in a thread; whoever draws or measures gives its memory back. */
import { createEngine, type Engine } from '@kindling/core';

let engine: Engine | null = null;

/** Made when it is first needed. An engine a layer would be an address space a layer. */
export function threadEngine(): Engine {
  engine ??= createEngine();
  return engine;
}

/** Runs `work` and gives back what it took of the arena. */
export function withEngine<T>(work: (engine: Engine) => T): T {
  const found = threadEngine();
  const mark = found.arena.mark();
  try {
    return work(found);
  } finally {
    found.arena.release(mark);
  }
}
