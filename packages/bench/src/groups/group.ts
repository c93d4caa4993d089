/** What a group of benchmarks is given, and how the contests among them are run. */
import type { KernelModule } from '@kindling/core';
import type { Dataset } from '@kindling/trainer';
import type { Benchmark, Contender, PreparedWork } from '../benchmark.js';
import type { Peer, Ways } from '../peers/peer.js';
import type { Budget } from '../run/budget.js';
import type { GroupResult, Measurement, Omission } from '../run/measurement.js';
import { runContest } from '../run/run-contest.js';

/** What a group may use. */
export interface GroupContext {
  /** Kindling first. */
  readonly peers: readonly Peer[];
  readonly budget: Budget;
  /** True to leave out what takes minutes. */
  readonly quick: boolean;
  /** True to run all of a quick figure 1 in the group of that name. */
  readonly wholeFigure: boolean;
  readonly dataset: Dataset;
  /** Kindling's, where it opens engines in other threads; null for the strict ones. */
  readonly kernels: KernelModule | null;
  /** Called with what is measured now. */
  readonly onProgress: (what: string) => void;
}

/** Benchmarks that share a table. */
export interface Group {
  /** As `--only` takes it. */
  readonly name: string;
  readonly title: string;
  /** What exactly is measured, for the reader of the table. */
  readonly description: string;
  run(context: GroupContext): Promise<Omit<GroupResult, 'name' | 'title' | 'description'>>;
}

/** The contenders for one kind of work: every way of every peer that can do it. */
export function contendersFor<Problem>(
  peers: readonly Peer[],
  ways: (peer: Peer) => Ways<Problem> | undefined,
  problem: Problem,
): readonly Contender[] {
  return peers.flatMap((peer) =>
    Object.entries(ways(peer) ?? {}).map(([way, prepare]) => ({
      label: way === '' ? peer.title : `${peer.title}, ${way}`,
      prepare: (): Promise<PreparedWork> => prepare(problem),
    })),
  );
}

/** Runs benchmark after benchmark. Each is made when its turn comes, because its inputs may be large. */
export async function runContests(
  name: string,
  benchmarks: Iterable<() => Benchmark>,
  { budget, onProgress }: GroupContext,
): Promise<{ readonly measurements: readonly Measurement[]; readonly omissions: readonly Omission[] }> {
  const measurements: Measurement[] = [];
  const omissions: Omission[] = [];
  for (const make of benchmarks) {
    const benchmark = make();
    onProgress(`${name}: ${benchmark.name}`);
    const outcome = await runContest(benchmark, budget);
    measurements.push(...outcome.measurements);
    omissions.push(...outcome.omissions);
  }
  return { measurements, omissions };
}
