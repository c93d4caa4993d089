/** Where a run took place: times mean nothing without it. */
import { availableParallelism, cpus, totalmem } from 'node:os';
import { createEngine } from '@kindling/core';

/** The machine and the engine. Plain JSON. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly node: string;
  readonly v8: string;
  /** Build of Kindling's kernels, such as `strict`, and SHA-256 of their module. */
  readonly kernels: { readonly build: string; readonly hash: string };
}

/** This one. */
export function thisMachine(): Machine {
  const { build, hash } = createEngine();
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
    kernels: { build, hash },
  };
}
