/** Accuracy of what is drawn against how far from the checkpoints it lies: what is accurate only near them is memorized. */
import { portableMath } from '@kindling/core';
import { affine, frame } from '../../figures/figure-frame.js';
import { type PixelDrawing, pixelFigure } from '../../figures/pixel-figure.js';
import { intervalMarks, lineMark } from '../../figures/pixel-marks.js';
import { theoryStyle } from '../../figures/series-style.js';
import { shareAxis } from '../../figures/value-axes.js';
import { countOf, countText } from '../../report/number-text.js';
import type { Figure } from '../../study.js';
import { familyTitles, generators } from './generators.js';
import { generatorStyle } from './looks.js';
import type { GeneratePoint, GenerateSummary } from './summarize.js';

/** A figure a family and width that has something to show. */
export function figures(summary: GenerateSummary): readonly Figure[] {
  return summary.points.flatMap((point) => {
    if (point.trained === null) return [];
    const name = `generate-${point.family}-${point.hidden}`;
    const title = `Accuracy of drawn networks against their distance from trained ones: ${familyTitles[point.family]}, ${point.hidden} hidden units`;
    return [pixelFigure({ name, title, caption: captionOf(summary, point) }, () => drawing(point))];
  });
}

function captionOf({ spec }: GenerateSummary, { sets, broken }: GeneratePoint): string {
  return (
    `${countOf(spec.checkpoints, 'checkpoint')} a set, ${countOf(sets, 'set')}, ${countOf(spec.draws, 'network')} drawn of each law and set. Across: the distance to the ` +
    'nearest checkpoint, 1 being as far as checkpoints are from the nearest other. Points: means over the sets; bars: their 95 % intervals. Filled: laws ' +
    'for which it does not matter how hidden units are ordered, or for which they were matched. Cross-line at 1 and the level: the checkpoints themselves. ' +
    `${countText(spec.data.trainCount)} training, ${countText(spec.data.testCount)} test images of ${spec.data.name}. ` +
    (broken === 0 ? 'No training broke.' : `${countOf(broken, 'set')} left out: a training broke.`)
  );
}

/** Ends of the horizontal axis, decimal logarithms. */
const fewestRange: readonly [number, number] = [-1.1, 0.4];
const shownTicks = [0.001, 0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000];

const log10 = (value: number) => portableMath.log(value) / Math.LN10;

function drawing({ drawn, trained }: GeneratePoint): Omit<PixelDrawing, 'name' | 'title' | 'caption'> {
  const shares = shareAxis();
  const logs = drawn.map(({ distance }) => log10(distance.mean));
  const least = logs.reduce((low, log) => Math.min(low, log - 0.1), fewestRange[0]);
  const most = logs.reduce((high, log) => Math.max(high, log + 0.1), fewestRange[1]);
  const across = affine([least, most], [frame.left, frame.right]);
  const level = shares.place(trained?.mean ?? 0);
  const one = across(0);
  const clamp = (share: number) => shares.place(Math.min(1, Math.max(0, share)));
  return {
    x: {
      title: [{ text: 'distance to the nearest checkpoint / among checkpoints' }],
      ticks: shownTicks
        .filter((tick) => log10(tick) >= least && log10(tick) <= most)
        .map((tick) => ({ at: across(log10(tick)), text: String(tick) })),
    },
    y: { title: [{ text: 'test accuracy' }], ticks: shares.ticks },
    marks: [
      lineMark(
        [
          { x: frame.left, y: level },
          { x: frame.right, y: level },
        ],
        theoryStyle,
        { strokeWidth: 1, strokeOpacity: 0.6 },
      ),
      lineMark(
        [
          { x: one, y: frame.bottom },
          { x: one, y: frame.top },
        ],
        theoryStyle,
        { strokeWidth: 1, strokeOpacity: 0.6 },
      ),
      ...drawn.flatMap(({ generator, accuracy, distance }) =>
        intervalMarks(
          [
            {
              x: across(log10(distance.mean)),
              y: clamp(accuracy.mean),
              from: clamp(accuracy.low ?? accuracy.mean),
              to: clamp(accuracy.high ?? accuracy.mean),
            },
          ],
          generatorStyle(generator),
        ),
      ),
    ],
    texts: [],
    labels: [
      ...drawn.map(({ generator, accuracy }) => ({
        y: clamp(accuracy.mean),
        heading: null,
        tied: false,
        series: [{ title: generators[generator].title, style: generatorStyle(generator) }],
      })),
      {
        y: level,
        heading: null,
        tied: false,
        series: [{ title: 'the checkpoints', style: theoryStyle, sample: 'line' as const }],
      },
    ],
    styles: [theoryStyle, ...drawn.map(({ generator }) => generatorStyle(generator))],
  };
}
