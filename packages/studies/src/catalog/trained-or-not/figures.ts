/** ROC curves of nets of held-out architectures, by stage. */
import { portableMath } from '@kindling/core';
import { affine, frame } from '../../figures/figure-frame.js';
import { type PixelDrawing, pixelFigure } from '../../figures/pixel-figure.js';
import { lineMark } from '../../figures/pixel-marks.js';
import { shareAxis } from '../../figures/value-axes.js';
import { countText, percentText } from '../../report/number-text.js';
import type { Figure } from '../../study.js';
import { anyStageStyle, stageStyle } from './stage-style.js';
import type { TrainedOrNotSummary } from './summarize.js';
import { areaText, stageText } from './words.js';

/** The one figure of the study. */
export function figures(summary: TrainedOrNotSummary): readonly Figure[] {
  return [
    pixelFigure(
      {
        name: 'trained-or-not',
        title: 'Telling trained parameters from fresh ones, on architectures that were held out',
        caption: captionOf(summary),
      },
      () => drawing(summary),
    ),
  ];
}

function captionOf({ spec, nets }: TrainedOrNotSummary): string {
  return (
    `${countText(nets)} nets of ${countText(spec.architectures.length)} architectures, each judged by a fit to the other architectures, before training and ` +
    'at each stage. A point of a curve: some threshold; across, the share of fresh nets that it calls trained, on a logarithmic axis whose left end stands for ' +
    'none; up, the share of trained nets that it finds. Solid: all parameters. Dashed: weight matrices alone.'
  );
}

/** The axis begins where one fresh net is; none lies on its left end. */
function shareOfFreshAxis(nets: number) {
  const log = (share: number) => portableMath.log(share) / Math.LN10;
  const least = log(0.5 / nets);
  const toPixel = affine([least, 0], [frame.left + 8, frame.right]);
  const place = (share: number) => (share > 0 ? toPixel(log(share)) : toPixel(least));
  const decades = [0.001, 0.01, 0.1, 1].filter((share) => share > 1 / nets);
  return {
    place,
    ticks: [
      { at: toPixel(least), text: '0' },
      ...decades.map((share) => ({ at: toPixel(log(share)), text: percentText(share) })),
    ],
  };
}

function drawing(summary: TrainedOrNotSummary): Omit<PixelDrawing, 'name' | 'title' | 'caption'> {
  const { curves, stages, nets } = summary;
  const across = shareOfFreshAxis(nets);
  const up = shareAxis();
  const indexOf = (epoch: number) => stages.findIndex((stage) => stage.epoch === epoch);
  const marks = curves.map(({ epoch, kernels, points }) =>
    lineMark(
      // A staircase: no threshold lies between two nets.
      points.flatMap(({ falsePositives, truePositives }, i) => {
        const corner = { x: across.place(falsePositives), y: up.place(truePositives) };
        const before = points[i - 1];
        return before === undefined ? [corner] : [{ x: corner.x, y: up.place(before.truePositives) }, corner];
      }),
      stageStyle(indexOf(epoch)),
      kernels ? { strokeDasharray: '5 4' } : {},
    ),
  );
  return {
    x: { title: [{ text: 'fresh nets called trained' }], ticks: across.ticks },
    y: { title: [{ text: 'trained nets found' }], ticks: up.ticks },
    marks,
    texts: [],
    labels: [...stages]
      .map((stage, index) => ({ stage, index }))
      .reverse()
      .map(({ stage, index }) => ({
        y: frame.top + 20,
        heading: null,
        tied: false,
        series: [
          { title: stageText(stage.epoch), style: stageStyle(index), sample: 'line' as const },
          { title: `area ${areaText(stage.area.value)}`, style: stageStyle(index), sample: 'line' as const },
          {
            title: `matrices (dashed) ${areaText(stage.kernelArea.value)}`,
            style: stageStyle(index),
            sample: 'line' as const,
          },
        ],
      })),
    styles: [anyStageStyle, ...stages.map((_, index) => stageStyle(index))],
  };
}
