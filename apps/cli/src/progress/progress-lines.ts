/** Progress as plain lines, for logs: one each tenth of the work, and one after a while without. */
import { countText, timeLeftText } from '@kindling/studies/text';
import type { ProgressDisplay } from './progress-display.js';
import type { WorkState } from './work-meter.js';

/** A tenth that follows the last line sooner than this waits, so that a short study is not all progress. */
const leastGapMs = 1000;
/** Without a tenth a line comes after 5 s; in long runs after a twelfth of the time so far, at most a minute. */
const firstGapMs = 5000;
const mostGapMs = 60_000;
const gapShare = 1 / 12;

/**
 * A display that writes lines. The first line comes with the first change; a resumed study starts from its share.
 *
 * @param write takes one line without its end
 * @param now milliseconds that never go back
 */
export function progressLines(write: (line: string) => void, now: () => number): ProgressDisplay {
  const started = now();
  let last: { readonly at: number; readonly tenth: number } | null = null;
  let closed = false;
  return {
    update: (state, news) => {
      if (closed || news === null) return;
      const at = now();
      const tenth = Math.floor(state.fraction * 10);
      const gap = Math.min(mostGapMs, Math.max(firstGapMs, (at - started) * gapShare));
      const due = last === null || at - last.at >= gap || (tenth > last.tenth && at - last.at >= leastGapMs);
      if (!due) return;
      last = { at, tenth };
      write(progressLine(state, news));
    },
    close: () => {
      closed = true;
    },
  };
}

/** Such as ` 12 %  412 of 5,472 trials, about 40 s left – training he-normal depth 30: epoch 2, 31.6 %`. */
export function progressLine(state: WorkState, news: string): string {
  const trials = `${countText(state.doneTrials)} of ${countText(state.totalTrials)} ${state.unit ?? 'trials'}`;
  const facts = [trials, timeLeftText(state.secondsLeft)].filter((fact) => fact !== '').join(', ');
  return `${percent(state.fraction).padStart(5)}  ${facts} – ${news}`;
}

/** Whole percent, rounded down: 100 % is said when it is done. */
export function percent(fraction: number): string {
  return `${Math.floor(fraction * 100 + 1e-9)} %`;
}
