/** What shows a study on its way: a bar on a terminal, plain lines elsewhere. Everything goes to stderr. */
import type { Output } from '../output/output.js';
import { progressBar } from './progress-bar.js';
import { progressLines } from './progress-lines.js';
import type { WorkState } from './work-meter.js';

/** Shows what it is told; keeps nothing once closed. */
export interface ProgressDisplay {
  /** Something has changed. @param news the newest in a few words, null when there is none */
  update(state: WorkState, news: string | null): void;
  /** Leaves the terminal as it was. Calling it twice is fine. */
  close(): void;
}

/** The display that suits `output`. @param now milliseconds that never go back */
export function openProgressDisplay(output: Output, now: () => number): ProgressDisplay {
  return output.isTerminal ? progressBar(output) : progressLines((line) => output.write(`${line}\n`), now);
}
