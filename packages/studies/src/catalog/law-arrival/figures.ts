/** One figure an architecture: the distance to the law against the step, by aspect and initializer. */

import { portableMath } from '@kindling/core';
import type * as Plot from '@observablehq/plot';
import { affine, frame } from '../../figures/figure-frame.js';
import { pixelFigure } from '../../figures/pixel-figure.js';
import { intervalMarks, lineMark } from '../../figures/pixel-marks.js';
import type { SeriesLabel } from '../../figures/series-labels.js';
import { type SeriesStyle, seriesColors } from '../../figures/series-style.js';
import { countOf, countText } from '../../report/number-text.js';
import type { Figure } from '../../study.js';
import { ratioAxis } from '../../weight-laws/axes.js';
import { aspectTitles, type LawAspect } from '../../weight-laws/law-distance.js';
import { zooArchitectures } from '../../zoo/architectures.js';
import { floorOf } from './findings.js';
import { type ArrivalInitializerName, arrivalInitializers } from './spec.js';
import type { ArrivalArchitecture, LawArrivalSummary } from './summarize.js';

/** Every figure. */
export function figures(summary: LawArrivalSummary): readonly Figure[] {
  return summary.architectures.map((one) => arrival(one, summary));
}

const aspectLooks: Readonly<Record<LawAspect, Pick<SeriesStyle, 'light' | 'dark' | 'symbol'>>> = {
  shape: { ...seriesColors.blue, symbol: 'circle' },
  scale: { ...seriesColors.red, symbol: 'triangle' },
  spectrum: { ...seriesColors.green, symbol: 'square' },
};

/** Hue and symbol by aspect; filled for the reference initializer, hollow for others. */
function lookOf(aspect: LawAspect, initializer: ArrivalInitializerName, index: number): SeriesStyle {
  return { ...aspectLooks[aspect], className: `${aspect}-${initializer}`, filled: index === 0 };
}

const floorLook: SeriesStyle = { ...seriesColors.gray, className: 'floor', symbol: 'hexagon', filled: false };

function arrival(one: ArrivalArchitecture, summary: LawArrivalSummary): Figure {
  const { spec } = summary;
  const name = zooArchitectures[one.architecture].title;
  const nears = one.accuracies.flatMap(({ initializer, nearStep }) =>
    nearStep === null ? [] : [`${arrivalInitializers[initializer]} ${countText(nearStep)}`],
  );
  return pixelFigure(
    {
      name: `law-arrival-${one.architecture}`,
      title: `Distance to the law of trained nets against the step: ${name}`,
      caption:
        `${countOf(spec.nets, 'net')} from each of ${countOf(spec.initializers.length, 'initializer')}; the law is that of ${arrivalInitializers[spec.initializers[0] ?? 'he-normal']} nets after ${countOf(spec.maxEpochs, 'epoch')}. ` +
        'Mean distance to the other nets at their end, in units of that between independently trained nets (the broken line); bars: least and largest of the nets. Filled: from the initializer of the law. ' +
        (nears.length === 0
          ? 'No net came to the end.'
          : `Nine tenths of the final accuracy at step: ${nears.join(', ')} (upright strokes).`),
    },
    () => drawArrival(one, summary),
  );
}

function drawArrival({ law, accuracies }: ArrivalArchitecture, { spec, steps }: LawArrivalSummary) {
  const last = steps.at(-1) ?? 1;
  // Step 0 has no logarithm: it stands a little before step 1.
  const doublings = (step: number) => (step === 0 ? -1.5 : portableMath.log(step) / Math.LN2);
  const across = affine([-1.5, doublings(last)], [frame.left + 14, frame.right - 14]);
  const place = (step: number) => across(doublings(step));
  const paths = (law?.paths ?? []).map((path) => {
    const floor = floorOf(path.aspect, law?.floors ?? [])?.mean ?? Number.NaN;
    const over = (values: readonly number[]) => values.map((value) => value / floor);
    return {
      style: lookOf(path.aspect, path.initializer, spec.initializers.indexOf(path.initializer)),
      title: `${aspectTitles[path.aspect]}, ${arrivalInitializers[path.initializer]}`,
      distance: over(path.distance),
      least: over(path.least),
      most: over(path.most),
    };
  });
  const axis = ratioAxis([1, ...paths.flatMap(({ least, most }) => [...least, ...most])]);
  const one = axis.place(1);
  const marks = paths.flatMap(({ style, distance, least, most }): readonly Plot.Markish[] => {
    const points = distance.map((value, i) => ({
      x: place(steps[i] ?? 0),
      y: axis.place(value),
      from: axis.place(least[i] ?? value),
      to: axis.place(most[i] ?? value),
    }));
    return [lineMark(points, style, { strokeWidth: 1.3 }), ...intervalMarks(points, style, 2.8)];
  });
  const learned = accuracies.flatMap(({ nearStep }, i): readonly Plot.Markish[] =>
    nearStep === null
      ? []
      : [
          lineMark(
            [
              { x: place(nearStep), y: frame.top },
              { x: place(nearStep), y: frame.bottom },
            ],
            floorLook,
            { strokeWidth: 1, strokeDasharray: i === 0 ? '1 2' : '1 5' },
          ),
        ],
  );
  const ticks = [0];
  for (let step = 1; step <= last; step *= 4) ticks.push(step);
  return {
    x: {
      title: [{ text: 'step' }],
      ticks: ticks.map((step) => ({ at: place(step), text: countText(step) })),
    },
    y: { title: [{ text: 'distance to the law / that between trained nets' }], ticks: axis.ticks },
    marks: [
      lineMark(
        [
          { x: frame.left, y: one },
          { x: frame.right, y: one },
        ],
        floorLook,
        { strokeWidth: 1, strokeDasharray: '4 3' },
      ),
      ...learned,
      ...marks,
    ],
    texts: [],
    labels: paths.map(
      ({ style, title, distance }): SeriesLabel => ({
        y: axis.place(distance.at(-1) ?? 1),
        heading: null,
        series: [{ title, style }],
      }),
    ),
    styles: [floorLook, ...paths.map(({ style }) => style)],
  };
}
