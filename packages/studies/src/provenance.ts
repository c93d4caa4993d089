/**
 * Which code made a record: the kernels by the hash of their module, and the version of this package. Records of
 * different provenance are never put together, because their last digits may differ.
 */
import type { Engine } from '@kindling/core';

/** Version of @kindling/studies, as in its package.json (a test holds the two together). */
export const packageVersion = '0.1.0';

/** The two marks of code that every record carries. */
export interface Provenance {
  /** Kernel build and the first 16 hex digits of the module's hash, such as `strict-0123456789abcdef`. */
  readonly kernels: string;
  /** Version of @kindling/studies. */
  readonly version: string;
}

/** The provenance of trials run now on `engine`. */
export function provenanceOf(engine: Pick<Engine, 'build' | 'hash'>): Provenance {
  return { kernels: `${engine.build}-${engine.hash.slice(0, 16)}`, version: packageVersion };
}
