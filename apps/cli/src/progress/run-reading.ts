/** Reading large files: how far it is, and Ctrl-C between two pieces. */
import type { ReadingMeter } from '@kindling/diagnostics/models';
import type { ExitCode } from '../exit-codes.js';
import { listenForInterruption } from '../interruption.js';
import type { Surroundings } from '../surroundings.js';
import { openProgressDisplay } from './progress-display.js';

/** What becomes of the reading. */
export type ReadingOutcome<Result> =
  | { readonly ended: 'finished'; readonly result: Result }
  | { readonly ended: 'interrupted'; readonly exitCode: ExitCode };

class ReadingStopped extends Error {}

/** Work shorter than this is over before a display could be read. */
const quietMs = 1000;
/** A signal is heard when the event loop turns, which reading from files makes it do. */
const bytesPerUnit = 1e6;
/** Reading less than this is not what takes the time. */
const fewestBytes = 16e6;

/**
 * Runs `read` to its end, or until a signal comes, which is told on `stderr`.
 *
 * @param totalBytes of all that will be read
 * @param read given a meter that throws `ReadingStopped` after a signal
 * @param news what is being done, in a few words
 * @param slow whether much is done with what was read: then little of it takes long, too
 */
export async function runReading<Result>(
  read: (meter: ReadingMeter) => Promise<Result>,
  { stderr, now }: Pick<Surroundings, 'stderr' | 'now'>,
  {
    totalBytes,
    news,
    slow = false,
  }: { readonly totalBytes: number; readonly news: string; readonly slow?: boolean },
): Promise<ReadingOutcome<Result>> {
  const started = now();
  const interruption = listenForInterruption(() => stderr.write('Stopping. (Ctrl-C again ends at once.)\n'));
  const display = openProgressDisplay(stderr, now);
  interruption.beforeStop(() => display.close());
  let done = 0;
  try {
    const result = await read((bytes) => {
      if (interruption.signal.aborted) throw new ReadingStopped();
      done += bytes;
      const elapsed = now() - started;
      if (elapsed < quietMs || (totalBytes < fewestBytes && !slow)) return;
      const fraction = totalBytes === 0 ? 1 : Math.min(1, done / totalBytes);
      const secondsLeft = fraction < 0.05 ? null : ((elapsed / fraction) * (1 - fraction)) / 1000;
      const counts = {
        doneTrials: Math.floor(done / bytesPerUnit),
        totalTrials: Math.ceil(totalBytes / bytesPerUnit),
      };
      display.update({ ...counts, unit: 'MB', resumedTrials: 0, fraction, secondsLeft }, news);
    });
    return { ended: 'finished', result };
  } catch (error) {
    if (!(error instanceof ReadingStopped)) throw error;
    return { ended: 'interrupted', exitCode: interruption.exitCode() };
  } finally {
    display.close();
    interruption.dispose();
  }
}
