/** Lengths of random nets, configuration after configuration, drawn as they come in. */
import {
  type ExploreCell,
  type ExploreLengthsResult,
  type ExploreSpec,
  exploreCells,
  type TrialRecord,
} from '@kindling/studies';
import type { Dataset } from '@kindling/trainer';
import { type LengthsSoFar, numbersKey } from './findings.js';
import type { Keeper } from './keeper.js';
import { netsCurve } from './nets-curve.js';
import type { TrialPool } from './trial-pool.js';

/** What is wanted, and where it goes. */
export interface MeasureLengthsOptions {
  readonly spec: ExploreSpec;
  readonly order: readonly number[];
  readonly pool: TrialPool;
  readonly keeper: Keeper<LengthsSoFar>;
  readonly dataset: Dataset | null | undefined;
  readonly stop: AbortSignal;
}

/** Operations a second that a worker is taken to do: the scale of `Cell.cost`. */
const speed = 1.5e9;
/** Milliseconds between two drawings of nets that come in. */
const redraw = 70;

/** About how long measuring takes, all configurations together. */
export function secondsToMeasure(spec: ExploreSpec, workers: number): number {
  const operations = lengthsCells(spec).reduce((sum, { cost, trials }) => sum + cost * trials, 0);
  return operations / speed / workers;
}

/** Measures what is not measured yet. Rejects with the signal's reason when it is aborted; what was measured is kept. */
export async function measureLengths(options: MeasureLengthsOptions): Promise<void> {
  const { spec, order, pool, keeper, dataset, stop } = options;
  const cells = lengthsCells(spec);
  for (const index of order) {
    const cell = cells.find((each) => each.index === index);
    const key = numbersKey(spec, index);
    const known = keeper.peek(key);
    if (cell === undefined || (known !== null && known.done === cell.trials)) continue;
    const results: ExploreLengthsResult[] = [];
    let drawn = 0;
    const show = () => {
      drawn = performance.now();
      // Workers come back in any order; single nets that are drawn stay the same ones.
      const found = results.filter((result) => result !== undefined);
      keeper.keep(key, {
        curve: found.length === 0 ? null : netsCurve(found),
        done: found.length,
        total: cell.trials,
      });
    };
    const take = (records: readonly TrialRecord[]) => {
      for (const { trial, result } of records) results[trial] = result as ExploreLengthsResult;
      if (performance.now() - drawn >= redraw) show();
    };
    await pool.run({
      spec,
      cells: [cell],
      signal: stop,
      onRecords: take,
      ...(dataset === undefined ? {} : { dataset }),
    });
    show();
  }
}

function lengthsCells(spec: ExploreSpec): readonly ExploreCell[] {
  return exploreCells(spec).filter(({ part }) => part === 'lengths');
}
