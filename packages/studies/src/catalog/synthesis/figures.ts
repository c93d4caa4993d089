/** A figure a function (test error by width), one of images (share right by width), one of widths (share that reached zero loss). */
import { portableMath } from '@kindling/core';
import { affine, frame, strokeGroup } from '../../figures/figure-frame.js';
import { type PixelDrawing, pixelFigure } from '../../figures/pixel-figure.js';
import { intervalMarks, lineMark } from '../../figures/pixel-marks.js';
import { type SeriesStyle, seriesColors, theoryStyle } from '../../figures/series-style.js';
import { logAxis, shareAxis, type ValueAxis } from '../../figures/value-axes.js';
import { targetTitle } from '../../regression/target-titles.js';
import { countOf, countText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { Figure } from '../../study.js';
import type { CapacityPoint, Spread, SynthesisFit, SynthesisSummary } from './summarize.js';
import { capacityTitle, methodTitle } from './titles.js';

type Drawing = Omit<PixelDrawing, 'name' | 'title' | 'caption'>;

const looks: Readonly<Record<string, Omit<SeriesStyle, 'className'>>> = {
  interpolation: { ...seriesColors.red, symbol: 'star', filled: true },
  'random-features': { ...seriesColors.blue, symbol: 'circle', filled: true },
  training: { ...seriesColors.amber, symbol: 'diamond', filled: true },
  zigzag: { ...seriesColors.green, symbol: 'triangle', filled: true },
  random: { ...seriesColors.purple, symbol: 'square', filled: true },
};

function styleOf(name: string): SeriesStyle {
  const look = looks[name];
  return {
    className: `series-${name}`,
    ...(look ?? { ...seriesColors.gray, symbol: 'circle', filled: true }),
  };
}

/** The figures. */
export function figures(summary: SynthesisSummary): readonly Figure[] {
  const { spec, fits, capacity } = summary;
  const runs = `${countOf(spec.runs, 'run')} each; bars: all of them`;
  const functions = spec.targets.map((target) =>
    pixelFigure(
      {
        name: `synthesis-${target}`,
        title: `Built or trained: ${targetTitle(target)}`,
        caption:
          `Root mean squared error between ${countText(spec.points)} random points, by the width of one hidden layer: exact interpolation, ` +
          `random features with least squares, and ${countText(spec.functionSteps)} steps of Adam. Medians of ${runs}.`,
      },
      () => {
        const own = fits.filter(({ task, images }) => !images && task === target);
        const errors = own.flatMap(({ testError }) => [testError.least, testError.most].map(readNumber));
        return byWidth(own, logAxis(errors), 'test error', (value) => value);
      },
    ),
  );
  return [
    ...functions,
    pixelFigure(
      {
        name: 'synthesis-images',
        title: 'Random features against training all weights',
        caption:
          `Share of test images of ${spec.data.name} that are right after learning from ${countText(spec.data.trainCount)}, by the width of one ` +
          `hidden layer: a random one with least squares behind it, and ${countOf(spec.maxEpochs, 'epoch')} of Adam. Medians of ${runs}.`,
      },
      () =>
        byWidth(
          fits.filter(({ images }) => images),
          shareAxis(),
          'test accuracy',
          (wrong) => 1 - wrong,
        ),
    ),
    pixelFigure(
      {
        name: 'synthesis-widths',
        title: 'How wide for zero loss?',
        caption:
          `Share of trainings that came to a mean squared error of ${spec.zeroLoss} on ${countText(spec.capacityPoints)} points, ` +
          `${countOf(spec.capacityRuns, 'run')} a width, with 95 % intervals. Left stroke: below it zero loss is impossible for ±1 in turn; right ` +
          `stroke: from it on a net of zero loss exists for any data.`,
      },
      () => widthDrawing(summary, capacity),
    ),
  ];
}

/** Widths on a logarithmic scale. */
function widthScale(widths: readonly number[]): (width: number) => number {
  const logs = widths.map((width) => portableMath.log(width));
  const [least, most] = [Math.min(...logs), Math.max(...logs)];
  const scale = affine([least, Math.max(most, least + 1)], [frame.left + 22, frame.right - 22]);
  return (width) => scale(portableMath.log(width));
}

function byWidth(
  fits: readonly SynthesisFit[],
  axis: ValueAxis,
  title: string,
  shown: (error: number) => number,
): Drawing {
  const widths = [...new Set(fits.map(({ width }) => width))].sort((a, b) => a - b);
  const x = widthScale(widths);
  const place = ({ median, least, most }: Spread) => {
    const [y = 0, from = 0, to = 0] = [median, least, most].map((value) =>
      axis.place(shown(readNumber(value))),
    );
    return { y, from, to };
  };
  const series = [...new Set(fits.map(({ method }) => method))].map((method) => ({
    title: methodTitle(method),
    style: styleOf(method),
    spots: fits
      .filter((fit) => fit.method === method)
      .map(({ width, testError }) => ({ x: x(width), ...place(testError) })),
  }));
  return {
    x: { title: [{ text: 'width' }], ticks: spaced(widths, x) },
    y: { title: [{ text: title }], ticks: axis.ticks },
    marks: series.flatMap(({ spots, style }) => [lineMark(spots, style), ...intervalMarks(spots, style)]),
    texts: [],
    labels: series.map(({ title: name, style, spots }) => ({
      y: spots.at(-1)?.y ?? frame.bottom,
      heading: null,
      series: [{ title: name, style }],
    })),
    styles: series.map(({ style }) => style),
  };
}

/** Ticks that leave room for their numbers. */
function spaced(widths: readonly number[], x: (width: number) => number) {
  let last = Number.NEGATIVE_INFINITY;
  return widths.flatMap((width) => {
    const at = x(width);
    if (at - last < 18) return [];
    last = at;
    return [{ at, text: countText(width) }];
  });
}

function widthDrawing({ spec }: SynthesisSummary, points: readonly CapacityPoint[]): Drawing {
  const axis = shareAxis();
  const widths = [...new Set(points.map(({ width }) => width))].sort((a, b) => a - b);
  const x = widthScale(widths);
  const series = [...new Set(points.map(({ data }) => data))].map((data) => ({
    title: capacityTitle(data),
    style: styleOf(data),
    spots: points
      .filter((point) => point.data === data)
      .map(({ width, reached: { share, low, high } }) => ({
        x: x(width),
        y: axis.place(share),
        from: axis.place(low),
        to: axis.place(high),
      })),
  }));
  const bounds = [spec.capacityPoints - 2, spec.capacityPoints - 1].map((width) => x(width));
  return {
    x: { title: [{ text: 'width' }], ticks: spaced(widths, x) },
    y: { title: [{ text: 'share of trainings with zero loss' }], ticks: axis.ticks },
    marks: [
      (_i, _s, _v, _d, context) =>
        strokeGroup(
          context.document,
          'theory stroke',
          bounds.map((at) => [at, frame.top, at, frame.bottom] as const),
        ),
      ...series.flatMap(({ spots, style }) => [lineMark(spots, style), ...intervalMarks(spots, style)]),
    ],
    texts: [],
    labels: [
      ...series.map(({ title, style, spots }) => ({
        y: spots.at(-1)?.y ?? frame.bottom,
        heading: null,
        series: [{ title, style }],
      })),
      {
        y: frame.bottom,
        heading: null,
        tied: false,
        series: [{ title: 'm − 2 and m − 1 units', style: theoryStyle, sample: 'line' as const }],
      },
    ],
    styles: [theoryStyle, ...series.map(({ style }) => style)],
  };
}
