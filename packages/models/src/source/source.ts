/** Bytes with random access: a file, a Blob, memory. Nothing is read before it is asked for. */

/** Where bytes come from. */
export interface Source {
  /** File name without folders, for messages. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset`. The array is the caller's; it may be a view of the source's own memory, so it is not
   * written to.
   *
   * @throws ModelFormatError when the range leaves the source
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A model's files: the one it is opened by, and those that this one names (shards, external data). */
export interface Sources {
  readonly main: Source;
  /**
   * A file by its name relative to the main one, with `/` between folders.
   *
   * @throws ModelFormatError when there is none, or the name is absolute or leaves the folder (`..`)
   */
  open(relativeName: string): Promise<Source>;
}
