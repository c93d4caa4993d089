/** One worker against two on independent trials, and what the way to a worker costs. */
import { type KernelModule, median } from '@kindling/core';
import {
  datasetIdentity,
  type Figure1Spec,
  figure1,
  figure1Spec,
  memoryStore,
  runStudy,
  type TrialRecord,
} from '@kindling/studies';
import type { Dataset } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import type { Benchmark, Contender } from '../benchmark.js';
import { seconds, timedAsync } from '../run/clock.js';
import { builtWorker } from './built-worker.js';
import { type Group, runContests } from './group.js';

/**
 * Trials of each kind, for each budget's patience. Workers take a few tenths of a second to start, however many they are: in the full
 * run that is a few percent of a sample, in the quick one it shows.
 */
const counts = { full: { nets: 24_000, trainings: 256 }, quick: { nets: 2000, trainings: 16 } } as const;

/** Depth and width. */
const netSize = 50;
const trainingDepth = 20;
/** Every training runs this long: the initializer does not start by itself, so that trials cost the same. */
const epochs = 5;

export const workers: Group = {
  name: 'workers',
  title: 'One worker against two',
  description:
    `Independent trials of figure 1 through the pool of worker threads, start of the workers included: lengths of ` +
    `${netSize} × ${netSize} nets, and trainings of ${trainingDepth} × ${trainingDepth} nets on 1,500 images. Records are ` +
    'the same for every number of workers. Traffic is the part of a chunk’s time in which its worker had nothing to do.',
  run: async (context) => {
    const { dataset } = await loadDataset('embedded');
    const { nets, trainings } = context.quick ? counts.quick : counts.full;
    const kinds = [
      { name: `lengths of ${nets} nets`, spec: lengthsSpec(nets), dataset: null, kernels: context.kernels },
      {
        name: `${trainings} trainings`,
        spec: trainingsSpec(dataset, trainings),
        dataset,
        kernels: context.kernels,
      },
    ];
    const shares = kinds.map((): number[] => []);
    const benchmarks = kinds.map((kind, i) => () => benchmark(kind, (share) => shares[i]?.push(share)));
    const outcome = await runContests('workers', benchmarks, context);
    const facts = kinds.map(
      ({ name }, i) => [`worker traffic, % (${name})`, 100 * median(shares[i] ?? [])] as const,
    );
    return { ...outcome, facts: Object.fromEntries(facts) };
  },
};

interface Kind {
  readonly name: string;
  readonly spec: Figure1Spec;
  readonly dataset: Dataset | null;
  readonly kernels: KernelModule | null;
}

const free = { seed: 1, quick: false } as const;

function lengthsSpec(nets: number): Figure1Spec {
  const initializers = ['he-normal'] as const;
  return figure1Spec({ ...free, initializers, depths: [netSize], trials: nets, runs: 0, data: null });
}

function trainingsSpec(dataset: Dataset, runs: number): Figure1Spec {
  const initializers = ['lecun-normal'] as const;
  const data = datasetIdentity(dataset);
  return figure1Spec({
    ...free,
    initializers,
    depths: [trainingDepth],
    trials: 0,
    runs,
    maxEpochs: epochs,
    data,
  });
}

function benchmark(kind: Kind, onTraffic: (share: number) => void): Benchmark {
  return {
    name: kind.name,
    operations: null,
    // The bits must be the same.
    agreement: {
      tolerance: 0,
      distance: (a, b) => Number(Array.from(a).some((x, i) => !Object.is(x, b[i]))),
    },
    contenders: [contender('2 workers', kind, 2, () => {}), contender('1 worker', kind, 1, onTraffic)],
  };
}

/** `onTraffic` gets the share of traffic in each sample; it means something for one worker only. */
function contender(label: string, kind: Kind, count: number, onTraffic: (share: number) => void): Contender {
  let records: readonly TrialRecord[] = [];
  const once = async () => {
    const { spec, dataset, kernels } = kind;
    const found: TrialRecord[] = [];
    const meter = trafficMeter();
    await runStudy({
      ...{ spec, dataset, workers: count, store: memoryStore(), spawn: builtWorker('worker') },
      kernels: kernels ?? undefined,
      // What the study sums up is not what is measured.
      study: { ...figure1, summarize: () => ({}) },
      onRecords: (fresh) => {
        found.push(...fresh);
        meter.note(fresh);
      },
    });
    const share = meter.share();
    if (share !== null) onTraffic(share);
    records = found;
  };
  return {
    label,
    prepare: () =>
      Promise.resolve({
        run: timedAsync(once),
        result: () => Promise.resolve(numbersOf(records)),
        dispose: () => Promise.resolve(),
      }),
  };
}

/** Records that arrived together. */
interface Arrival {
  readonly time: number;
  /** Seconds for which the worker had been busy before the first chunk of these. */
  readonly busyBefore: number;
}

/**
 * Between two arrivals lie whole chunks: the call, the trials, the records' way back and into the store. What the worker was
 * not busy of that time is traffic. The chunks of the first arrival are left out, because they contain the worker's start,
 * and those of the last, because nobody tells how long they took.
 */
function trafficMeter() {
  const arrivals: Arrival[] = [];
  return {
    note: (records: readonly TrialRecord[]) => {
      const [record] = records;
      if (record === undefined) return;
      arrivals.push({ time: seconds(), busyBefore: Number(record.result['busyBefore']) });
    },
    /** Null unless there were four arrivals. */
    share: () => {
      const [from, second] = arrivals;
      const [to, last] = arrivals.slice(-2);
      if (arrivals.length < 4 || from === undefined || second === undefined) return null;
      if (to === undefined || last === undefined) return null;
      return 1 - (last.busyBefore - second.busyBefore) / (to.time - from.time);
    },
  };
}

/** What trials found, in the order of their numbers. */
function numbersOf(records: readonly TrialRecord[]): readonly number[] {
  return [...records]
    .sort((a, b) => a.trial - b.trial)
    .map(({ result }) => Number(result['logLength'] ?? (result['meanLoss'] as readonly number[]).at(-1)));
}
