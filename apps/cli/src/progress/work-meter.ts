/**
 * How much of a study is done and how long the rest takes. A trial's cost is that of the course it is expected to take;
 * a true course is shorter or longer. So two things are kept apart: the *share* of the study (what the bar shows), in
 * which a finished trial counts its cost and one under way at most that, and the *work* really done, from which the
 * speed comes. How far the courses of a cell differ from the expectation is learned from its own finished trials, as
 * cells may err in opposite ways; resumed trials count for that, but never for the speed. An estimate, no more.
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
  /** What is counted, where it is not trials. */
  readonly unit?: string;
  /** Done share of the study's cost, 0 … 1; never falls. */
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
  /** Epochs after which a training is given up; null where nothing is trained. */
  readonly maxEpochs: number | null;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

/** The speed is that of the last half minute, in long runs of their last quarter: parts of a study differ in it. */
const leastWindowMs = 30_000;
const windowShare = 1 / 4;
/** Before this the start of the workers is most of what is measured. */
const leastMs = 1500;
/** Samples for the speed are at least this far apart, and about so many in a window. */
const leastSampleMs = 500;
const samplesPerWindow = 60;
/** One that has outlived the expectation is taken to go on for this share of what it has taken so far. */
const outliving = 1 / 4;

/** What is known of a cell's trials. Courses are in units of the expected one: 2 took twice as long. */
interface CellCourse {
  readonly cell: Cell;
  finished: number;
  /** Finished trials whose course is known, and the sum of their courses. */
  known: number;
  sum: number;
  /** Epochs of the expected course; null until a trial under way has shown it. */
  expectedEpochs: number | null;
  /** Epochs of finished trials of which nothing but these is known, until `expectedEpochs` is. */
  waiting: number[];
}

interface TrialUnderWay {
  readonly entry: CellCourse;
  /** Done share of the expected course, 0 … 1. */
  readonly fraction: number;
  /** The same, and on beyond 1 where the epochs tell. */
  readonly course: number;
}

/** A meter for a study that is about to start. */
export function workMeter({ cells, maxEpochs, now }: WorkMeterOptions): WorkMeter {
  const courses = new Map<string, CellCourse>(
    cells.map((cell) => [
      cell.id,
      { cell, finished: 0, known: 0, sum: 0, expectedEpochs: null, waiting: [] },
    ]),
  );
  const underWay = new Map<string, TrialUnderWay>();
  let latest: StudyProgress | null = null;
  let started = 0;
  let finishedWork = 0;
  let fraction = 0;
  let samples: { readonly at: number; readonly work: number }[] = [];

  function sumUnderWay(part: (trial: TrialUnderWay) => number): number {
    let sum = 0;
    for (const trial of underWay.values()) sum += trial.entry.cell.cost * part(trial);
    return sum;
  }

  /** Work still to do, courses as they have turned out so far taken into account. */
  function remaining(): number {
    let sum = sumUnderWay(({ entry, course }) => {
      const whole = likely(entry);
      const end = course < whole ? whole : Math.max(course, Math.min(course * (1 + outliving), cap(entry)));
      return end - course - whole;
    });
    for (const entry of courses.values()) {
      sum += (entry.cell.trials - entry.finished) * entry.cell.cost * likely(entry);
    }
    return Math.max(0, sum);
  }

  /** The course a trial of the cell will really take; the expected one, as long as none has ended. */
  function likely({ known, sum }: CellCourse): number {
    return known > 0 ? sum / known : 1;
  }

  /** The longest course a trial of the cell may take. */
  function cap({ expectedEpochs }: CellCourse): number {
    return maxEpochs === null || expectedEpochs === null
      ? Number.POSITIVE_INFINITY
      : maxEpochs / expectedEpochs;
  }

  function secondsLeft(): number | null {
    const at = now();
    const done = finishedWork + sumUnderWay(({ course }) => course);
    const windowMs = Math.max(leastWindowMs, (at - started) * windowShare);
    const last = samples.at(-1);
    if (last === undefined || at - last.at >= Math.max(leastSampleMs, windowMs / samplesPerWindow)) {
      samples.push({ at, work: done });
    }
    const recent = samples.findIndex((sample) => at - sample.at <= windowMs);
    // One sample from before the window stays, so that there is always something to compare with.
    if (recent > 1) samples = samples.slice(recent - 1);
    const first = samples[0];
    if (latest === null || first === undefined || at - started < leastMs) return null;
    const perMs = (done - first.work) / (at - first.at);
    return perMs > 0 && Number.isFinite(perMs) ? remaining() / perMs / 1000 : null;
  }

  /** Notes how a trial ended; gives its course. */
  function finish(entry: CellCourse, trial: TrialUnderWay | undefined, epochs: number | null): number {
    entry.finished += 1;
    const { expectedEpochs } = entry;
    if (epochs !== null && expectedEpochs === null && trial === undefined) {
      entry.waiting.push(epochs);
      return 1;
    }
    const course =
      epochs !== null && expectedEpochs !== null ? epochs / expectedEpochs : (trial?.course ?? 1);
    entry.known += 1;
    entry.sum += course;
    return course;
  }

  /** Learns from a trial under way how many epochs its cell was expected to take. */
  function learn(entry: CellCourse, share: number, epoch: number | undefined): void {
    if (entry.expectedEpochs !== null || epoch === undefined || !(epoch > 0) || share === 0) return;
    entry.expectedEpochs = epoch / share;
    for (const epochs of entry.waiting) entry.sum += epochs / entry.expectedEpochs;
    entry.known += entry.waiting.length;
    entry.waiting = [];
  }

  return {
    records: (records) => {
      for (const record of records) {
        const entry = courses.get(record.cell);
        if (entry === undefined) continue;
        const { epochs } = record.result;
        const name = trialName(record);
        const course = finish(entry, underWay.get(name), typeof epochs === 'number' ? epochs : null);
        underWay.delete(name);
        // Those that come before the first progress were in the store.
        if (latest !== null) finishedWork += entry.cell.cost * course;
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
      const entry = courses.get(progress.cell);
      if (entry === undefined) return;
      const epoch = Number.isFinite(progress.values['epoch']) ? progress.values['epoch'] : undefined;
      const share = clamp(progress.fraction);
      learn(entry, share, epoch);
      const { expectedEpochs } = entry;
      const course = epoch === undefined || expectedEpochs === null ? share : epoch / expectedEpochs;
      underWay.set(trialName(progress), { entry, fraction: share, course: Math.max(share, course) });
    },
    state: () => {
      if (latest === null)
        return { doneTrials: 0, totalTrials: 0, resumedTrials: 0, fraction, secondsLeft: null };
      const { doneTrials, totalTrials, resumedTrials, doneCost, totalCost } = latest;
      const done = doneCost + sumUnderWay((trial) => trial.fraction);
      const share = totalCost > 0 ? done / totalCost : doneTrials / Math.max(1, totalTrials);
      fraction = Math.max(fraction, clamp(share));
      return { doneTrials, totalTrials, resumedTrials, fraction, secondsLeft: secondsLeft() };
    },
  };
}

function clamp(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;
}
