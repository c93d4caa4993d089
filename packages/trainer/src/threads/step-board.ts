/**
 * What the threads of a training share: a few words by which they agree who computes what, the losses and gradients of the
 * slices. No message is sent for a step, and who waits sleeps.
 *
 * A step: the leader writes down the batch and raises `step`. Every thread claims slices by a counter until there are none left,
 * writes their gradients and counts them as finished. When all are finished, every thread adds them up and counts itself as
 * done. The leader starts the next step when all the others are done, because then nobody reads the gradients any more.
 */
import type { BatchRange } from '../slices.js';

/** Places of the words. */
const word = {
  step: 0,
  epoch: 1,
  start: 2,
  rows: 3,
  claimed: 4,
  finished: 5,
  done: 6,
  failed: 7,
  ended: 8,
} as const;

/** Words before the losses; a multiple of 64 bytes. */
const words = 16;

/** A batch as it is written on the board. */
export interface BoardBatch extends BatchRange {
  readonly epoch: number;
}

/** A step as a thread finds it. */
export interface BoardStep extends BoardBatch {
  /** To be given to `next` for the step after it. */
  readonly number: number;
}

/** Longest sleep of the leader before it looks for messages, in ms: so late a dead thread is noticed at most. */
const longestSleep = 50;

/** Bytes of the shared memory for so many slices of so many floats. */
export function boardBytes(slices: number, floats: number): number {
  return gradientsAt(slices) + 4 * slices * floats;
}

/** Where the gradients begin: on a cache line of their own. */
function gradientsAt(slices: number): number {
  return 64 * Math.ceil((4 * words + 8 * slices) / 64);
}

/** The shared memory, seen from one thread. */
export class StepBoard {
  readonly slices: number;
  readonly losses: Float64Array;
  readonly #control: Int32Array;
  readonly #gradients: readonly Float32Array[];
  readonly #mayBlock: boolean;

  /** @param buffer of `boardBytes(slices, floats)` bytes, zero at first */
  constructor(buffer: SharedArrayBuffer, slices: number, floats: number) {
    this.slices = slices;
    this.#control = new Int32Array(buffer, 0, words);
    this.losses = new Float64Array(buffer, 4 * words, slices);
    const begin = gradientsAt(slices);
    this.#gradients = Array.from(
      { length: slices },
      (_, slice) => new Float32Array(buffer, begin + 4 * slice * floats, floats),
    );
    this.#mayBlock = mayBlock();
  }

  /** The floats of one slice. */
  gradientsOf(slice: number): Float32Array {
    return this.#gradients[slice] as Float32Array;
  }

  /** Leader: begins a step. All others must be done with the one before. */
  begin({ epoch, start, rows }: BoardBatch): void {
    this.#control[word.epoch] = epoch;
    this.#control[word.start] = start;
    this.#control[word.rows] = rows;
    for (const counter of [word.claimed, word.finished, word.done]) Atomics.store(this.#control, counter, 0);
    this.#raise(word.step);
  }

  /** Leader: no more steps. */
  end(): void {
    Atomics.store(this.#control, word.ended, 1);
    this.#raise(word.step);
  }

  /** Thread: sleeps until the step after number `last` begins (0 before the first); null when there are no more. */
  next(last: number): BoardStep | null {
    const read = (place: number) => Atomics.load(this.#control, place);
    Atomics.wait(this.#control, word.step, last);
    if (this.failed || read(word.ended) === 1) return null;
    return {
      number: read(word.step),
      epoch: read(word.epoch),
      start: read(word.start),
      rows: read(word.rows),
    };
  }

  /** The next slice that nobody has, or null. */
  claim(): number | null {
    const slice = Atomics.add(this.#control, word.claimed, 1);
    return slice < this.slices ? slice : null;
  }

  /** Counts a slice, whose loss and gradients are written, as finished. */
  finish(): void {
    this.#raise(word.finished);
  }

  /** Thread: sleeps until all slices are finished; false when a thread failed, so that they never will be. */
  awaitSlices(): boolean {
    for (;;) {
      if (this.failed) return false;
      const finished = Atomics.load(this.#control, word.finished);
      if (finished === this.slices) return true;
      Atomics.wait(this.#control, word.finished, finished);
    }
  }

  /** Thread: counts itself as done with reading. */
  leave(): void {
    this.#raise(word.done);
  }

  /** Whether a thread has failed. */
  get failed(): boolean {
    return Atomics.load(this.#control, word.failed) === 1;
  }

  /** Wakes everybody for a failure. */
  fail(): void {
    Atomics.store(this.#control, word.failed, 1);
    for (const place of [word.step, word.finished, word.done]) this.#raise(place);
  }

  /** Leader: until all slices are finished. */
  slicesFinished(failure: Promise<never>): Promise<void> | null {
    return this.#reached(word.finished, this.slices, failure);
  }

  /** Leader: until so many others are done. */
  othersDone(others: number, failure: Promise<never>): Promise<void> | null {
    return this.#reached(word.done, others, failure);
  }

  /**
   * Waits for a word to reach `count`; null when it has. First asleep, which is the quickest to wake from; then in the event loop, where
   * the news of a dead thread can arrive.
   */
  #reached(place: number, count: number, failure: Promise<never>): Promise<void> | null {
    for (;;) {
      const now = Atomics.load(this.#control, place);
      if (this.failed) return failure;
      if (now === count) return null;
      if (!this.#mayBlock) break;
      if (Atomics.wait(this.#control, place, now, longestSleep) === 'timed-out') break;
    }
    return this.#reachedLater(place, count, failure);
  }

  async #reachedLater(place: number, count: number, failure: Promise<never>): Promise<void> {
    for (;;) {
      const now = Atomics.load(this.#control, place);
      if (this.failed) return failure;
      if (now === count) return;
      const change = waitAsync(this.#control, place, now);
      if (change !== null) await Promise.race([change, failure]);
    }
  }

  #raise(place: number): void {
    Atomics.add(this.#control, place, 1);
    Atomics.notify(this.#control, place);
  }
}

/** Not yet in the language level that this is compiled for. */
interface WithWaitAsync {
  waitAsync?(
    words: Int32Array,
    index: number,
    value: number,
  ): { readonly async: boolean; readonly value: unknown };
}

/** Whether a thread can wait here and still hear messages. */
export function canWaitAsync(): boolean {
  return typeof (Atomics as WithWaitAsync).waitAsync === 'function';
}

/** Resolves when the word is no longer `value`; null when it is another already. */
function waitAsync(control: Int32Array, place: number, value: number): Promise<unknown> | null {
  const wait = (Atomics as WithWaitAsync).waitAsync?.(control, place, value);
  return wait?.async === true ? (wait.value as Promise<unknown>) : null;
}

/** False in the main thread of a page, which must never sleep. */
function mayBlock(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}
