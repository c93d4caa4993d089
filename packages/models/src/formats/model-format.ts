/** What a format must do to be opened: recognize its files by content, and read them. */
import type { Model, OpenModelOptions } from '../model/model.js';
import type { Source, Sources } from '../source/source.js';

/** The beginning of a file, and what was found out about it. */
export interface Probe {
  readonly source: Source;
  /** The first 4,096 bytes, or all. */
  readonly head: Uint8Array;
  /** The main file as JSON if it begins like it; `undefined` otherwise. Parsed once, at most 64 MiB. */
  readonly json: unknown;
  /** Names of the entries if the file is a zip archive; `null` otherwise. */
  readonly zipEntries: readonly string[] | null;
}

/** A reader of one kind of file. */
export interface ModelFormat {
  /** For messages: `safetensors`. */
  readonly title: string;
  /** Whether this is such a file, as far as its content tells. Never throws for what is in the file. */
  recognizes(probe: Probe): boolean | Promise<boolean>;
  /**
   * @throws ModelFormatError when the file breaks its format's rules
   * @throws UnsupportedModelError when it holds what is not read
   */
  read(sources: Sources, probe: Probe, options: OpenModelOptions): Promise<Model>;
}
