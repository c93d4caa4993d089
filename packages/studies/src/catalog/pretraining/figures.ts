/** Accuracy against the number of labels, and what each start gains over fresh weights. */
import { portableMath } from '@kindling/core';
import { affine, frame } from '../../figures/figure-frame.js';
import { type PixelDrawing, pixelFigure } from '../../figures/pixel-figure.js';
import { intervalMarks, lineMark } from '../../figures/pixel-marks.js';
import { type SeriesStyle, seriesColors, theoryStyle } from '../../figures/series-style.js';
import { roundTicks, shareAxis, type ValueAxis } from '../../figures/value-axes.js';
import { countOf, countText } from '../../report/number-text.js';
import type { MeanInterval } from '../../statistics/mean-interval.js';
import type { Figure } from '../../study.js';
import { type StartName, starts } from './starts.js';
import type { PretrainingPoint, PretrainingSummary } from './summarize.js';

const looks: Readonly<Record<StartName, Omit<SeriesStyle, 'className'>>> = {
  he: { ...seriesColors.gray, symbol: 'hexagon', filled: true },
  pretext: { ...seriesColors.red, symbol: 'circle', filled: true },
  'pretext-rescaled': { ...seriesColors.red, symbol: 'circle', filled: false },
  'pretext-marginal': { ...seriesColors.amber, symbol: 'square', filled: false },
  'pretext-matrix-normal': { ...seriesColors.amber, symbol: 'diamond', filled: true },
  'labels-marginal': { ...seriesColors.blue, symbol: 'square', filled: false },
  'labels-matrix-normal': { ...seriesColors.blue, symbol: 'diamond', filled: true },
  labels: { ...seriesColors.green, symbol: 'triangle', filled: true },
};

const styleOf = (start: StartName): SeriesStyle => ({ className: `start-${start}`, ...looks[start] });

/** Accuracy, and gains where there is something to gain over. */
export function figures(summary: PretrainingSummary): readonly Figure[] {
  const { points } = summary;
  const accuracy: Figure[] = points.some((point) => point.accuracy !== null)
    ? [
        pixelFigure(
          {
            name: 'pretraining-accuracy',
            title: 'Test accuracy against the number of labels',
            caption: `Means over ${countOf(summary.spec.runs, 'seed')}; bars: 95 % intervals, over seeds. ${settingsText(summary)}`,
          },
          () => drawing(summary, (point) => point.accuracy, shareAxis(), 'test accuracy'),
        ),
      ]
    : [];
  const gains: Figure[] = points.some((point) => point.gain !== null)
    ? [
        pixelFigure(
          {
            name: 'pretraining-gain',
            title: 'What each start gains over fresh weights',
            caption: `Test accuracy minus that of He normal weights of the same seed, labels, outputs and batches: means over ${countOf(summary.spec.runs, 'seed')}; bars: 95 % intervals of the paired differences. ${settingsText(summary)}`,
          },
          () =>
            drawing(
              summary,
              (point) => point.gain,
              gainAxis(points),
              'gain over He normal, percentage points',
            ),
        ),
      ]
    : [];
  return [...accuracy, ...gains];
}

function settingsText({ spec, points }: PretrainingSummary): string {
  const broken = points.reduce((sum, point) => sum + point.broken, 0);
  return (
    `Hidden layers of ${spec.hidden.map(countText).join(' and ')}; pool of ${countText(spec.data.trainCount)} images of ${spec.data.name}, ${countText(spec.data.testCount)} test images; Adam, about ` +
    `${countText(spec.steps)} steps on the labels. ${broken === 0 ? 'No training broke.' : `${countOf(broken, 'training')} broke and is left out.`}`
  );
}

/** Differences of shares in percentage points, from the least to the largest, 0 among them. */
function gainAxis(points: readonly PretrainingPoint[]): ValueAxis {
  const ends = points.flatMap(({ gain }) =>
    gain === null ? [] : [100 * (gain.low ?? gain.mean), 100 * (gain.high ?? gain.mean)],
  );
  const most = Math.max(1, ...ends);
  const least = Math.min(-1, ...ends);
  const place = affine([least, most], [frame.bottom, frame.top]);
  const unit = roundTicks(most - least)[1] ?? 1;
  const first = Math.ceil(least / unit);
  const ticks = Array.from({ length: Math.floor(most / unit) - first + 1 }, (_, i) => (first + i) * unit);
  return {
    place: (share) => place(100 * share),
    ticks: ticks.map((value) => ({
      at: place(value),
      text: `${value > 0 ? '+' : value < 0 ? '−' : ''}${Number(Math.abs(value).toPrecision(3))}`,
    })),
  };
}

function drawing(
  { points, spec }: PretrainingSummary,
  shown: (point: PretrainingPoint) => MeanInterval | null,
  axis: ValueAxis,
  title: string,
): Omit<PixelDrawing, 'name' | 'title' | 'caption'> {
  const logs = spec.labels.map((labels) => portableMath.log(labels));
  const [least, most] = [logs[0] ?? 0, logs.at(-1) ?? 1];
  const across = affine([least, most], [frame.left + 40, frame.right - 40]);
  const clamp = (share: number) => Math.min(frame.bottom, Math.max(frame.top, axis.place(share)));
  const curves = spec.starts.flatMap((start, index) => {
    const found = points.flatMap((point) => {
      const value = point.start === start ? shown(point) : null;
      if (value === null) return [];
      return [
        {
          // Beside each other at the same number of labels.
          x: across(portableMath.log(point.labels)) + 6 * (index - (spec.starts.length - 1) / 2),
          y: clamp(value.mean),
          from: clamp(value.low ?? value.mean),
          to: clamp(value.high ?? value.mean),
        },
      ];
    });
    return found.length === 0 ? [] : [{ start, found }];
  });
  return {
    x: {
      title: [{ text: 'labelled images' }],
      ticks: spec.labels.map((labels, i) => ({ at: across(logs[i] ?? 0), text: countText(labels) })),
    },
    y: { title: [{ text: title }], ticks: axis.ticks },
    marks: [
      ...(axis.ticks.some(({ text }) => text === '0')
        ? [
            lineMark(
              [
                { x: frame.left, y: axis.place(0) },
                { x: frame.right, y: axis.place(0) },
              ],
              theoryStyle,
              { strokeWidth: 1, strokeOpacity: 0.6 },
            ),
          ]
        : []),
      ...curves.flatMap(({ start, found }) => [
        lineMark(found, styleOf(start), { strokeOpacity: 0.5, strokeWidth: 1.2 }),
        ...intervalMarks(found, styleOf(start), 3.6),
      ]),
    ],
    texts: [],
    labels: curves.map(({ start, found }) => ({
      y: found.at(-1)?.y ?? frame.bottom,
      heading: null,
      series: [{ title: starts[start].title, style: styleOf(start) }],
    })),
    styles: [theoryStyle, ...curves.map(({ start }) => styleOf(start))],
  };
}
