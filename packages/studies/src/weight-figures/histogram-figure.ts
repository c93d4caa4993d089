/** The histogram of a tensor's numbers under the densities of laws. */
import {
  histogramDensity,
  type IdentifiedLaw,
  type LawFits,
  type WeightHistogram,
  weightHistogram,
} from '@kindling/diagnostics';
import { frame } from '../figures/figure-frame.js';
import { numberAxis } from '../figures/number-axis.js';
import { pixelFigure } from '../figures/pixel-figure.js';
import { barMark, lineMark } from '../figures/pixel-marks.js';
import { countText } from '../report/number-text.js';
import type { Figure } from '../study.js';
import { identifiedReference, likeliestReference, normalReference } from './reference-law.js';
import { initializerStyle, likeliestStyle, normalStyle, numbersStyle } from './weight-styles.js';

/** What is drawn of a tensor's numbers. */
export interface DrawnNumbers {
  /** File name without ending, letters, digits and hyphens. */
  readonly name: string;
  /** The tensor's name, as people know it. */
  readonly tensor: string;
  /** Ascending, at least one, all finite: `openWeightSample` gives them. */
  readonly sorted: Float64Array;
  /** Numbers of the tensor, of which these may be a sample. */
  readonly size: number;
  readonly law: IdentifiedLaw | null;
  readonly fits: LawFits | null;
}

/** Points of a curve. */
const curvePoints = 240;

const ruleTexts: Readonly<Record<WeightHistogram['rule'], string>> = {
  'freedman-diaconis': 'bins after Freedman and Diaconis',
  sturges: 'bins after Sturges, half of the numbers being one',
  capped: 'as many bins as a figure may have',
  constant: 'one bin: all numbers are equal',
};

/** The histogram with the identified law, or else the likeliest fit and the fitted normal law, where there are some. */
export function histogramFigure({ name, tensor, sorted, size, law, fits }: DrawnNumbers): Figure {
  const histogram = weightHistogram(sorted);
  const counted =
    sorted.length < size ? `${countText(sorted.length)} of ${countText(size)}` : countText(size);
  const identified = identifiedReference(law);
  const curves =
    identified !== null
      ? [{ law: identified, style: initializerStyle }]
      : [
          { law: likeliestReference(fits), style: likeliestStyle },
          { law: normalReference(fits), style: normalStyle },
        ].flatMap((curve) => (curve.law === null ? [] : [{ ...curve, law: curve.law }]));
  // The likeliest may be the normal law.
  const shown = curves.filter(
    (curve, i) => curves.findIndex((other) => other.law.title === curve.law.title) === i,
  );
  return pixelFigure(
    {
      name,
      title: `The numbers of ${tensor}`,
      caption: `${counted} numbers in ${countText(histogram.counts.length)} bins of equal width (${ruleTexts[histogram.rule]}), as densities.`,
    },
    () => {
      const { edges } = histogram;
      const [low, high] = spread(edges[0] as number, edges[edges.length - 1] as number);
      const found = histogramDensity(histogram).map((density) => (density < Infinity ? density : 0));
      const x = numberAxis(low, high, [frame.left + 12, frame.right - 12]);
      const places = Array.from(
        { length: curvePoints + 1 },
        (_, i) => low + ((high - low) * i) / curvePoints,
      );
      const lines = shown.map((curve) => ({
        ...curve,
        points: places.map((at) => ({ at, density: curve.law.density(at) })),
      }));
      const top = [...found, ...lines.flatMap(({ points }) => points.map(({ density }) => density))].reduce(
        (most, density) => Math.max(most, density),
        0,
      );
      const y = numberAxis(0, top > 0 ? top * 1.05 : 1, [frame.bottom, frame.top]);
      const bars = Array.from(found, (density, i) => ({
        from: x.place(edges[i] as number),
        to: x.place(edges[i + 1] as number),
        y: y.place(density),
      }));
      return {
        x: { title: [{ text: 'weight' }], ticks: x.ticks },
        y: { title: [{ text: 'density' }], ticks: y.ticks },
        marks: [
          barMark(bars, frame.bottom, numbersStyle),
          ...lines.map(({ points, style }) =>
            lineMark(
              points.map(({ at, density }) => ({ x: x.place(at), y: y.place(density) })),
              style,
            ),
          ),
        ],
        texts: [],
        labels: [
          {
            y: frame.top + 60,
            heading: null,
            tied: false,
            series: [
              { title: 'numbers of the tensor', style: { ...numbersStyle, symbol: 'square' as const } },
              ...lines.map(({ law: { title }, style }) => ({ title, style, sample: 'line' as const })),
            ],
          },
        ],
        styles: [numbersStyle, ...shown.map(({ style }) => style)],
      };
    },
  );
}

/** Numbers that are all equal still need an axis. */
function spread(low: number, high: number): readonly [number, number] {
  const room = Math.abs(low) || 1;
  return low < high ? [low, high] : [low - room, low + room];
}
