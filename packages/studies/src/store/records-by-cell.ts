/** Records as a summary takes them: by cell, in each by trial, whatever order they came in. */
import { InvalidArgumentError } from '@kindling/core';
import type { Cell, TrialRecord } from '../study.js';

/** The records of each cell that has any, sorted by trial. */
export function recordsByCell(records: readonly TrialRecord[]): ReadonlyMap<string, readonly TrialRecord[]> {
  const groups = new Map<string, TrialRecord[]>();
  for (const record of [...records].sort((a, b) => a.trial - b.trial)) {
    const group = groups.get(record.cell);
    if (group === undefined) groups.set(record.cell, [record]);
    else group.push(record);
  }
  return groups;
}

/**
 * Checks that a study is finished: every cell has a record a trial.
 *
 * @param study the study's name, with which the message begins
 * @throws InvalidArgumentError naming the first cell that lacks some
 */
export function checkComplete(
  study: string,
  cells: readonly Cell[],
  groups: ReadonlyMap<string, readonly TrialRecord[]>,
): void {
  for (const { id, trials } of cells) {
    const found = groups.get(id)?.length ?? 0;
    if (found !== trials) {
      throw new InvalidArgumentError(
        `${study}: ${id} has ${found} records; expected ${trials} — run the study to its end`,
      );
    }
  }
}
