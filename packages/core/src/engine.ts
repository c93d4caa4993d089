/**
 * The kernels and the memory they work on: the first argument of everything that computes. One engine belongs to one
 * thread; engines share nothing.
 */
import type { KernelExports } from './kernels/kernel-exports.js';
import { type KernelBuild, loadKernels } from './kernels/load-kernels.js';
import { Arena } from './memory/arena.js';

export interface Engine {
  readonly kernels: KernelExports;
  readonly arena: Arena;
  /** Which build of the kernels this is. */
  readonly build: KernelBuild;
  /** SHA-256 of the kernels' module, hex. */
  readonly hash: string;
}

/**
 * A new engine with empty memory. Costs a few milliseconds the first time in a thread, microseconds after.
 *
 * @param options.limitBytes no allocation may end beyond this address; default 4 GiB
 * @throws UnsupportedEngineError without WebAssembly SIMD
 */
export function createEngine(options: { readonly limitBytes?: number } = {}): Engine {
  const { exports, memory, build, hash } = loadKernels();
  return {
    kernels: exports,
    arena: new Arena(memory, exports.memory_base(), options.limitBytes),
    build,
    hash,
  };
}
