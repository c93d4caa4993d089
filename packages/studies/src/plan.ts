/**
 * From a spec to work: the ordered list of trials, and their grouping into chunks for the pool. Both are pure. The
 * grouping and its order decide only when a trial runs, never what it finds.
 */
import { InvalidArgumentError } from '@kindling/core';
import type { JsonObject } from './spec/canonical-json.js';
import type { Cell, StudyDefinition, StudySpec, TrialKey } from './study.js';

/** Trials of one cell that a worker runs in one call. */
export interface TrialChunk {
  readonly keys: readonly TrialKey[];
  /** Sum of the trials' `Cell.cost`, in floating-point operations. */
  readonly cost: number;
}

/** What one core is taken to do in a second. A guess for making chunks: a wrong one costs time, never a number. */
const operationsPerSecond = 30e9;
/** A trial takes at least this long (seconds), whatever its cost says: it makes a record. */
const leastTrialSeconds = 10e-6;
/** A call to a worker costs about 40 µs, and a chunk ends in a write to the store: less work is not worth it. */
const leastChunkSeconds = 5e-3;
/** More would make the progress bar and the live page jump, and lose more work to an interruption. */
const mostChunkSeconds = 0.2;
/** Below the upper bound, each worker gets about this many chunks, so that small studies are shared out too. */
const chunksPerWorker = 8;

/** One trial as text: its cell and number, such as `lengths/he-normal/depth=10#3`. Unique within a study. */
export function trialName(key: TrialKey): string {
  return `${key.cell}#${key.trial}`;
}

/**
 * Every trial of the study: cells in the study's order, in each the trials 0 … n − 1.
 *
 * @throws InvalidArgumentError when two cells share an id or a cell's trial count is not a natural number.
 */
export function plan<Spec extends StudySpec, Summary extends JsonObject>(
  study: Pick<StudyDefinition<Spec, Summary>, 'cells'>,
  spec: Spec,
): TrialKey[] {
  const seen = new Set<string>();
  return study.cells(spec).flatMap(({ id, trials }) => {
    if (seen.has(id))
      throw new InvalidArgumentError(`plan: two cells are called "${id}"; expected unique ids`);
    seen.add(id);
    if (!Number.isSafeInteger(trials) || trials < 0) {
      throw new InvalidArgumentError(
        `plan: cell "${id}" has ${trials} trials; expected an integer of 0 or more`,
      );
    }
    return Array.from({ length: trials }, (_, trial) => ({ cell: id, trial }));
  });
}

/**
 * Groups trials into chunks of one cell each, in the order in which idle workers should take them.
 *
 * A chunk is worth 5 to 200 ms by the cells' costs; a trial longer than that is a chunk of its own ("long"). Order:
 * 1. the first chunk of every short cell, in the study's order: each point of a figure appears within seconds;
 * 2. the long trials, dearest first: a dear one begun last would leave the other workers idle at the end;
 * 3. the remaining short chunks, dearest first: sand that fills the gaps, so that the workers end together.
 *
 * @param cells every cell of the study, in order
 * @param keys the trials to run, each of one of the cells
 * @param workers how many workers share them, 1 or more
 * @throws InvalidArgumentError when a key names a cell that is not in `cells`.
 */
export function chunkTrials(
  cells: readonly Cell[],
  keys: readonly TrialKey[],
  workers: number,
): readonly TrialChunk[] {
  const keysOfCell = new Map<string, TrialKey[]>(cells.map((cell) => [cell.id, []]));
  for (const key of keys) {
    const group = keysOfCell.get(key.cell);
    if (group === undefined) {
      throw new InvalidArgumentError(
        `chunkTrials: no cell is called "${key.cell}"; expected a cell of the study`,
      );
    }
    group.push(key);
  }
  const groups = cells
    .map((cell) => ({ cell, keys: keysOfCell.get(cell.id) ?? [], seconds: trialSeconds(cell) }))
    .filter((group) => group.keys.length > 0);
  const totalSeconds = groups.reduce((sum, group) => sum + group.seconds * group.keys.length, 0);
  const share = totalSeconds / (chunksPerWorker * workers);
  const target = Math.min(Math.max(share, leastChunkSeconds), mostChunkSeconds);

  const first: TrialChunk[] = [];
  const long: TrialChunk[] = [];
  const rest: TrialChunk[] = [];
  for (const { cell, keys: group, seconds } of groups) {
    const parts = splitEvenly(group, Math.max(1, Math.floor(target / seconds)));
    for (const [i, part] of parts.entries()) {
      const queue = seconds > mostChunkSeconds ? long : i === 0 ? first : rest;
      queue.push({ keys: part, cost: part.length * cell.cost });
    }
  }
  const dearestFirst = (a: TrialChunk, b: TrialChunk) => b.cost - a.cost; // sort is stable: ties keep the study's order
  return [...first, ...long.sort(dearestFirst), ...rest.sort(dearestFirst)];
}

function trialSeconds(cell: Cell): number {
  return Math.max(cell.cost / operationsPerSecond, leastTrialSeconds);
}

/** Parts of at most `most` items whose sizes differ by one at the most, so that no crumb is left for the end. */
function splitEvenly<Item>(items: readonly Item[], most: number): Item[][] {
  const parts = Math.ceil(items.length / most);
  return Array.from({ length: parts }, (_, i) =>
    items.slice(Math.floor((i * items.length) / parts), Math.floor(((i + 1) * items.length) / parts)),
  );
}
