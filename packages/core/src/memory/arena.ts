/**
 * The kernels' memory, handed out by moving one mark upwards. There is no free list: what was allocated after a
 * `mark` is given back all at once by `release`. Memory that was released keeps its old contents and is handed out
 * dirty; the kernels overwrite, they never accumulate into fresh memory.
 *
 * Views (`floats`, `bytes`, …) are views of the moment: an allocation that grows the memory detaches them. Keep
 * pointers, make views when needed.
 */
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { OutOfMemoryError } from '../errors/out-of-memory-error.js';
import type { Pointer } from '../kernels/kernel-exports.js';

const pageBytes = 65536;
/** Vectors are 16 bytes; a cache line is 64, and no tensor shares one with another. */
const alignment = 64;
/** Kernels may read, never write, up to three floats past the end of a matrix. */
const slackBytes = 16;

/** A place in the arena to which `release` returns. */
export type ArenaMark = number & { readonly brand?: 'arena-mark' };

export class Arena {
  readonly memory: WebAssembly.Memory;
  /** No allocation may end beyond this address. */
  readonly limitBytes: number;
  readonly #base: number;
  #top: number;
  #peak: number;

  /**
   * @param memory the kernels' memory
   * @param base first free byte
   * @param limitBytes no allocation may end beyond this address; default 4 GiB, the reach of a 32-bit address
   * @throws InvalidArgumentError for a limit that is negative or NaN
   */
  constructor(memory: WebAssembly.Memory, base: number, limitBytes = 2 ** 32) {
    if (!(limitBytes >= 0)) {
      throw new InvalidArgumentError(`Arena: limitBytes is ${limitBytes}; expected a number ≥ 0`);
    }
    this.memory = memory;
    this.limitBytes = limitBytes;
    this.#base = align(base);
    this.#top = this.#base;
    this.#peak = this.#base;
  }

  /** Bytes handed out now. */
  get usedBytes(): number {
    return this.#top - this.#base;
  }

  /** Most bytes ever handed out at once. */
  get peakBytes(): number {
    return this.#peak - this.#base;
  }

  /**
   * `bytes` bytes at an address that is a multiple of 64. Contents: whatever was there.
   *
   * @throws InvalidArgumentError unless `bytes` is a non-negative integer
   * @throws OutOfMemoryError when the memory cannot grow enough
   */
  allocate(bytes: number): Pointer {
    if (!Number.isSafeInteger(bytes) || bytes < 0) {
      throw new InvalidArgumentError(`Arena.allocate: bytes is ${bytes}; expected an integer ≥ 0`);
    }
    const pointer = this.#top;
    const end = align(pointer + bytes + slackBytes);
    this.#growTo(end);
    this.#top = end;
    this.#peak = Math.max(this.#peak, end);
    return pointer;
  }

  /** `count` f32, not set. */
  allocateFloats(count: number): Pointer {
    return this.allocate(4 * count);
  }

  /** Where the arena stands; `release` with it gives back everything allocated since. */
  mark(): ArenaMark {
    return this.#top;
  }

  /**
   * Gives back everything allocated since `mark`.
   *
   * @throws InvalidArgumentError for a mark above the present top or below the base
   */
  release(mark: ArenaMark): void {
    if (!(mark >= this.#base && mark <= this.#top)) {
      throw new InvalidArgumentError(
        `Arena.release: the mark is ${mark}; expected a mark of this arena, between ${this.#base} and ${this.#top} — release in the reverse order of marking`,
      );
    }
    this.#top = mark;
  }

  /** View of `count` f32 at `pointer`, good until the memory grows. */
  floats(pointer: Pointer, count: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#buffer(), pointer, count);
  }

  /** View of `count` f64 at `pointer`, good until the memory grows. */
  doubles(pointer: Pointer, count: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#buffer(), pointer, count);
  }

  /** View of `count` bytes at `pointer`, good until the memory grows. */
  bytes(pointer: Pointer, count: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer(), pointer, count);
  }

  /** View of `count` u32 at `pointer`, good until the memory grows. */
  words(pointer: Pointer, count: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.#buffer(), pointer, count);
  }

  #buffer(): ArrayBuffer {
    return this.memory.buffer as ArrayBuffer;
  }

  #growTo(end: number): void {
    if (end > this.limitBytes) throw this.#outOfMemory(end);
    const missing = end - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.memory.grow(Math.ceil(missing / pageBytes));
    } catch (cause) {
      throw this.#outOfMemory(end, cause);
    }
  }

  #outOfMemory(end: number, cause?: unknown): OutOfMemoryError {
    const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
    return new OutOfMemoryError(
      `Arena.allocate: the kernels' memory would grow to ${mebibytes(end)} MiB; expected at most ${mebibytes(this.limitBytes)} MiB — use a smaller batch, width or depth`,
      {
        details: { neededBytes: end, limitBytes: this.limitBytes },
        ...(cause === undefined ? {} : { cause }),
      },
    );
  }
}

/** What `allocate(bytes)` takes of the arena. */
export function takenBytes(bytes: number): number {
  return align(bytes + slackBytes);
}

function align(address: number): number {
  return Math.ceil(address / alignment) * alignment;
}
