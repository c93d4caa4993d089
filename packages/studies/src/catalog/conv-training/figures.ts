/** The figures of the study: epochs to either threshold, and the lengths before the first step. */
import type * as Plot from '@observablehq/plot';
import { frame, smallestGap, type TextLine, triedAxis } from '../../figures/figure-frame.js';
import { pixelFigure } from '../../figures/pixel-figure.js';
import { intervalMarks, lineMark } from '../../figures/pixel-marks.js';
import type { SeriesLabel } from '../../figures/series-labels.js';
import { symbolRadius, theoryStyle } from '../../figures/series-style.js';
import { decadeAxis } from '../../figures/value-axes.js';
import { countOf, countText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { Figure } from '../../study.js';
import { epochsCaption, epochsFigure } from '../../training/epochs-figure.js';
import { accuracyText, trainingDataText, trainingSettingsText } from '../../training/epochs-words.js';
import type { ConvTrainingPoint, ConvTrainingSummary } from './summarize.js';
import { variantSeries, variantStyle } from './variant-style.js';
import { convVariants } from './variants.js';

/** Every figure. */
export function figures(summary: ConvTrainingSummary): readonly Figure[] {
  return [
    epochs(summary, 'start', summary.spec.startAccuracy),
    epochs(summary, 'target', summary.spec.targetAccuracy),
    lengths(summary),
  ];
}

function depthsOf(points: readonly ConvTrainingPoint[]): readonly number[] {
  return [...new Set(points.map(({ depth }) => depth))].sort((a, b) => a - b);
}

function curveOf(points: readonly ConvTrainingPoint[], net: string): readonly ConvTrainingPoint[] {
  return points.filter((point) => point.net === net).sort((a, b) => a.depth - b.depth);
}

function netsText({ spec }: ConvTrainingSummary): string {
  return `Convolutions of 3 × 3 pixels and ${countOf(spec.channels, 'channel')}, zero padding, two of stride 2 in front; residual blocks of two, the second linear; flatten and a linear layer behind. `;
}

function epochs(summary: ConvTrainingSummary, threshold: 'start' | 'target', accuracy: number): Figure {
  const { points, spec } = summary;
  return epochsFigure({
    name: `conv-training-${threshold}`,
    title: `Epochs to ${accuracyText(accuracy)} of convolutional nets against depth`,
    caption:
      `Epochs to ${accuracyText(accuracy)}, ${countOf(spec.runs, 'run')} a point. ${netsText(summary)}` +
      `${trainingDataText(spec)}; ${trainingSettingsText(spec)}. ` +
      epochsCaption(
        points.map((point) => point[threshold]),
        'Nets',
        'depth',
      ),
    axisTitle: [{ text: 'depth (convolutions of the body)' }],
    axis: 'tried',
    curves: spec.nets.map((net) => ({
      series: variantSeries(net),
      points: curveOf(points, net).map((point) => ({ at: point.depth, cell: point[threshold] })),
    })),
    cap: spec.maxEpochs,
    target: accuracy,
  });
}

const decades = (log: number) => log / Math.LN10;

function lengths(summary: ConvTrainingSummary): Figure {
  const { points, spec } = summary;
  const dead = points.reduce((sum, { length }) => sum + length.deadNets, 0);
  const title = 'Length behind the body before the first step, against depth';
  const caption =
    `${netsText(summary)}Lines: theory, the mean square behind the body over the image’s. Points: the geometric mean over the ${countText(spec.runs)} nets that were trained at each point, on a random image; bars: from the least to the largest of them. ` +
    'Lengths scatter from net to net, and a typical net lies below the mean. Nets stand side by side at the same depth. ' +
    (dead === 0 ? 'No net was dead.' : `${countOf(dead, 'dead net')} (length exactly 0) not drawn.`);
  return pixelFigure({ name: 'conv-training-lengths', title, caption }, () => drawLengths(summary));
}

function drawLengths({ points, spec }: ConvTrainingSummary) {
  const depths = depthsOf(points);
  const step = Math.min(7, (0.9 * smallestGap(depths, triedAxis(depths, 0).place)) / spec.nets.length);
  const across = triedAxis(depths, step * (spec.nets.length - 1));
  const logsOf = ({ length }: ConvTrainingPoint) =>
    [length.predictedLogEstimate, length.leastLog, length.mostLog].flatMap((log) =>
      log === null ? [] : [decades(readNumber(log))],
    );
  const axis = decadeAxis([0, ...points.flatMap(logsOf)]);
  const marks = spec.nets.flatMap((net, i): readonly Plot.Markish[] => {
    const curve = curveOf(points, net);
    const style = variantStyle(net);
    const theory = curve.flatMap(({ depth, length: { predictedLogEstimate: log } }) =>
      log === null ? [] : [{ x: across.place(depth), y: axis.place(decades(readNumber(log))) }],
    );
    const measured = curve.flatMap(({ depth, length }) => {
      const { meanLog, leastLog, mostLog } = length;
      if (meanLog === null || leastLog === null || mostLog === null) return [];
      const place = (log: number) => axis.place(decades(readNumber(log)));
      return [
        {
          x: across.place(depth) + step * (i - (spec.nets.length - 1) / 2),
          y: place(meanLog),
          from: place(leastLog),
          to: place(mostLog),
        },
      ];
    });
    return [
      lineMark(theory, style, { strokeOpacity: 0.8 }),
      ...intervalMarks(measured, style, symbolRadius(step)),
    ];
  });
  const labels = spec.nets.flatMap((net): SeriesLabel[] => {
    const last = curveOf(points, net).at(-1);
    const log = last?.length.predictedLogEstimate ?? last?.length.meanLog ?? null;
    return log === null
      ? []
      : [{ y: axis.place(decades(readNumber(log))), heading: null, series: [variantSeries(net)] }];
  });
  return {
    x: {
      title: [{ text: 'depth (convolutions of the body)' }],
      ticks: across.ticks.map((depth) => ({ at: across.place(depth), text: String(depth) })),
    },
    y: { title: [{ text: 'length behind the body / length of the image' }], ticks: axis.ticks },
    marks,
    texts: notes(points),
    labels: [...labels, theoryKey],
    styles: [...spec.nets.map(variantStyle), theoryStyle],
  };
}

/** Below all series: the layout keeps the order and moves it up to the foot of the margin. */
const theoryKey: SeriesLabel = {
  y: frame.height,
  heading: null,
  tied: false,
  series: [
    { title: 'mean, by theory', style: theoryStyle, sample: 'line' },
    { title: 'geometric mean of the nets', style: theoryStyle },
  ],
};

/** What a logarithmic axis cannot show, and what theory does not know. */
function notes(points: readonly ConvTrainingPoint[]): readonly TextLine[] {
  const dead = points.reduce((sum, { length }) => sum + length.deadNets, 0);
  const unknown = [
    ...new Set(points.filter(({ length }) => length.predictedLogEstimate === null).map(({ net }) => net)),
  ];
  const texts = [
    ...(dead > 0 ? [`not drawn: ${countOf(dead, 'dead net')}`] : []),
    ...unknown.map((net) => `no theory: ${convVariants[net].title}`),
  ];
  if (texts.length === 0) return [];
  return [
    {
      x: frame.right,
      y: 34,
      anchor: 'end',
      className: 'quiet',
      size: 10,
      pieces: [{ text: texts.join('; ') }],
    },
  ];
}
