/** Metadata of an HDF5 file: small structures at addresses. Everything that is read is counted, so that a forged file ends. */
import { ModelFormatError } from '../../errors/model-format-error.js';
import { UnsupportedModelError } from '../../errors/unsupported-model-error.js';
import type { Source } from '../../source/source.js';

/**
 * Bytes of metadata that are read of a file, each read counted as at least 64. Files of a thousand layers take about two million;
 * a circle of links or a tree that leads back into itself takes all and is refused.
 */
const mostMetadata = 67_108_864;
const leastRead = 64;

/** Little-endian numbers of a piece of metadata, one after another. Every read stays inside the piece. */
export class Cursor {
  at = 0;
  readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly broken: () => ModelFormatError;

  /** @param broken the error of a piece that is too short */
  constructor(bytes: Uint8Array, broken: () => ModelFormatError) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.broken = broken;
  }

  /** Bytes that are left. */
  get left(): number {
    return this.bytes.byteLength - this.at;
  }

  u8(): number {
    return this.view.getUint8(this.step(1));
  }

  u16(): number {
    return this.view.getUint16(this.step(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.step(4), true);
  }

  /** 64 bits; rounded beyond 2⁵³, where no file reaches. */
  u64(): number {
    const at = this.step(8);
    return this.view.getUint32(at + 4, true) * 4_294_967_296 + this.view.getUint32(at, true);
  }

  /** An unsigned integer of 1, 2, 4 or 8 bytes. */
  unsigned(width: number): number {
    if (width === 1) return this.u8();
    if (width === 2) return this.u16();
    return width === 4 ? this.u32() : this.u64();
  }

  take(length: number): Uint8Array {
    const from = this.step(length);
    return this.bytes.subarray(from, from + length);
  }

  skip(length: number): void {
    this.step(length);
  }

  private step(length: number): number {
    if (!(length >= 0 && length <= this.left)) throw this.broken();
    const from = this.at;
    this.at += length;
    return from;
  }
}

/** Content of an entry in a global heap. */
export interface HeapEntry {
  readonly address: number;
  readonly size: number;
}

/** Reads metadata of one file. */
export class Metadata {
  readonly source: Source;
  /** Global heaps by address: number of an entry → where its content is. Names of weights may all lie in one. */
  readonly heaps = new Map<number, ReadonlyMap<number, HeapEntry>>();
  private read = 0;

  constructor(source: Source) {
    this.source = source;
  }

  /**
   * @throws ModelFormatError when the piece leaves the file, or too much was read
   */
  async at(address: number, length: number): Promise<Cursor> {
    this.read += Math.max(length, leastRead);
    if (this.read > mostMetadata) {
      throw this.broken(
        address,
        `at most ${mostMetadata} bytes of metadata`,
        'more — do its links lead in a circle?',
      );
    }
    if (!(address + length <= this.source.size)) {
      throw this.broken(
        address,
        `a file of at least ${address + length} bytes`,
        `${this.source.size} — is it cut off?`,
      );
    }
    const bytes = await this.source.read(address, length);
    return new Cursor(bytes, () =>
      this.broken(address, 'a whole structure', `the end of its ${length} bytes`),
    );
  }

  /** The same, behind a signature of four letters that must stand there. */
  async signed(address: number, signature: string, length: number): Promise<Cursor> {
    const cursor = await this.at(address, length);
    const found = letters(cursor.take(4));
    if (found !== signature) throw this.broken(address, signature, JSON.stringify(found));
    return cursor;
  }

  broken(address: number, expected: string, got: string): ModelFormatError {
    const { name } = this.source;
    return new ModelFormatError(
      `openModel: ${name} is a broken HDF5 file at byte ${address}; expected ${expected}, got ${got}`,
      { details: { file: name, format: 'hdf5', offset: address, expected, got } },
    );
  }

  /** An error for what the format allows and this reader does not know. */
  unsupported(what: string): UnsupportedModelError {
    const { name } = this.source;
    return new UnsupportedModelError(
      `openModel: ${name} ${what}; expected an HDF5 file as Keras writes it — write it again with h5py's defaults (h5repack -l CONTI -f NONE unpacks data sets)`,
      { details: { file: name, format: 'hdf5', got: what } },
    );
  }
}

/** Bytes as letters, one each. */
export function letters(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
