/**
 * How much of a study is done and how long the rest takes. A trial's cost is that of its longest possible course, and
 * many end early, so two things are kept apart: the *share* of the study that is settled (what the bar shows), and the
 * *work* really done, from which the speed comes. What early ends will save is estimated from the trials of the same
 * cell, or else from all; resumed trials count for that, but never for the speed.
 */
import {
  type Cell,
  type StudyProgress,
  type TrialProgress,
  type TrialRecord,
  trialName,
} from '@kindling/studies';

/** Where a study stands. */
export interface WorkState {
  readonly doneTrials: number;
  readonly totalTrials: number;
  readonly resumedTrials: number;
  /** Settled share of the study's cost, 0 … 1; never falls. */
  readonly fraction: number;
  /** Estimate; null while there is nothing to go by. */
  readonly secondsLeft: number | null;
}

/** Takes what `runStudy` calls back with. */
export interface WorkMeter {
  records(records: readonly TrialRecord[]): void;
  progress(progress: StudyProgress): void;
  trial(progress: TrialProgress): void;
  state(): WorkState;
}

/** What the meter is made for. */
export interface WorkMeterOptions {
  readonly cells: readonly Cell[];
  /** Epochs of the longest course, to see how early a training has ended; null where nothing is trained. */
  readonly maxEpochs: number | null;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

/** The speed is that of the last half minute: parts of a study differ in it. */
const windowMs = 30_000;
/** Before this the start of the workers is most of what is measured. */
const leastMs = 1500;
/** Samples for the speed are this far apart. */
const sampleMs = 500;

interface CellShares {
  readonly cell: Cell;
  finished: number;
  shares: number;
}

export function workMeter({ cells, maxEpochs, now }: WorkMeterOptions): WorkMeter {
  const shares = new Map<string, CellShares>(
    cells.map((cell) => [cell.id, { cell, finished: 0, shares: 0 }]),
  );
  const underWay = new Map<
    string,
    { readonly cost: number; readonly cell: string; readonly fraction: number }
  >();
  let latest: StudyProgress | null = null;
  let started = 0;
  let finishedWork = 0;
  let fraction = 0;
  let samples: { readonly at: number; readonly work: number }[] = [];

  function work(): number {
    let sum = finishedWork;
    for (const trial of underWay.values()) sum += trial.cost * trial.fraction;
    return sum;
  }

  /** Work still to do, early ends taken into account. */
  function remaining(): number {
    let known = 0;
    let knownWork = 0;
    for (const { cell, finished, shares: sum } of shares.values()) {
      known += cell.cost * finished;
      knownWork += cell.cost * sum;
    }
    /** Share of its cost that a trial of the cell will really take; the whole, as long as nothing is known. */
    const expected = (entry: CellShares) => {
      if (entry.finished > 0) return entry.shares / entry.finished;
      return (knownWork + entry.cell.cost) / (known + entry.cell.cost || 1);
    };
    let sum = 0;
    for (const entry of shares.values()) {
      sum += (entry.cell.trials - entry.finished) * entry.cell.cost * expected(entry);
    }
    for (const trial of underWay.values()) {
      const entry = shares.get(trial.cell);
      if (entry === undefined) continue;
      const share = expected(entry);
      // One that has outlived the expectation is taken to be half way from here to its end.
      const whole = trial.fraction < share ? share : (1 + trial.fraction) / 2;
      sum += trial.cost * (whole - share - trial.fraction);
    }
    return Math.max(0, sum);
  }

  function secondsLeft(): number | null {
    const at = now();
    const done = work();
    const last = samples.at(-1);
    if (last === undefined || at - last.at >= sampleMs) samples.push({ at, work: done });
    const recent = samples.findIndex((sample) => at - sample.at <= windowMs);
    // One sample from before the window stays, so that there is always something to compare with.
    if (recent > 1) samples = samples.slice(recent - 1);
    const first = samples[0];
    if (latest === null || first === undefined || at - started < leastMs) return null;
    const perMs = (done - first.work) / (at - first.at);
    return perMs > 0 && Number.isFinite(perMs) ? remaining() / perMs / 1000 : null;
  }

  return {
    records: (records) => {
      for (const record of records) {
        const entry = shares.get(record.cell);
        if (entry === undefined) continue;
        const share = shareOf(record, maxEpochs);
        entry.finished += 1;
        entry.shares += share;
        underWay.delete(trialName(record));
        // Those that come before the first progress were in the store.
        if (latest !== null) finishedWork += entry.cell.cost * share;
      }
    },
    progress: (progress) => {
      if (latest === null) {
        started = now();
        samples = [{ at: started, work: 0 }];
      }
      latest = progress;
    },
    trial: (progress) => {
      const entry = shares.get(progress.cell);
      if (entry === undefined) return;
      const { cell } = entry;
      underWay.set(trialName(progress), {
        cost: cell.cost,
        cell: cell.id,
        fraction: clamp(progress.fraction),
      });
    },
    state: () => {
      if (latest === null)
        return { doneTrials: 0, totalTrials: 0, resumedTrials: 0, fraction, secondsLeft: null };
      const { doneTrials, totalTrials, resumedTrials, doneCost, totalCost } = latest;
      let settled = doneCost;
      for (const trial of underWay.values()) settled += trial.cost * trial.fraction;
      const share = totalCost > 0 ? settled / totalCost : doneTrials / Math.max(1, totalTrials);
      fraction = Math.max(fraction, clamp(share));
      return { doneTrials, totalTrials, resumedTrials, fraction, secondsLeft: secondsLeft() };
    },
  };
}

function shareOf({ result }: TrialRecord, maxEpochs: number | null): number {
  const epochs = result['epochs'];
  return maxEpochs === null || typeof epochs !== 'number' ? 1 : clamp(epochs / maxEpochs);
}

function clamp(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;
}
