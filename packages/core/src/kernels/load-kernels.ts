/** Turns the embedded bytes into a running module. Synchronous: the module is small enough for every engine's limit. */
import { UnsupportedEngineError } from '../errors/unsupported-engine-error.js';
import type { KernelExports } from './kernel-exports.js';
import type { KernelBuild, KernelModule } from './kernel-module.js';

/** The kernels and the memory they work on. */
export interface LoadedKernels {
  readonly exports: KernelExports;
  readonly memory: WebAssembly.Memory;
}

/** 65,536 pages of 64 KiB: all that a 32-bit address reaches. The memory starts with one page and grows. */
const maximumPages = 65536;

/** What a build asks of the engine. */
const needs: Readonly<Record<KernelBuild, string>> = {
  strict:
    'WebAssembly with SIMD (Node 20.19 or newer, Chromium 91, Firefox 89, Safari 16.4) — update the engine',
  relaxed:
    'WebAssembly with relaxed SIMD (Node 22, Chromium 114; Node 20 with --experimental-wasm-relaxed-simd) — update the engine or use the strict kernels',
};

const compiled = new Map<string, WebAssembly.Module>();

/**
 * Instantiates a build on a memory of its own. A build is compiled once a thread.
 *
 * @throws UnsupportedEngineError when this engine lacks the instructions the build uses
 */
export function loadKernels(kernels: KernelModule): LoadedKernels {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: maximumPages });
  const instance = new WebAssembly.Instance(compile(kernels), { env: { memory } });
  // The one place where the module's exports get their type; a test compares the names with the interface.
  return { exports: instance.exports as unknown as KernelExports, memory };
}

function compile({ build, hash, base64 }: KernelModule): WebAssembly.Module {
  const known = compiled.get(hash);
  if (known !== undefined) return known;
  try {
    const module = new WebAssembly.Module(decodeBase64(base64));
    compiled.set(hash, module);
    return module;
  } catch (cause) {
    throw new UnsupportedEngineError(
      `loadKernels: this engine cannot compile the ${build} kernels; expected ${needs[build]}`,
      { cause },
    );
  }
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}
