/** Where a run took place: times mean nothing without it. */
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { createEngine, type Engine } from '@kindling/core';

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

/** This one, with the kernels that were measured; default: the strict ones. */
export function thisMachine(kernels: Pick<Engine, 'build' | 'hash'> = createEngine()): Machine {
  const { build, hash } = kernels;
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

/** Above this many runnable threads before anything of ours runs, a core is likely to be taken. */
const restingLoad = 0.7;

/** A line of warning when others are using the machine; null when it rests, or does not tell (Windows). */
export function busyWarning(): string | null {
  const [load = 0] = loadavg();
  if (load <= restingLoad) return null;
  return `the machine was busy before the start (load ${load.toFixed(1)} on ${availableParallelism()} cores): times and ratios are blurred`;
}
