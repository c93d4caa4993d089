/** One training under way: its name, its accuracy epoch by epoch as a small curve, and the newest numbers. */
import { percentText } from '@kindling/studies';
import type { BoardLine } from '../run/trial-board.js';

const [width, height] = [96, 22];
/** The curve's top edge. Trainings end at the study's target of 20 %, a little above it when the last epoch jumps. */
const topAccuracy = 0.3;
const target = 0.2;
/** The line. The curve repeats what the words say, so it is hidden from screen readers. */
export function TrialLine({ line }: { readonly line: BoardLine }) {
  const newest = line.accuracies.at(-1) ?? Number.NaN;
  return (
    <li class={line.ended ? 'ended' : ''}>
      <span class="name">{line.title}</span>
      <svg class="spark" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        <line x1="0" x2={width} y1={heightOf(target)} y2={heightOf(target)} />
        <polyline points={points(line)} />
      </svg>
      <span class="values">
        epoch {line.epoch} · {accuracyText(newest)} right · loss {lossText(line)}
      </span>
    </li>
  );
}

function heightOf(accuracy: number): number {
  const share = Number.isFinite(accuracy) ? Math.min(1, Math.max(0, accuracy / topAccuracy)) : 0;
  return height - 1.5 - share * (height - 3);
}

function points({ accuracies, epoch, fraction }: BoardLine): string {
  // The whole width is the course it is expected to take, and then the one it has taken.
  const course = fraction > 0 ? epoch / fraction : accuracies.length;
  return accuracies
    .map((accuracy, i) => `${((width * i) / course).toFixed(1)},${heightOf(accuracy).toFixed(1)}`)
    .join(' ');
}

function accuracyText(accuracy: number): string {
  return Number.isFinite(accuracy) ? percentText(accuracy) : 'nothing';
}

function lossText({ meanLoss, epoch }: BoardLine): string {
  if (epoch === 0) return 'not yet known';
  return Number.isFinite(meanLoss) ? meanLoss.toPrecision(4) : 'not finite';
}
