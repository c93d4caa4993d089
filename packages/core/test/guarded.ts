/** Blocks of kernel memory between guards: a kernel that writes outside its block is found out. */
import type { Engine, Pointer } from '../src/index.js';

const guardFloats = 16;
/** A NaN no kernel makes. Reading it by mistake poisons the result; writing over it shows. */
const guardBits = 0x7fc0dead;

export interface Guarded {
  readonly pointer: Pointer;
  /** Null, or the byte distance from the block at which a guard is broken. */
  brokenGuard(): string | null;
}

/** `floats` floats, all NaN, with guards on both sides. */
export function guardedBlock(engine: Engine, floats: number): Guarded {
  const start = engine.arena.allocateFloats(floats + 2 * guardFloats);
  engine.arena.words(start, floats + 2 * guardFloats).fill(guardBits);
  return {
    pointer: start + 4 * guardFloats,
    brokenGuard: () => {
      const words = engine.arena.words(start, floats + 2 * guardFloats);
      const at = words.findIndex(
        (word, i) => (i < guardFloats || i >= guardFloats + floats) && word !== guardBits,
      );
      return at < 0 ? null : `float ${at - guardFloats} of a block of ${floats} was overwritten`;
    },
  };
}

/** How rows lie in a block: `columns` numbers of every `ld`. */
export interface Rows {
  readonly rows: number;
  readonly columns: number;
  readonly ld: number;
}

/** A guarded block that holds row-major `values` with rows `ld` apart, NaN between them. */
export function guardedRows(engine: Engine, { rows, columns, ld }: Rows, values: ArrayLike<number>): Guarded {
  const block = guardedBlock(engine, rows * ld);
  const view = engine.arena.floats(block.pointer, rows * ld);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) view[i * ld + j] = Number(values[i * columns + j]);
  }
  return block;
}

/** The numbers of a block of rows, without what lies between them. */
export function readRows(engine: Engine, pointer: Pointer, { rows, columns, ld }: Rows): Float32Array {
  const view = engine.arena.floats(pointer, rows * ld);
  return Float32Array.from({ length: rows * columns }, (_, i) =>
    Number(view[Math.floor(i / columns) * ld + (i % columns)]),
  );
}

/** A guarded block with these floats one after the other. */
export function guardedVector(engine: Engine, values: ArrayLike<number>): Guarded {
  return guardedRows(engine, { rows: 1, columns: values.length, ld: values.length }, values);
}

/** Bytes in kernel memory. */
export function placeBytes(engine: Engine, values: ArrayLike<number>): Pointer {
  const pointer = engine.arena.allocate(values.length);
  engine.arena.bytes(pointer, values.length).set(values);
  return pointer;
}

/** u32 in kernel memory. */
export function placeWords(engine: Engine, values: ArrayLike<number>): Pointer {
  const pointer = engine.arena.allocate(4 * values.length);
  engine.arena.words(pointer, values.length).set(values);
  return pointer;
}

/** Runs `action` and gives back what it allocated. */
export function borrowing<T>(engine: Engine, action: () => T): T {
  const mark = engine.arena.mark();
  try {
    return action();
  } finally {
    engine.arena.release(mark);
  }
}
