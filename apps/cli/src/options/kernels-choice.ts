/** Which build of the kernels runs, and what the engine must be told for it. */
import { setFlagsFromString } from 'node:v8';
import type { KernelModule } from '@kindling/core';
import { Option } from 'commander';
import { UsageError } from '../usage-error.js';
import { suggestion } from './nearest-names.js';

/** The flags as commander hands them over. */
export interface KernelFlags {
  readonly kernels?: string;
  readonly wideSimd?: boolean;
}

const nodeMajor = Number(process.versions.node.split('.')[0]);

const builds = ['strict', 'relaxed'] as const;

/** The flags. */
export function kernelOptions(): readonly Option[] {
  return [
    new Option(
      '--kernels <build>',
      'strict: the same bits everywhere; relaxed: fused multiply-adds, faster, bits depend on the machine (default: strict)',
    ),
    new Option(
      '--wide-simd',
      'let the engine widen SIMD to 256 bits: the same bits, faster; experimental, Node 24 or newer',
    ),
  ];
}

/**
 * Reads the flags and makes the engine ready for them, in all threads. To be called before the first kernels are loaded.
 *
 * @returns null for the strict build, which every package finds by itself
 * @throws UsageError naming the flag that cannot be obeyed
 */
export async function chooseKernels({
  kernels = 'strict',
  wideSimd = false,
}: KernelFlags): Promise<KernelModule | null> {
  const build = builds.find((name) => name === kernels);
  if (build === undefined) throw new UsageError(`--kernels is "${kernels}"; ${suggestion(kernels, builds)}`);
  if (wideSimd) {
    if (nodeMajor < 24) {
      throw new UsageError(`--wide-simd needs Node 24 or newer; this is Node ${process.versions.node}`);
    }
    setFlagsFromString('--experimental-wasm-revectorize');
  }
  if (build === 'strict') return null;
  enableRelaxedSimd();
  const { relaxedKernels } = await import('@kindling/core/relaxed');
  return relaxedKernels;
}

/** Node 20 has relaxed SIMD behind a flag, later ones have it as it is. */
export function enableRelaxedSimd(): void {
  if (nodeMajor < 22) setFlagsFromString('--experimental-wasm-relaxed-simd');
}
