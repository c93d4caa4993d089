/** Measurements that pause: their work memory is the top of the arena, and the caller's must not come to lie on it. */
import { type Engine, InvalidArgumentError } from '@kindling/core';
import type { MeasurementProgress } from './measurement-progress.js';

/**
 * Runs a measurement, and gives its work memory back when it ends, throws or is left. Between two reports the arena may be used,
 * and must be left as it was.
 *
 * @param caller begins the message
 * @throws InvalidArgumentError when the arena changed between two reports; then nothing is given back, for whoever changed it
 *   would lose what is theirs: only their own release gives it back
 */
export function* holdArena<Result>(
  { arena }: Engine,
  caller: string,
  measurement: () => Generator<MeasurementProgress, Result>,
): Generator<MeasurementProgress, Result> {
  const mark = arena.mark();
  /** What was used when the caller got the arena; null while the measurement has it. */
  let held: number | null = null;
  try {
    const steps = measurement();
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      held = arena.usedBytes;
      yield step.value;
      if (arena.usedBytes !== held) {
        throw new InvalidArgumentError(
          `${caller}: the arena changed between two reports; expected it as the measurement left it — release what you allocate before you go on, and give measurements that run side by side an engine each`,
        );
      }
      held = null;
    }
  } finally {
    if (held === null || arena.usedBytes === held) arena.release(mark);
  }
}
