/**
 * The kernels and the memory they work on: the first argument of everything that computes. One engine belongs to one
 * thread; engines share nothing.
 */
import { strictKernels } from './generated/strict-kernels.js';
import type { KernelExports } from './kernels/kernel-exports.js';
import type { KernelBuild, KernelModule } from './kernels/kernel-module.js';
import { loadKernels } from './kernels/load-kernels.js';
import { Arena } from './memory/arena.js';

export interface Engine {
  readonly kernels: KernelExports;
  readonly arena: Arena;
  /** Which build of the kernels this is. */
  readonly build: KernelBuild;
  /** SHA-256 of the kernels' module, hex. */
  readonly hash: string;
}

/** The settings of `createEngine`. */
export interface EngineOptions {
  /** No allocation may end beyond this address; default 4 GiB. */
  readonly limitBytes?: number;
  /** Default: the strict build, whose bits are the same everywhere. The other one is in `@kindling/core/relaxed`. */
  readonly kernels?: KernelModule;
}

/**
 * A new engine with empty memory. Costs a few milliseconds the first time in a thread, microseconds after.
 *
 * @throws UnsupportedEngineError without WebAssembly SIMD, or without relaxed SIMD where the relaxed build is asked for
 */
export function createEngine({ limitBytes, kernels = strictKernels }: EngineOptions = {}): Engine {
  const { exports, memory } = loadKernels(kernels);
  return {
    kernels: exports,
    arena: new Arena(memory, exports.memory_base(), limitBytes),
    build: kernels.build,
    hash: kernels.hash,
  };
}
