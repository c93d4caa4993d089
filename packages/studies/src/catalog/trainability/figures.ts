/**
 * A figure a target: the success rate against the width under the curve T(n, m), with the share of nets that were born with
 * enough active neurons on it.
 */
import { frame, triedAxis } from '../../figures/figure-frame.js';
import { type PixelDrawing, pixelFigure } from '../../figures/pixel-figure.js';
import { intervalMarks, lineMark, type PixelInterval } from '../../figures/pixel-marks.js';
import { type SeriesStyle, seriesColors, theoryStyle } from '../../figures/series-style.js';
import { shareAxis } from '../../figures/value-axes.js';
import { optimizerText } from '../../regression/optimizers.js';
import { targetTitle } from '../../regression/target-titles.js';
import { countText, listText, numberText } from '../../report/number-text.js';
import type { Share } from '../../statistics/share.js';
import type { Figure } from '../../study.js';
import type { TrainabilityCurve, TrainabilityPoint, TrainabilitySummary } from './summarize.js';

const activeStyle: SeriesStyle = {
  className: 'series-active',
  ...seriesColors.blue,
  symbol: 'circle',
  filled: false,
};
const successStyle: SeriesStyle = {
  className: 'series-success',
  ...seriesColors.red,
  symbol: 'circle',
  filled: true,
};

/** Pixels between the two points of one width. */
const spread = 8;

/** One figure a target. */
export function figures(summary: TrainabilitySummary): readonly Figure[] {
  return summary.curves.map((curve) => {
    const points = summary.points.filter((point) => point.target === curve.target);
    return pixelFigure(
      {
        name: `trainability-${curve.target}`,
        title: `Success rate against width: ${targetTitle(curve.target)}`,
        caption: captionOf(summary, curve, points),
      },
      () => drawing(curve, points),
    );
  });
}

function captionOf(
  { spec }: TrainabilitySummary,
  { needed, deadProbability }: TrainabilityCurve,
  points: readonly TrainabilityPoint[],
): string {
  const runs = [...new Set(points.map((point) => point.runs))].map(countText);
  const failed = points.reduce((sum, { diverged }) => sum + diverged, 0);
  return (
    `Nets with one hidden ReLU layer, weights and biases independent normal numbers of one variance, ${listText(runs)} a width, on ` +
    `[−√3, √3]. Line: T(n, ${needed}), the probability that at least ${needed} of n neurons are active, each being born dead with ` +
    `probability ${numberText(deadProbability, 5)}. Open points: the share of nets in which that many were. Filled points: the share of ` +
    `trainings that came to a mean squared error of ${spec.targetLoss} within ${countText(spec.maxSteps)} steps ` +
    `(${optimizerText(spec.optimizer)}, all ${countText(spec.points)} points a step). Bars: 95 % intervals. ` +
    `${failed === 0 ? 'No training' : countText(failed)} diverged.`
  );
}

function drawing(
  curve: TrainabilityCurve,
  points: readonly TrainabilityPoint[],
): Omit<PixelDrawing, 'name' | 'title' | 'caption'> {
  const axis = triedAxis(curve.widths, spread);
  const shares = shareAxis();
  const interval = (dx: number, share: (point: TrainabilityPoint) => Share) =>
    points.map((point): PixelInterval => {
      const { share: value, low, high } = share(point);
      return {
        x: axis.place(point.width) + dx,
        y: shares.place(value),
        from: shares.place(low),
        to: shares.place(high),
      };
    });
  const line = curve.widths.map((width, i) => ({
    x: axis.place(width),
    y: shares.place(curve.trainability[i] ?? Number.NaN),
  }));
  const active = interval(-spread / 2, (point) => point.active);
  const success = interval(spread / 2, (point) => point.success);
  // One width makes no line: a stroke as long as the axis is wide says that it is a level.
  const level = line[0] !== undefined && line.length === 1 ? line[0].y : null;
  return {
    x: {
      title: [{ text: 'width ' }, { text: 'n', italic: true }, { text: ' (neurons of the hidden layer)' }],
      ticks: axis.ticks.map((width) => ({ at: axis.place(width), text: String(width) })),
    },
    y: { title: [{ text: 'share of nets' }], ticks: shares.ticks },
    marks: [
      lineMark(
        level === null
          ? line
          : [
              { x: frame.left, y: level },
              { x: frame.right, y: level },
            ],
        theoryStyle,
      ),
      ...intervalMarks(active, activeStyle),
      ...intervalMarks(success, successStyle),
    ],
    texts: [],
    labels: [
      {
        y: line.at(-1)?.y ?? frame.top,
        heading: null,
        series: [
          { title: `theory: T(n, ${curve.needed})`, style: theoryStyle, sample: 'line' },
          { title: `at least ${curve.needed} neurons active`, style: activeStyle },
        ],
      },
      {
        y: success.at(-1)?.y ?? frame.top,
        heading: null,
        series: [{ title: 'training succeeded', style: successStyle }],
      },
    ],
    styles: [theoryStyle, activeStyle, successStyle],
  };
}
