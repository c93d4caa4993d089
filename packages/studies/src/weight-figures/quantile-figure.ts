/** A tensor's numbers in order against where a law would have them. */
import { quantilePoints } from '@kindling/diagnostics';
import { frame } from '../figures/figure-frame.js';
import { numberAxis } from '../figures/number-axis.js';
import { pixelFigure } from '../figures/pixel-figure.js';
import { bandMark, lineMark, pointMark } from '../figures/pixel-marks.js';
import { theoryStyle } from '../figures/series-style.js';
import { countText } from '../report/number-text.js';
import type { Figure } from '../study.js';
import type { DrawnNumbers } from './histogram-figure.js';
import { identifiedReference, likeliestReference, type ReferenceLaw } from './reference-law.js';
import { numbersStyle } from './weight-styles.js';

const pointRadius = 2.2;

/** The quantile–quantile plot against the identified law, else the likeliest fit; `null` where there is neither. */
export function quantileFigure({ name, tensor, sorted, law, fits }: DrawnNumbers): Figure | null {
  const reference = identifiedReference(law) ?? likeliestReference(fits);
  if (reference === null) return null;
  return pixelFigure(
    {
      name,
      title: `${tensor} against its law`,
      caption:
        `Numbers in order against the quantiles of ${reference.title}, of ${countText(sorted.length)} numbers the outermost and ` +
        'others between them. Line: what the law expects. Band: where a number of that rank is in 95 of 100 samples, each rank by itself.',
    },
    () => drawing(sorted, reference),
  );
}

function drawing(sorted: Float64Array, reference: ReferenceLaw) {
  const points = quantilePoints(sorted, (share) => reference.quantile(share));
  const across = points.map(({ expected }) => expected);
  const up = points.flatMap(({ found, low, high }) => [found, low, high]);
  const [left, right] = extent(across);
  const x = numberAxis(left, right, [frame.left + 12, frame.right - 12]);
  const y = numberAxis(...extent(up), [frame.bottom - 6, frame.top + 6]);
  const first = points[0];
  const last = points[points.length - 1];
  return {
    x: { title: [{ text: 'expected by the law' }], ticks: x.ticks },
    y: { title: [{ text: 'number of that rank' }], ticks: y.ticks },
    marks: [
      bandMark(
        points.map(({ expected, low, high }) => ({
          x: x.place(expected),
          y: y.place(expected),
          from: y.place(low),
          to: y.place(high),
        })),
        theoryStyle,
      ),
      lineMark(
        [first, last].flatMap((point) =>
          point === undefined ? [] : [{ x: x.place(point.expected), y: y.place(point.expected) }],
        ),
        theoryStyle,
        { strokeWidth: 1.2 },
      ),
      pointMark(
        points.map(({ expected, found }) => ({ x: x.place(expected), y: y.place(found) })),
        numbersStyle,
        pointRadius,
      ),
    ],
    texts: [],
    labels: [
      {
        y: frame.top + 60,
        heading: null,
        tied: false,
        series: [
          { title: 'numbers of the tensor', style: numbersStyle },
          { title: reference.title, style: theoryStyle, sample: 'line' as const },
        ],
      },
    ],
    styles: [numbersStyle, theoryStyle],
  };
}

function extent(values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite);
  return [
    finite.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY),
    finite.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY),
  ];
}
