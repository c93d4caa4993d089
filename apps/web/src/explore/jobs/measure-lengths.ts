/** Lengths of random nets, configuration after configuration, drawn as they come in. */
import type {
  ExploreLengthsResult,
  ExploreLengthsSummary,
  ExploreSpec,
  TrialRecord,
} from '@kindling/studies';
import type { Dataset } from '@kindling/trainer';
import type { PlannedCell } from './explore-server.js';
import { type LengthsSoFar, numbersKey } from './findings.js';
import type { Keeper } from './keeper.js';
import { netsCurve } from './nets-curve.js';
import type { TrialPool } from './trial-pool.js';

/** Sums up nets of one configuration, somewhere else. */
export type Summarize = (results: readonly ExploreLengthsResult[]) => Promise<ExploreLengthsSummary>;

/** What is wanted, and where it goes. */
export interface MeasureLengthsOptions {
  readonly spec: ExploreSpec;
  readonly cells: readonly PlannedCell[];
  readonly order: readonly number[];
  readonly pool: TrialPool;
  readonly summarize: Summarize;
  readonly keeper: Keeper<LengthsSoFar>;
  readonly dataset: Dataset | null | undefined;
  readonly stop: AbortSignal;
}

/** Operations a second that a worker is taken to do: the scale of `Cell.cost`. */
const speed = 1.5e9;
/** Milliseconds between two drawings of nets that come in. */
const redraw = 70;

/** About how long measuring takes, all configurations together. */
export function secondsToMeasure(cells: readonly PlannedCell[], workers: number): number {
  const operations = lengthsCells(cells).reduce((sum, { cost, trials }) => sum + cost * trials, 0);
  return operations / speed / workers;
}

/** Measures what is not measured yet. Rejects with the signal's reason when it is aborted; what was measured is kept. */
export async function measureLengths(options: MeasureLengthsOptions): Promise<void> {
  const { spec, order, pool, summarize, keeper, dataset, stop } = options;
  const cells = lengthsCells(options.cells);
  for (const index of order) {
    const cell = cells.find((each) => each.index === index);
    const key = numbersKey(spec, index);
    const known = keeper.peek(key);
    if (cell === undefined || (known !== null && known.done === cell.trials)) continue;
    const results: ExploreLengthsResult[] = [];
    const show = async () => {
      // Workers come back in any order; the nets that are drawn one by one stay the same.
      const found = results.filter((result) => result !== undefined);
      if (found.length === 0) return;
      const curve = netsCurve(await summarize(found));
      stop.throwIfAborted();
      keeper.keep(key, { curve, done: found.length, total: cell.trials });
    };
    let shown: Promise<void> | null = null;
    let earliest = 0;
    const take = (records: readonly TrialRecord[]) => {
      for (const { trial, result } of records) results[trial] = result as ExploreLengthsResult;
      if (shown !== null || performance.now() < earliest) return;
      shown = show().finally(() => {
        shown = null;
        earliest = performance.now() + redraw;
      });
      shown.catch(() => {}); // what cannot be summed up is told when all are there
    };
    await pool.run({
      spec,
      cells: [cell],
      signal: stop,
      onRecords: take,
      ...(dataset === undefined ? {} : { dataset }),
    });
    await shown;
    await show();
  }
}

function lengthsCells(cells: readonly PlannedCell[]): readonly PlannedCell[] {
  return cells.filter(({ part }) => part === 'lengths');
}
