/** Progress on a terminal: a bar with counts and the time left, and under it the newest in a few words. */
import { countText, timeLeftText } from '@kindling/studies/text';
import { type GenericFormatter, MultiBar } from 'cli-progress';
import type { Colors, Output } from '../output/output.js';
import { textWidth } from '../output/wrap-text.js';
import type { ProgressDisplay } from './progress-display.js';
import { percent } from './progress-lines.js';
import type { WorkState } from './work-meter.js';

const framesPerSecond = 8;
const mostBar = 32;
/** A shorter bar says less than the percentage beside it. */
const leastBar = 8;

/** A bar on `output`, which must be a terminal. The first update draws it. */
export function progressBar(output: Output): ProgressDisplay {
  const room = () => output.columns() ?? 80;
  let state: WorkState | null = null;
  let news = '';
  let bars: MultiBar | null = null;
  let closed = false;
  const barLine: GenericFormatter = () => (state === null ? '' : barText(state, room(), output.colors));
  const newsLine: GenericFormatter = () => output.colors.dim(cut(`  ${news}`, room()));

  function open(): MultiBar {
    const made = new MultiBar({
      stream: output.stream,
      fps: framesPerSecond,
      clearOnComplete: true,
      hideCursor: true,
      // The program itself decides what Ctrl-C does.
      gracefulExit: false,
    });
    made.create(1, 0, {}, { format: barLine });
    made.create(1, 0, {}, { format: newsLine });
    return made;
  }

  return {
    update: (latest, text) => {
      if (closed) return;
      state = latest;
      news = text ?? news;
      bars ??= open();
    },
    close: () => {
      closed = true;
      bars?.stop();
      bars = null;
    },
  };
}

/** The line of the bar, no longer than `columns`: what does not fit is left out, the bar first. */
export function barText(state: WorkState, columns: number, colors: Colors): string {
  const share = percent(state.fraction).padStart(5);
  const trials = `${countText(state.doneTrials)} of ${countText(state.totalTrials)} ${state.unit ?? 'trials'}`;
  const left = timeLeftText(state.secondsLeft);
  const variants = [[trials, left], [left], []].map((facts) =>
    facts.filter((fact) => fact !== '').join(' · '),
  );
  for (const facts of variants) {
    const rest = columns - 1 - textWidth(`  ${share}    ${facts}`);
    if (rest < leastBar) continue;
    const size = Math.min(mostBar, rest);
    const full = Math.floor(size * state.fraction + 1e-9);
    const bar = colors.green('█'.repeat(full)) + colors.dim('░'.repeat(size - full));
    return `  ${share}  ${bar}  ${facts}`;
  }
  return cut(share, columns - 1);
}

function cut(text: string, columns: number): string {
  const characters = [...text];
  return characters.length < columns ? text : `${characters.slice(0, Math.max(0, columns - 2)).join('')}…`;
}
