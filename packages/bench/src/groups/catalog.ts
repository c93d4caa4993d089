/** All groups, in the order of the report. */
import { convolution } from './convolution.js';
import { figure1Race } from './figure-1.js';
import { gemm } from './gemm.js';
import type { Group } from './group.js';
import { growth } from './growth.js';
import { manyInits } from './many-inits.js';
import { threads } from './threads.js';
import { trainingStep } from './training-step.js';
import { workers } from './workers.js';

const groups: readonly Group[] = [
  gemm,
  trainingStep,
  manyInits,
  convolution,
  workers,
  threads,
  growth,
  figure1Race,
];

/** Names as `--only` takes them. */
export const groupNames: readonly string[] = groups.map(({ name }) => name);

/** The groups of these names, in the order of the report. */
export function findGroups(names: readonly string[]): readonly Group[] {
  return groups.filter(({ name }) => names.includes(name));
}
