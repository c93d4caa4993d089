/** Turns the embedded bytes into a running module. Synchronous: the module is small enough for every engine's limit. */
import { UnsupportedEngineError } from '../errors/unsupported-engine-error.js';
import { strictKernelsBase64, strictKernelsHash } from '../generated/strict-kernels.js';
import type { KernelExports } from './kernel-exports.js';

/** Which build of the kernels runs. `strict` gives the same bits in every engine. */
export type KernelBuild = 'strict';

/** The kernels, the memory they work on, and which kernels they are. */
export interface LoadedKernels {
  readonly exports: KernelExports;
  readonly memory: WebAssembly.Memory;
  readonly build: KernelBuild;
  /** SHA-256 of the module, hex. */
  readonly hash: string;
}

/** 65,536 pages of 64 KiB: all that a 32-bit address reaches. The memory starts with one page and grows. */
const maximumPages = 65536;

let compiled: WebAssembly.Module | undefined;

/**
 * Instantiates the strict build on a memory of its own. The module is compiled once a thread.
 *
 * @throws UnsupportedEngineError when this engine has no WebAssembly SIMD.
 */
export function loadKernels(): LoadedKernels {
  try {
    compiled ??= new WebAssembly.Module(decodeBase64(strictKernelsBase64));
  } catch (cause) {
    throw new UnsupportedEngineError(
      'loadKernels: this engine cannot compile the kernels; expected WebAssembly with SIMD (Node 20.19 or newer, Chromium 91, Firefox 89, Safari 16.4) — update the engine',
      { cause },
    );
  }
  const memory = new WebAssembly.Memory({ initial: 1, maximum: maximumPages });
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  // The one place where the module's exports get their type; a test compares the names with the interface.
  const exports = instance.exports as unknown as KernelExports;
  return { exports, memory, build: 'strict', hash: strictKernelsHash };
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}
